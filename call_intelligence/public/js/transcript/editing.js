// Corrects the transcript: the utterance being edited, its text, and the server's answers.
import { markRaw, reactive } from "vue";
import { get, post } from "../shared/server";
import { ask_for_history } from "./history";
import { speaker_of } from "../shared/speakers";
import { SEGMENT, following } from "../shared/transcript";

const EVENT = "call_intelligence_transcript";
const CONFLICT = 409;
/** Playback speed while typing along. */
const SLOW = 0.75;
/** Seconds played before and after the utterance, so that its first and last word are not cut off. */
const MARGIN = 0.3;

/** The store `editing`. */
export function use_editing({ call, playback, transcript }) {
	const editing = reactive({
		/** name of the utterance in the editor; null: none */
		segment: null,
		/** the editor's text; here, since an editor that is scrolled away is unmounted */
		draft: "",
		/** the text when the editor was opened */
		before: "",
		/** the error message */
		failure: "",
		saving: false,
		slow: true,
		/** number of edits, and the names of edited utterances */
		count: 0,
		edited: markRaw(new Set()),

		get dirty() {
			return Boolean(editing.segment) && editing.draft.trim() !== editing.before.trim();
		},

		get index() {
			return transcript.segments.findIndex((row) => row[SEGMENT.NAME] === editing.segment);
		},

		/** Takes the answer of review.get, with changes by others. */
		take(edits) {
			editing.count = (edits && edits.count) || 0;
			editing.edited = markRaw(new Set((edits && edits.segments) || []));
			if (!editing.segment || editing.index >= 0) return;
			lose(
				__("This utterance no longer exists"),
				__("Somebody has changed the transcript meanwhile. This is what you had typed:")
			);
		},

		// ---- the editor

		/** Opens the editor of an utterance; asks first if another one has unsaved text. */
		start(index) {
			const row = transcript.segments[index];
			if (!row || editing.segment === row[SEGMENT.NAME]) return;
			editing.leave(() => open(row));
		},

		/** @param {string} text the editor's text */
		write(text) {
			editing.draft = text;
		},

		/** Closes the editor; asks first if it has unsaved text. */
		leave(then = () => {}) {
			const go = () => {
				close();
				then();
			};
			if (!editing.dirty) return go();
			frappe.confirm(__("Discard what you have typed?"), go);
		},

		set_slow(slow) {
			editing.slow = slow;
			playback.set_tempo(slow ? SLOW : 1);
		},

		async save() {
			if (await save_text()) close();
		},

		/** @param {string} head the text before the cursor: the second half becomes a new utterance */
		async split(head) {
			if (!(await save_text())) return;
			const row = transcript.segments[editing.index];
			const answer = await send(
				"transcript.split",
				{
					segment: editing.segment,
					word: word_after(row, head),
					before: row[SEGMENT.TEXT],
				},
				__("Utterance split.")
			);
			// after a split the user usually sets the speaker of the second half
			if (answer && answer.segments) {
				close();
				open(answer.segments[answer.segments.length - 1][1]);
			}
		},

		async merge() {
			if (!(await save_text())) return;
			const other = following(transcript.segments, editing.index);
			const answer = await send(
				"transcript.merge",
				{ segment: editing.segment, following: other && other[SEGMENT.NAME] },
				__("Utterances merged.")
			);
			if (answer && answer.segments) reopen(answer.segments[0][1]);
		},

		// ---- speakers

		/** @param {string} speaker a key, "unknown" or "new" */
		set_speaker(index, speaker) {
			const row = transcript.segments[index];
			return send(
				"transcript.set_speaker",
				{ segment: row[SEGMENT.NAME], speaker, before: row[SEGMENT.SPEAKER] },
				__("Speaker changed."),
				{ now: ({ segments }) => segments[0][1][SEGMENT.SPEAKER] }
			);
		},

		rename(speaker, name) {
			const before = speaker_of(transcript.speakers, speaker).label;
			return send(
				"transcript.rename_speaker",
				{ speaker, name, before },
				__("Speaker renamed."),
				{ now: ({ speakers }) => speakers.find(({ key }) => key === speaker).name }
			);
		},

		merge_speakers(speaker, into) {
			return send("transcript.merge_speakers", { speaker, into }, __("Speakers merged."));
		},

		// ---- history

		show_history: () => ask_for_history({ call, editing }),
		history: () => get("transcript.history", { call: call.name }),
		/** @param {string|null} before the current text as the user has seen it */
		restore: (edit, before = null) =>
			send("transcript.restore", { edit, before }, __("Brought back."), { undo: false }),

		/** Listens for edits by others; without realtime they show with the next load, and are never overwritten. */
		listen() {
			if (frappe.realtime) frappe.realtime.on(EVENT, heard);
			// when leaving the site, the browser asks
			window.addEventListener("beforeunload", warn);
		},

		destroy() {
			if (frappe.realtime) frappe.realtime.off(EVENT, heard);
			window.removeEventListener("beforeunload", warn);
			lose(__("Your correction was not saved"), __("This is what you had typed:"));
		},
	});

	// ---- opening and closing

	let was_playing = false;

	function open(row) {
		Object.assign(editing, {
			segment: row[SEGMENT.NAME],
			draft: row[SEGMENT.TEXT],
			before: row[SEGMENT.TEXT],
			failure: "",
		});
		was_playing = playback.playing;
		listen_to(row);
		playback.set_tempo(editing.slow ? SLOW : 1);
		playback.play();
	}

	function listen_to(row) {
		const start = Math.max(0, row[SEGMENT.START] - MARGIN);
		playback.set_loop(start, row[SEGMENT.END] + MARGIN);
	}

	/** The utterance in the editor has changed. */
	function reopen(row) {
		Object.assign(editing, { draft: row[SEGMENT.TEXT], before: row[SEGMENT.TEXT] });
		listen_to(row);
	}

	function close() {
		if (!editing.segment) return;
		Object.assign(editing, { segment: null, draft: "", before: "", failure: "" });
		playback.clear_loop();
		playback.set_tempo(1);
		if (!was_playing) playback.pause();
	}

	/** The editor has to close: shows unsaved text instead of discarding it. */
	function lose(title, message) {
		const { dirty, draft } = editing;
		close();
		if (!dirty) return;
		const typed = frappe.utils.escape_html(draft);
		frappe.msgprint({ title, message: `${message}<br><br>${typed}` });
	}

	function warn(event) {
		if (editing.dirty) event.preventDefault();
	}

	// ---- requests

	async function save_text() {
		if (!editing.dirty) return true;
		const answer = await send(
			"transcript.correct_text",
			{ segment: editing.segment, text: editing.draft, before: editing.before },
			__("Utterance corrected."),
			{ now: ({ segments }) => segments[0][1][SEGMENT.TEXT] }
		);
		if (!answer) return false;
		const row = transcript.segments[editing.index];
		if (row) reopen(row);
		return Boolean(row);
	}

	/**
	 * @param {{undo?: boolean, now?: function(object): string}} options now: from the answer, the result of the edit;
	 * undo is refused if it has changed since
	 * @returns {Promise<object|null>} the server's answer, null if it refused
	 */
	async function send(method, args, done, { undo = true, now = () => null } = {}) {
		if (editing.saving) return null;
		editing.saving = true;
		editing.failure = "";
		try {
			const answer = await post(method, { call: call.name, ...args });
			await apply(answer);
			if (answer.edit) tell(done, undo ? answer.edit : null, now(answer));
			return answer;
		} catch (error) {
			await refused(error);
			return null;
		} finally {
			editing.saving = false;
			if (heard_meanwhile) heard(heard_meanwhile);
			heard_meanwhile = null;
		}
	}

	async function refused(error) {
		if (error.status === CONFLICT) {
			await call.load();
			const row = transcript.segments[editing.index];
			// the user has now seen the other version: saving again replaces it
			if (row) editing.before = row[SEGMENT.TEXT];
		}
		if (editing.segment) {
			editing.failure = error.message;
			return;
		}
		frappe.show_alert({ message: frappe.utils.escape_html(error.message), indicator: "red" });
	}

	/** Applies the answer, or reloads if something else has changed as well. */
	async function apply(answer) {
		const here = transcript.version;
		if (here !== answer.transcript_version) {
			if (here !== answer.was || !answer.segments) return changed_elsewhere(answer.form);
			const gone = new Set(answer.removed);
			answer.segments.forEach(([, row]) => gone.add(row[SEGMENT.NAME]));
			const rows = transcript.segments.filter((row) => !gone.has(row[SEGMENT.NAME]));
			answer.segments.forEach(([position, row]) => rows.splice(position, 0, row));
			transcript.set_segments(rows, answer.transcript_version);
		}
		transcript.set_speakers(answer.speakers);
		editing.take(answer.edits);
		if (answer.form) form_changed();
	}

	async function changed_elsewhere(form) {
		await call.load();
		if (form) form_changed();
	}

	// the form's copy of the participants is outdated
	function form_changed() {
		call.form_changed();
	}

	let heard_meanwhile = null;

	function heard(event) {
		if (!event || event.call !== call.name) return;
		// usually the user's own edit, whose answer has not arrived
		if (editing.saving) heard_meanwhile = event;
		else if (event.transcript_version !== transcript.version) changed_elsewhere(event.form);
	}

	function tell(message, edit, now) {
		const button = `<button type="button" class="btn btn-xs btn-default" data-action="undo">${__(
			"Undo"
		)}</button>`;
		frappe.show_alert(
			{
				message: edit ? `${message} ${button}` : message,
				indicator: "green",
			},
			7,
			{ undo: () => editing.restore(edit, now) }
		);
	}

	return editing;
}

/** Number of the first word after the text `head`; a word cut in two stays in the first half. */
export function word_after(row, head) {
	const typed = head.replace(/\s/g, "").length;
	let letters = 0;
	const words = row[SEGMENT.WORDS];
	const index = words.findIndex((word) => {
		if (letters >= typed) return true;
		letters += word[2].replace(/\s/g, "").length;
		return false;
	});
	return index < 0 ? words.length : index;
}
