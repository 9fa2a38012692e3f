// Editing all tracked terms in place: a copy of what the server has, of which only what differs is sent, all at once.
import { computed, reactive } from "vue";
import { get, post } from "../shared/server";

export const PREVIEW_CALLS = 20;

// an editor that was closed with the page it was on: the terms are the same in every call
let kept = null;
let keys = 0;
const new_key = () => `new-${++keys}`;

const TERM = ["title", "enabled", "said_by", "place", "minutes", "phrases"];
const CATEGORY = ["title", "position"];

function picked(entry, fields) {
	return JSON.stringify(fields.map((field) => entry[field]));
}

/** What the server has of a category, as it is edited. `was`: as it is saved; null: not yet */
function category_of(row) {
	const category = { key: row.name, name: row.name, title: row.title, position: row.position };
	category.was = picked(category, CATEGORY);
	category.terms = row.terms.map((term) => term_of(term, row.name));
	return category;
}

function term_of(row, category) {
	const term = { ...row, key: row.name, error: "", theirs: false };
	term.phrases = row.phrases.map((phrase) => ({ ...phrase }));
	term.was = picked(term, TERM);
	term.was_in = category;
	return term;
}

const is_changed = (term, category) =>
	!term.name || term.was !== picked(term, TERM) || term.was_in !== category.key;

