// The store `notes`: one text for all who see the call, saved while typing, without overwriting others' changes.
import { reactive } from "vue";
import { get, post } from "../shared/server";
import { follow_changes } from "../shared/changes";
import { draft_of, drop_draft, keep_draft } from "../shared/writing/drafts";
import { share_with, who_cannot_see } from "../shared/writing/mentions";
import { same_words } from "../shared/writing/rich_text";

const SAVE_AFTER = 1200;
const TRY_AGAIN_AFTER = 10000;
const KEPT_SENT = 5;

/** Used through `reactive`. */
export function use_notes({ call }) {
	let timer = null;
	let stop = null;
	let saving = null;
	// sent but unanswered texts: they may have arrived all the same
	let sent = [];
	const settled = new Set();

	const notes = reactive({
		/** the server's version: {content, version, by, by_name, on} */
		saved: { content: "", version: 0, by: null, by_name: null, on: null },
		/** unsaved text; null: none */
		draft: null,
		/** "saved" | "waiting" | "saving" | "failed" */
		state: "saved",
		failure: "",
		/** the version that another user saved meanwhile, like `saved` */
		conflict: null,
		/** mentioned users who cannot see the call: {people, may_share, names, content, version} */
		unseeing: null,
		/** incremented whenever the editor's text must be replaced */
		replaced: 0,

		get content() {
			return notes.draft === null ? notes.saved.content : notes.draft;
		},

		/** Takes the server's version. */
		take(saved) {
			if (!saved || call.gone) return;
			if (!stop) {
				stop = follow_changes(call.name, "call_intelligence_notes", () => notes.load());
				window.addEventListener("beforeunload", warn);
				notes.saved = saved;
				notes.replaced += 1;
				restore(saved);
			}
			// an answer may be older than a save made since
			if (saved.version <= notes.saved.version) return;
			if (notes.draft === null) {
				notes.saved = saved;
				notes.replaced += 1;
			} else if (!saving) {
				if (own(saved)) rebase(saved);
				else notes.conflict = saved;
			}
		},
		async load() {
			try {
				notes.take(await get("notes.get", { call: call.name }));
			} catch {
				// the next change or poll tries again
			}
		},

		/** The current text of the editor. */
		write(content) {
			notes.draft = content;
			keep();
			if (notes.state !== "saving") notes.state = "waiting";
			later(SAVE_AFTER);
		},
		/** Saves unsaved text. */
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

		/** Takes the other user's text. */
		keep_theirs() {
			notes.saved = notes.conflict;
			clean();
			notes.replaced += 1;
		},
		/** Keeps one's own text; the other's stays in the history of the call. */
		keep_mine() {
			notes.saved = notes.conflict;
			notes.conflict = null;
			return notes.flush();
		},
		/** Appends one's own text to the other's. */
		keep_both() {
			const mine = notes.draft;
			notes.saved = notes.conflict;
			notes.conflict = null;
			notes.write(`${notes.saved.content}<p><br></p>${mine}`);
			notes.replaced += 1;
			return notes.flush();
		},
		/** Shares the call with the mentioned users, and mentions them in the saved text. */
		async share_with_mentioned() {
			const { people, names, content, version } = notes.unseeing;
			try {
				await share_with(call.name, people);
			} catch (error) {
				const message = frappe.utils.escape_html(error.message);
				frappe.show_alert({ message, indicator: "red" });
				return;
			}
			names.forEach((name) => settled.add(name));
			notes.unseeing = null;
			// the server stores their names as plain text
			if (notes.draft === null && notes.saved.version === version) notes.write(content);
			await notes.flush();
		},
		/** Their names stay plain text. */
		leave_mentions_out() {
			notes.unseeing.names.forEach((name) => settled.add(name));
			notes.unseeing = null;
		},
		destroy() {
			clearTimeout(timer);
			window.removeEventListener("beforeunload", warn);
			if (stop) stop();
			// the rest of the page stays: the last text is still sent
			if (notes.draft !== null && !notes.conflict && !saving) send_last(notes.draft);
		},
	});

	function later(delay) {
		clearTimeout(timer);
		timer = setTimeout(() => notes.flush(), delay);
	}

	function keep() {
		keep_draft(call, "notes", {
			content: notes.draft,
			version: notes.saved.version,
			sent: [...sent],
		});
	}

	function send(content) {
		// the stored list may come from an earlier page
		sent = [...sent.filter((one) => one !== content), content].slice(-KEPT_SENT);
		keep();
		return post("notes.save", { call: call.name, content, version: notes.saved.version });
	}

	function send_last(content) {
		send(content).then(
			() => {
				// the same call may be open again, with new text
				const kept = draft_of(call, "notes");
				if (kept && kept.content === content) drop_draft(call, "notes");
			},
			() => {}
		);
	}

	async function save(content) {
		notes.state = "saving";
		try {
			const { saved, ...answer } = await send(content);
			notes.saved = answer;
			notes.state = "saved";
			notes.failure = "";
			sent = [];
			if (notes.draft === content) clean();
			else keep();
			look_at_mentions(content);
		} catch (error) {
			if (error.status === 409 && error.answer) {
				const { saved, ...theirs } = error.answer;
				if (own(theirs)) {
					rebase(theirs);
					return save(notes.draft);
				}
				notes.conflict = theirs;
				notes.state = "waiting";
				return;
			}
			notes.state = "failed";
			notes.failure = error.message;
			if (error.passing) later(TRY_AGAIN_AFTER);
		}
	}

	// the server's version was sent from here, but its answer was lost
	function own(saved) {
		const { user } = frappe.session;
		return saved.by === user && sent.some((content) => same_words(content, saved.content));
	}

	function rebase(saved) {
		notes.saved = saved;
		sent = [];
		keep();
	}

	// in the background: saving does not wait for it
	async function look_at_mentions(content) {
		const { version } = notes.saved;
		try {
			const found = await who_cannot_see(call.name, content, settled);
			const open = found && found.names.some((name) => !settled.has(name));
			notes.unseeing = open ? { ...found, content, version } : null;
		} catch {
			// the next save tries again
		}
	}

	function clean() {
		sent = [];
		drop_draft(call, "notes");
		Object.assign(notes, { draft: null, conflict: null, state: "saved", failure: "" });
	}

	// unsaved text of an earlier page
	function restore(saved) {
		const draft = draft_of(call, "notes");
		if (!draft) return;
		sent = draft.sent || [];
		const mine = own(saved);
		// identical, or sent from here: the server may write the same text differently
		const arrived =
			mine && sent.includes(draft.content) && same_words(draft.content, saved.content);
		if (draft.content === saved.content || arrived) {
			sent = [];
			return drop_draft(call, "notes");
		}
		notes.draft = draft.content;
		notes.state = "waiting";
		if (mine) rebase(saved);
		if (mine || draft.version === saved.version) later(SAVE_AFTER);
		else notes.conflict = saved;
	}

	function warn(event) {
		if (notes.draft === null) return;
		notes.flush();
		// browsers ask before leaving
		event.preventDefault();
		event.returnValue = "";
	}

	return notes;
}
