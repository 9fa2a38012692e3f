// The part `notes` of the store: one text for all who see the call, saved while it is written, never over another's.
import { reactive } from "vue";
import { get, post } from "../shared/server";
import { follow_changes } from "./changes";
import { draft_of, drop_draft, keep_draft } from "./drafts";
import { settle_mentions } from "./mentions";

const SAVE_AFTER = 1200;
const TRY_AGAIN_AFTER = 10000;

/** Used through `reactive`. */
export function use_notes(store) {
	let timer = null;
	let stop = null;
	let saving = null;
	const settled = new Set();

	const notes = reactive({
		/** what the server has: {content, version, by, by_name, on} */
		saved: { content: "", version: 0, by: null, by_name: null, on: null },
		/** what is being written; null: nothing that the server does not have */
		draft: null,
		/** "saved" | "waiting" | "saving" | "failed" */
		state: "saved",
		failure: "",
		/** what somebody else has written meanwhile, as `saved` */
		conflict: null,
		/** counts whenever the text in the editor has to be replaced */
		replaced: 0,

		get content() {
			return notes.draft === null ? notes.saved.content : notes.draft;
		},

		/** What the server has now. */
		take(saved) {
			if (!saved || store.gone) return;
			if (!stop) {
				stop = follow_changes(store.name, "call_intelligence_notes", () => notes.load());
				window.addEventListener("beforeunload", warn);
				notes.saved = saved;
				notes.replaced += 1;
				restore(saved);
			}
			// an answer may be older than what has been saved since it was asked for
			if (saved.version <= notes.saved.version) return;
			if (notes.draft === null) {
				notes.saved = saved;
				notes.replaced += 1;
			} else if (!saving) notes.conflict = saved;
		},
		async load() {
			try {
				notes.take(await get("notes.get", { call: store.name }));
			} catch (error) {
				// the next change, or the next look, asks again
			}
		},

		/** The text as it stands in the editor. */
		write(content) {
			notes.draft = content;
			keep_draft(store, "notes", { content, version: notes.saved.version });
			if (notes.state !== "saving") notes.state = "waiting";
			later(SAVE_AFTER);
		},
		/** Saves what has not been saved. */
		async flush() {
			clearTimeout(timer);
			if (saving) await saving;
			if (notes.draft === null || notes.conflict) return;
			saving = save(notes.draft);
			await saving;
			saving = null;
			if (notes.draft !== null && notes.state === "saved") {
				notes.state = "waiting";
				later(SAVE_AFTER);
			}
		},

		/** The other's text instead of one's own. */
		keep_theirs() {
			notes.saved = notes.conflict;
			clean();
			notes.replaced += 1;
		},
		/** One's own text instead of the other's, which stays in the history of the call. */
		keep_mine() {
			notes.saved = notes.conflict;
			notes.conflict = null;
			return notes.flush();
		},
		/** The other's text with one's own below it. */
		keep_both() {
			const mine = notes.draft;
			notes.saved = notes.conflict;
			notes.conflict = null;
			notes.write(`${notes.saved.content}<p><br></p>${mine}`);
			notes.replaced += 1;
			return notes.flush();
		},
		destroy() {
			clearTimeout(timer);
			window.removeEventListener("beforeunload", warn);
			if (stop) stop();
			// the page goes on: what was typed last is still sent
			if (notes.draft !== null && !notes.conflict && !saving)
				send(notes.draft).catch(() => {});
		},
	});

	function later(delay) {
		clearTimeout(timer);
		timer = setTimeout(() => notes.flush(), delay);
	}

	function send(content) {
		return post("notes.save", { call: store.name, content, version: notes.saved.version });
	}

	async function save(content) {
		notes.state = "saving";
		try {
			if (!(await settle_mentions(store.name, content, settled))) {
				notes.state = "waiting";
				return;
			}
			const { saved, ...answer } = await send(content);
			notes.saved = answer;
			notes.state = "saved";
			notes.failure = "";
			if (notes.draft === content) clean();
			else keep_draft(store, "notes", { content: notes.draft, version: answer.version });
		} catch (error) {
			if (error.status === 409 && error.answer) {
				const { saved, ...theirs } = error.answer;
				notes.conflict = theirs;
				notes.state = "waiting";
				return;
			}
			notes.state = "failed";
			notes.failure = error.message;
			if (error.passing) later(TRY_AGAIN_AFTER);
		}
	}

	function clean() {
		drop_draft(store, "notes");
		Object.assign(notes, { draft: null, conflict: null, state: "saved", failure: "" });
	}

	// what was typed before the page went away
	function restore(saved) {
		const draft = draft_of(store, "notes");
		if (!draft) return;
		if (draft.content === saved.content) return drop_draft(store, "notes");
		notes.draft = draft.content;
		notes.state = "waiting";
		if (draft.version === saved.version) later(SAVE_AFTER);
		else notes.conflict = saved;
	}

	function warn(event) {
		if (notes.draft === null) return;
		notes.flush();
		// browsers ask whether to leave
		event.preventDefault();
		event.returnValue = "";
	}

	return notes;
}
