// Who takes part in the call: whose voices they are, on which side, and which records of the CRM they are.
import { markRaw, reactive } from "vue";
import { get, post } from "../shared/server";
import { describe_speakers } from "./speakers";
import { sample_of } from "./voice_sample";

const CONFLICT = 409;
export const SIDES = ["Owner", "Customer", "Unknown"];

/** The part `participants` of the store. */
export function use_participants(store) {
	const participants = reactive({
		/** as participants.describe on the server has them */
		rows: [],
		/** the row that a change is on the way for; null: none */
		saving: null,
		/** the row whose person is being searched for */
		connecting: null,
		/** how often somebody asked to be brought here */
		asked: 0,

		/** To where one says who a voice is. */
		focus() {
			store.preferences.set("show_participants", true);
			participants.asked += 1;
		},

		take(rows) {
			participants.rows = rows || [];
			if (!participants.row(participants.connecting)) participants.connecting = null;
		},

		row: (name) => participants.rows.find(({ row }) => row === name),

		get voices() {
			return participants.rows.filter(({ speaker_key }) => speaker_key);
		},

		/** Those who are said to have taken part and whose voice nobody has found */
		get silent() {
			return participants.rows.filter(({ speaker_key }) => !speaker_key);
		},

		/** Nobody knows yet who is who: one click says it. */
		get asks() {
			const { voices } = participants;
			return (
				store.permissions.write &&
				!store.processing &&
				voices.length > 1 &&
				voices.every(({ side, party }) => side === "Unknown" && !party)
			);
		},

		/** Where this voice is heard alone and longest; null where it never is */
		sample: (key) => sample_of(store.segments, key),

		search: (text) => get("participants.search", { call: store.name, text }),

		connect: (row, { doctype, name }) => change("connect", row, { doctype, name }),
		disconnect: (row) => change("disconnect", row),
		set_side: (row, side) => change("set_side", row, { side }),
		/** @param {string} speaker its key; "": none that is heard */
		set_voice: (row, speaker) => change("set_voice", row, { speaker }),
		/** This voice is that of the colleague whose call it was. */
		is_owner: (row) =>
			change("connect", row, { doctype: "User", name: store.call.call_owner }),

		/** @returns {Promise<{existing?: object[]}>} people who have this e-mail address; rejects where nothing came of it */
		async add_contact(row, contact) {
			try {
				take(await post("participants.add_contact", of(row, contact)));
				return {};
			} catch (error) {
				if (error.answer && error.answer.existing) return error.answer;
				throw error;
			}
		},
	});

	const of = (row, args) => ({ call: store.name, participant: row, ...args });

	async function change(method, row, args = {}) {
		if (participants.saving) return false;
		participants.saving = row;
		try {
			take(await post(`participants.${method}`, of(row, args)));
			return true;
		} catch (error) {
			frappe.show_alert({
				message: frappe.utils.escape_html(error.message),
				indicator: "red",
			});
			if (error.status === CONFLICT) await store.load();
			return false;
		} finally {
			participants.saving = null;
		}
	}

	function take(answer) {
		participants.take(answer.participants);
		store.speakers = markRaw(describe_speakers(answer.speakers));
		participants.connecting = null;
		// statistics, associations and the form's own copy have changed with it
		store.load();
		if (store.on_finished) store.on_finished();
	}

	return participants;
}
