// Edits all tracked terms in place: a copy of the server's data, of which only the differences are sent, all at once.
import { computed, reactive } from "vue";
import { get, post } from "../shared/server";

export const PREVIEW_CALLS = 20;

// keeps the editor when its page is closed: the terms are the same in every call
let kept = null;
let keys = 0;
const new_key = () => `new-${++keys}`;

const TERM = ["title", "enabled", "said_by", "place", "minutes", "phrases"];
const CATEGORY = ["title", "position"];

function picked(entry, fields) {
	return JSON.stringify(fields.map((field) => entry[field]));
}

/**
 * A category as edited. `was`: as saved; null: not saved yet. `creation` identifies it when a new
 * title changes its name.
 */
function category_of(row) {
	const { name, title, position, creation } = row;
	const category = { key: name, name, title, position, creation };
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

/** The category in `categories` that corresponds to `category`; null: it was deleted */
function same(categories, category) {
	const found = categories.filter(({ creation }) => creation === category.creation);
	return found.find(({ name }) => name === category.name) || found[0] || null;
}

const plain = (title) => title.trim().replace(/\s+/g, " ").toLowerCase();

/** {name of a term: its values and category as the user has seen them} */
function seen_in(categories) {
	const rows = categories.flatMap(({ creation, terms }) =>
		terms.map(({ name, was }) => [name, { was, creation }])
	);
	return Object.fromEntries(rows);
}

/** Used through `reactive`. */
export function use_terms_editor({ call, terms }) {
	let asked = 0;

	const editor = reactive({
		open: false,
		loading: false,
		saving: false,
		previewing: false,
		failure: "",
		/** a notice for the user: text */
		notice: "",
		version: "",
		categories: [],
		/** categories: [{name, creation}], terms: [name] */
		deleted: { categories: [], terms: [] },
		/** the terms of `version`, see `seen_in` */
		seen: {},
		/** of the last preview: {calls, wanted, by_key: {key: {mentions, calls, excerpts, error}}}; null: none */
		preview: null,
		/** key of the term added last: it gets the focus */
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
			// an empty catalogue starts with a category
			if (!editor.failure && !editor.categories.length) editor.add_category();
		},
		/** Asks before changes are lost. */
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
		set_category(category, name, value) {
			category[name] = value;
		},
		set_term(term, name, value) {
			term[name] = value;
		},
		/** @param {string[]} texts as typed; phrases that the term has already are left out */
		add_phrases(term, texts) {
			texts
				.map((text) => text.trim().replace(/\s+/g, " "))
				.filter((text) => text && !term.phrases.some(({ phrase }) => phrase === text))
				.forEach((phrase) => term.phrases.push({ phrase, word_forms: true }));
		},
		remove_phrase(term, index) {
			term.phrases.splice(index, 1);
		},
		toggle_forms(row) {
			row.word_forms = !row.word_forms;
		},
		remove_category(category) {
			const mentions = category.terms.reduce((sum, term) => sum + term.mentions, 0);
			const go = () => {
				editor.categories = editor.categories.filter(({ key }) => key !== category.key);
				const { name, creation } = category;
				if (name) editor.deleted.categories.push({ name, creation });
			};
			if (!category.terms.length) return go();
			frappe.warn(
				__("Delete this category?"),
				frappe.utils.escape_html(
					__("Saving also deletes its {0} tracked terms and {1} mentions in calls.", [
						category.terms.length,
						mentions,
					])
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
					__("Saving also deletes its {0} mentions in calls.", [term.mentions])
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
					call: call.name,
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
		editor.seen = seen_in(editor.categories);
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
		const { version, categories, deleted, seen } = editor;
		kept = JSON.parse(JSON.stringify({ version, categories, deleted, seen }));
	}

	function restore() {
		Object.assign(editor, kept);
		kept = null;
		editor.notice = __("These changes have not been saved yet.");
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
			deleted_categories: editor.deleted.categories.map(({ name }) => name),
			deleted_terms: editor.deleted.terms,
		};
	}

	/** Merges the changes made here with those saved by another user, so that neither are lost. */
	async function rebase() {
		let answer = null;
		try {
			answer = await get("terms.read");
		} catch {
			return;
		}
		const all = answer.categories.map(category_of);
		const seen = seen_in(all);
		const { deleted, said } = still_deleted(all);
		const gone = new Set(deleted.categories.map(({ name }) => name));
		const categories = all.filter(({ name }) => !gone.has(name));
		categories.forEach((category) => {
			category.terms = category.terms.filter(({ name }) => !deleted.terms.includes(name));
		});
		const home_of = lay_categories(categories, said);
		editor.changed.forEach(({ category, term }) => {
			const there = all.find(({ terms: list }) =>
				list.some(({ name }) => name === term.name)
			);
			if (!term.name || !there) {
				// deleted meanwhile: saving creates it again
				const about = { name: null, was: null, was_in: null, theirs: Boolean(term.name) };
				home_of(category).terms.push({ ...term, ...about });
				return;
			}
			const at = there.terms.findIndex(({ name }) => name === term.name);
			const { was, was_in } = there.terms[at];
			const theirs = was !== editor.seen[term.name].was;
			const laid = { ...term, was, was_in, theirs };
			// another user may have moved it
			if (term.was_in === category.key) there.terms.splice(at, 1, laid);
			else {
				there.terms.splice(at, 1);
				home_of(category).terms.push(laid);
			}
		});
		editor.deleted = deleted;
		editor.categories = categories.sort((one, other) => one.position - other.position);
		editor.seen = seen;
		editor.version = answer.version;
		editor.failure = [editor.failure, ...said].join(" ");
	}

	/** The remaining deletions, and messages for the rest: changes that the user has not seen are never deleted. */
	function still_deleted(all) {
		const deleted = { categories: [], terms: [] };
		const said = [];
		const is_seen = ({ name, was }) => editor.seen[name] && editor.seen[name].was === was;
		editor.deleted.categories.forEach((category) => {
			const now = same(all, category);
			if (!now) return;
			const known = now.terms.every(
				(term) => is_seen(term) && editor.seen[term.name].creation === now.creation
			);
			if (known) deleted.categories.push({ name: now.name, creation: now.creation });
			else {
				said.push(
					__(
						"The category {0} stays: somebody else has added or changed tracked terms in it.",
						[now.title]
					)
				);
			}
		});
		const terms_now = all.flatMap(({ terms: list }) => list);
		editor.deleted.terms.forEach((name) => {
			const now = terms_now.find((term) => term.name === name);
			if (!now) return;
			if (is_seen(now)) deleted.terms.push(name);
			else {
				said.push(
					__("The tracked term {0} stays: somebody else has changed it.", [now.title])
				);
			}
		});
		return { deleted, said };
	}

	/** -> function: the category in `categories` for a category of the editor; a deleted one is added again */
	function lay_categories(categories, said) {
		const homes = new Map();
		const home_of = (category) => {
			if (homes.has(category.key)) return homes.get(category.key);
			let home =
				plain(category.title) &&
				categories.find(({ title }) => plain(title) === plain(category.title));
			if (!home) {
				const key = category.name ? new_key() : category.key;
				home = { ...category, key, name: null, creation: null, was: null, terms: [] };
				categories.push(home);
			}
			homes.set(category.key, home);
			return home;
		};
		const saved = editor.categories
			.filter(({ name }) => name)
			.map((category) => {
				const [title, position] = JSON.parse(category.was);
				return { category, title, position, now: same(categories, category) };
			});
		saved.forEach(({ category, title, position, now }) => {
			if (!now) return;
			homes.set(category.key, now);
			if (category.position !== position) now.position = category.position;
			if (category.title === title) return;
			if (![title, category.title].includes(now.title)) {
				said.push(
					__("Somebody else has renamed {0} to {1}. Saving keeps your title {2}.", [
						title,
						now.title,
						category.title,
					])
				);
			}
			now.title = category.title;
		});
		// kept even without terms
		saved.forEach(({ category, title, now }) => {
			if (!now && category.title !== title) home_of(category);
		});
		editor.categories.filter(({ name }) => !name).forEach(home_of);
		return home_of;
	}

	return editor;
}
