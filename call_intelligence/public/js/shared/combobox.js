// A field that finds choices while typing, with a list of them: ARIA's combobox, for keyboard, mouse and touch.
import { computed, onScopeDispose, ref, watch } from "vue";

const TYPING = 200;

/**
 * The search of a combobox.
 * @param {function(string): Promise<object[]>} search gets the trimmed text
 * @param {{delay?: number, shortest?: number}} options  delay: milliseconds after the last key; shortest: fewer letters find nothing
 * @returns refs: text; found, and the text found_for; asking: an answer is awaited; failure, as text; and ask(), which searches now
 */
export function use_finder(search, { delay = TYPING, shortest = 0 } = {}) {
	const text = ref("");
	const found = ref([]);
	const found_for = ref("");
	const asking = ref(false);
	const failure = ref("");
	let timer = null;
	// answers may arrive out of order
	let asked = 0;

	async function ask() {
		const mine = ++asked;
		const wanted = text.value.trim();
		asking.value = wanted.length >= shortest;
		if (!asking.value) return take([], wanted);
		try {
			const choices = await search(wanted);
			if (mine === asked) take(choices, wanted);
		} catch (error) {
			if (mine === asked) failure.value = error.message;
		}
		if (mine === asked) asking.value = false;
	}

	function take(choices, wanted) {
		found.value = choices;
		found_for.value = wanted;
		failure.value = "";
	}

	watch(text, (now) => {
		clearTimeout(timer);
		// an answer on its way is for another text
		asked += 1;
		asking.value = now.trim().length >= shortest;
		if (!asking.value) return take([], now.trim());
		failure.value = "";
		timer = setTimeout(ask, delay);
	});
	onScopeDispose(() => {
		clearTimeout(timer);
		asked += 1;
	});

	return { text, found, found_for, asking, failure, ask };
}

/**
 * The attributes of a combobox, for `v-bind` of the field, its list and its options; and the choice at which the keys are.
 * @param {object} box
 * @param {string} box.id of the list and, with a number, of its options
 * @param {function(): object[]} box.choices
 * @param {function(object): void} box.choose
 * @param {function(): void} box.close Escape in an open list
 * @param {function(): boolean} [box.is_open] by default always
 * @param {function(): void} [box.open] the arrow down in a closed list
 * @param {function(KeyboardEvent): boolean} [box.on_key] the field's other keys; true: it was one of them
 */
export function use_combobox({ id, choices, choose, close, is_open, open, on_key }) {
	const at = ref(0);
	const opened = () => !is_open || is_open();
	const list_id = `${id}-list`;

	const field = computed(() => ({
		role: "combobox",
		autocomplete: "off",
		"aria-autocomplete": "list",
		"aria-expanded": opened() ? "true" : "false",
		"aria-controls": list_id,
		"aria-activedescendant": opened() && choices().length ? `${id}-${at.value}` : null,
		onKeydown: press,
	}));

	const list = { id: list_id, role: "listbox" };

	const option = (index) => ({
		id: `${id}-${index}`,
		role: "option",
		"aria-selected": index === at.value ? "true" : "false",
		// the focus stays in the field
		onPointerdown: (event) => event.preventDefault(),
		onPointermove: () => (at.value = index),
		onClick: () => choose(choices()[index]),
	});

	function press(event) {
		if (event.isComposing || !act(event)) return;
		event.preventDefault();
		event.stopPropagation();
	}

	function act(event) {
		if (event.key === "ArrowDown" && open && !opened()) open();
		else if (event.key === "ArrowDown") step(1);
		else if (event.key === "ArrowUp") step(-1);
		else if (event.key === "Enter") {
			const chosen = opened() && choices()[at.value];
			if (chosen) choose(chosen);
		} else if (event.key === "Escape" && opened()) close();
		else return Boolean(on_key && on_key(event));
		return true;
	}

	function step(by) {
		const count = choices().length;
		at.value = count ? (at.value + by + count) % count : 0;
	}

	return { at, field, list, option };
}