/** Used through `reactive`. */
export function use_terms_editor(store, terms) {
	let asked = 0;

	const editor = reactive({
		open: false,
		loading: false,
		saving: false,
		previewing: false,
		failure: "",
		/** what has happened that the user should know: text */
		notice: "",
		version: "",
		categories: [],
		deleted: { categories: [], terms: [] },
		/** of the last preview: {calls, wanted, by_key: {key: {mentions, calls, excerpts, error}}}; null: none */
		preview: null,
		/** key of what was added last: it gets the focus */
		added: "",

		changed: computed(() =>
			editor.categories.flatMap((category) =>
				category.terms
					.filter((term) => is_changed(term, category))
					.map((term) => ({ category, term }))
			)
		),
		dirty: computed(
			() =>
				editor.changed.length > 0 ||
				editor.deleted.categories.length > 0 ||
				editor.deleted.terms.length > 0 ||
				editor.categories.some(
					(category) => !category.name || category.was !== picked(category, CATEGORY)
				)
		),

		async start() {
			editor.open = true;
			editor.notice = "";
			if (kept) return restore();
			await load();
			// an empty catalogue begins with what has to come first
			if (!editor.failure && !editor.categories.length) editor.add_category();
		},
		/** Asks before anything is lost. */
		close() {
			if (!editor.dirty) return leave();
			frappe.warn(
				__("Leave without saving?"),
				__("Your changes to the tracked terms have not been saved."),
				leave,
				__("Discard changes")
			);
		},

		add_category() {
			const last = Math.max(0, ...editor.categories.map(({ position }) => position));
			const category = {
				key: new_key(),
				name: null,
				title: "",
				position: last + 1,
				was: null,
				terms: [],
			};
			editor.categories.push(category);
			editor.added = category.key;
		},
		add_term(category) {
			const term = {
				key: new_key(),
				name: null,
				title: "",
				enabled: true,
				said_by: "Anyone",
				place: "Anywhere",
				minutes: 5,
				phrases: [],
				mentions: 0,
				was: null,
				was_in: null,
				error: "",
				theirs: false,
			};
			category.terms.push(term);
			editor.added = term.key;
		},
		remove_category(category) {
			const mentions = category.terms.reduce((sum, term) => sum + term.mentions, 0);
			const go = () => {
				editor.categories = editor.categories.filter(({ key }) => key !== category.key);
				if (category.name) editor.deleted.categories.push(category.name);
			};
			if (!category.terms.length) return go();
			frappe.warn(
				__("Delete this category?"),
				frappe.utils.escape_html(
					__(
						"With it go {0} tracked terms and {1} mentions in calls, as soon as you save.",
						[category.terms.length, mentions]
					)
				),
				go,
				__("Delete")
			);
		},
		remove_term(category, term) {
			const go = () => {
				category.terms = category.terms.filter(({ key }) => key !== term.key);
				if (term.name) editor.deleted.terms.push(term.name);
			};
			if (!term.mentions) return go();
			frappe.warn(
				__("Delete this tracked term?"),
				frappe.utils.escape_html(
					__("With it go {0} mentions in calls, as soon as you save.", [term.mentions])
				),
				go,
				__("Delete")
			);
		},
		move(category, by) {
			const at = editor.categories.indexOf(category);
			const to = at + by;
			if (to < 0 || to >= editor.categories.length) return;
			editor.categories.splice(at, 1);
			editor.categories.splice(to, 0, category);
			editor.categories.forEach((entry, index) => (entry.position = index + 1));
		},

		async show_preview() {
			if (editor.previewing) return;
			editor.previewing = true;
			editor.failure = "";
			const turn = ++asked;
			try {
				const answer = await post("terms.preview", {
					terms: editor.changed.map(({ category, term }) => sent(term, category)),
					calls: PREVIEW_CALLS,
				});
				if (turn === asked) {
					editor.preview = {
						...answer,
						by_key: Object.fromEntries(answer.terms.map((row) => [row.key, row])),
					};
				}
			} catch (error) {
				editor.failure = error.message;
			}
			editor.previewing = false;
		},

		async save() {
			if (editor.saving || !editor.dirty) return;
			editor.saving = true;
			editor.failure = "";
			editor.notice = "";
			try {
				const answer = await post("terms.save", {
					changes: changes(),
					version: editor.version,
					call: store.name,
				});
				take(answer);
				kept = null;
				if (answer.terms) terms.take(answer.terms);
				editor.notice = terms.searching
					? __("Saved. Older calls are being searched.")
					: __("Saved.");
			} catch (error) {
				editor.failure = error.message;
				if (error.status === 409) await rebase();
			}
			editor.saving = false;
		},

		async search_again() {
			try {
				terms.scan = (await post("terms.search_again")).scan;
				terms.watch_scan();
			} catch (error) {
				editor.failure = error.message;
			}
		},

		destroy() {
			window.removeEventListener("beforeunload", warn);
			if (editor.open && editor.dirty) keep();
		},
	});

	window.addEventListener("beforeunload", warn);

	function warn(event) {
		if (!editor.open || !editor.dirty) return;
		event.preventDefault();
		event.returnValue = "";
	}

	async function load() {
		editor.loading = true;
		editor.failure = "";
		try {
			take(await get("terms.read"));
		} catch (error) {
			editor.failure = error.message;
		}
		editor.loading = false;
	}

	function take(answer) {
		editor.version = answer.version;
		editor.categories = answer.categories.map(category_of);
		editor.deleted = { categories: [], terms: [] };
		editor.preview = null;
		editor.added = "";
		terms.scan = answer.scan;
		terms.watch_scan();
	}

	function leave() {
		kept = null;
		editor.open = false;
		editor.categories = [];
		editor.deleted = { categories: [], terms: [] };
		editor.preview = null;
		editor.failure = "";
	}

	function keep() {
		const { version, categories, deleted } = editor;
		kept = JSON.parse(JSON.stringify({ version, categories, deleted }));
	}

	function restore() {
		Object.assign(editor, kept);
		kept = null;
		editor.notice = __("These are your changes that have not been saved yet.");
	}

	function sent(term, category) {
		const { key, name, title, enabled, said_by, place, minutes, phrases } = term;
		return {
			key,
			name,
			title,
			enabled,
			said_by,
			place,
			minutes,
			phrases,
			category: category.key,
		};
	}

	function changes() {
		return {
			categories: editor.categories
				.filter((entry) => !entry.name || entry.was !== picked(entry, CATEGORY))
				.map(({ key, name, title, position }) => ({
					name: key,
					new: !name,
					title,
					position,
				})),
			terms: editor.changed.map(({ category, term }) => sent(term, category)),
			deleted_categories: editor.deleted.categories,
			deleted_terms: editor.deleted.terms,
		};
	}

	/** Lays what was changed here over what somebody else has saved, so that nothing of either is lost. */
	async function rebase() {
		const mine = changes();
		const edited = editor.changed.map(({ category, term }) => ({ key: category.key, term }));
		let answer = null;
		try {
			answer = await get("terms.read");
		} catch (error) {
			return;
		}
		const before = new Map(
			editor.categories.flatMap(({ terms: list }) =>
				list.map((term) => [term.name, term.was])
			)
		);
		const categories = answer.categories.map(category_of);
		mine.categories.forEach((entry) => {
			const theirs = categories.find(({ key }) => key === entry.name);
			if (theirs) Object.assign(theirs, { title: entry.title, position: entry.position });
			else {
				const { name: key, title, position } = entry;
				categories.push({ key, name: null, title, position, was: null, terms: [] });
			}
		});
		edited.forEach(({ key, term }) => {
			let theirs = null;
			categories.forEach((category) => {
				theirs = theirs || category.terms.find(({ name }) => name && name === term.name);
				category.terms = category.terms.filter(
					(one) => !one.name || one.name !== term.name
				);
			});
			const home = categories.find((category) => category.key === key) || categories[0];
			if (!home) return;
			// deleted meanwhile: saved again it is a new one
			const about = theirs
				? {
						name: term.name,
						was: theirs.was,
						was_in: theirs.was_in,
						theirs: theirs.was !== before.get(term.name),
				  }
				: { name: null, was: null, was_in: null, theirs: Boolean(term.name) };
			home.terms.push({ ...term, ...about });
		});
		const still = new Set(
			categories.flatMap(({ name, terms: list }) => [name, ...list.map((term) => term.name)])
		);
		editor.deleted = {
			categories: mine.deleted_categories.filter((name) => still.has(name)),
			terms: mine.deleted_terms.filter((name) => still.has(name)),
		};
		editor.categories = categories.filter(
			({ name }) => !editor.deleted.categories.includes(name)
		);
		editor.categories.forEach((category) => {
			category.terms = category.terms.filter(
				({ name }) => !editor.deleted.terms.includes(name)
			);
		});
		editor.version = answer.version;
	}

	return editor;
}
