import { computed } from "vue";

/**
 * Fields of a store for `v-model`: components read them, and write them by an action.
 * @param {function(): object} read the store, or one of its rows
 * @param {string[]} names
 * @param {function(string, any): void} write gets name and value; by default the store's action `set`
 * @returns {object} a ref for each name
 */
export function fields_of(read, names, write = (name, value) => read().set(name, value)) {
	const field = (name) =>
		computed({ get: () => read()[name], set: (value) => write(name, value) });
	return Object.fromEntries(names.map((name) => [name, field(name)]));
}
