// The part `notes` of the store: one text for all who see the call, saved while it is written, never over another's.
import { reactive } from "vue";
import { get, post } from "../shared/server";
import { follow_changes } from "./changes";
import { draft_of, drop_draft, keep_draft } from "./drafts";
import { share_with, who_cannot_see } from "./mentions";
import { same_words } from "./rich_text";

const SAVE_AFTER = 1200;
const TRY_AGAIN_AFTER = 10000;
const KEPT_SENT = 5;

/** Used through `reactive`. */
export function use_notes(store) {
	let timer = null;
	let stop = null;
	let saving = null;
	// what has been sent and not answered: it may have arrived all the same
	let sent = [];
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
		/** mentioned, but unable to see the call: {people, may_share, names, content, version} */
		unseeing: null,
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
			} else if (!saving) {
				if (own(saved)) rebase(saved);
				else notes.conflict = saved;
			}
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
			keep();
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
		/** Lets those who are mentioned see the call, and mentions them in what is saved. */
		async share_with_mentioned() {
			const { people, names, content, version } = notes.unseeing;
			try {
				await share_with(store.name, people);
			} catch (error) {
				const message = frappe.utils.escape_html(error.message);
				frappe.show_alert({ message, indicator: "red" });
				return;
			}
			names.forEach((name) => settled.add(name));
			notes.unseeing = null;
			// the server has their names as plain text
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
			// the page goes on: what was typed last is still sent
			if (notes.draft !== null && !notes.conflict && !saving) send_last(notes.draft);
		},
	});

	function later(delay) {
		clearTimeout(timer);
		timer = setTimeout(() => notes.flush(), delay);
	}

	function keep() {
		keep_draft(store, "notes", {
			content: notes.draft,
			version: notes.saved.version,
			sent: [...sent],
		});
	}

	function send(content) {
		// what is in the store may come from a page that has gone
		sent = [...sent.filter((one) => one !== content), content].slice(-KEPT_SENT);
		keep();
		return post("notes.save", { call: store.name, content, version: notes.saved.version });
	}

	function send_last(content) {
		send(content).then(
			() => {
				// the same call may be open anew, and somebody writing
				const kept = draft_of(store, "notes");
				if (kept && kept.content === content) drop_draft(store, "notes");
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

	// what the server has is what was sent from here, though its answer was not heard
	function own(saved) {
		const { user } = frappe.session;
		return saved.by === user && sent.some((content) => same_words(content, saved.content));
	}

	function rebase(saved) {
		notes.saved = saved;
		sent = [];
		keep();
	}

	// quietly, beside the text: saving does not wait for it
	async function look_at_mentions(content) {
		const { version } = notes.saved;
		try {
			const found = await who_cannot_see(store.name, content, settled);
			const open = found && found.names.some((name) => !settled.has(name));
			notes.unseeing = open ? { ...found, content, version } : null;
		} catch (error) {
			// what is saved next asks again
		}
	}

	function clean() {
		sent = [];
		drop_draft(store, "notes");
		Object.assign(notes, { draft: null, conflict: null, state: "saved", failure: "" });
	}

	// what was typed before the page went away
	function restore(saved) {
		const draft = draft_of(store, "notes");
		if (!draft) return;
		sent = draft.sent || [];
		const mine = own(saved);
		// as it is, or sent from here, where the server writes the same text differently
		const arrived =
			mine && sent.includes(draft.content) && same_words(draft.content, saved.content);
		if (draft.content === saved.content || arrived) {
			sent = [];
			return drop_draft(store, "notes");
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
		// browsers ask whether to leave
		event.preventDefault();
		event.returnValue = "";
	}

	return notes;
}
