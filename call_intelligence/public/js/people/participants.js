// The participants of the call: their voices, sides and CRM records.
import { reactive } from "vue";
import { get, post } from "../shared/server";
import { sample_of } from "./voice_sample";

const CONFLICT = 409;
export const SIDES = ["Owner", "Customer", "Unknown"];

/** The store `participants`. */
export function use_participants({ call, preferences, transcript }) {
	const participants = reactive({
		/** as returned by participants.describe on the server */
		rows: [],
		/** the row being changed; null: none */
		saving: null,
		/** the row whose person is being searched for */
		connecting: null,
		/** counts requests to show the panel */
		asked: 0,

		/** Searches for the person of a row. @param {string|null} row null: closes the search */
		look_for(row) {
			participants.connecting = row;
		},

		/** Shows the panel where voices are identified. */
		focus() {
			preferences.set("show_participants", true);
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

		/** Named participants whose voice is not identified */
		get silent() {
			return participants.rows.filter(({ speaker_key }) => !speaker_key);
		},

		/** Whether to ask for the user's voice: none is identified yet. */
		get asks() {
			const { voices } = participants;
			return (
				call.permissions.write &&
				!call.processing &&
				voices.length > 1 &&
				voices.every(({ side, party }) => side === "Unknown" && !party)
			);
		},

		/** The longest stretch where only this voice is heard; null if there is none */
		sample: (key) => sample_of(transcript.segments, key),

		search: (text) => get("participants.search", { call: call.name, text }),

		connect: (row, { doctype, name }) => change("connect", row, { doctype, name }),
		disconnect: (row) => change("disconnect", row),
		set_side: (row, side) => change("set_side", row, { side }),
		/** @param {string} speaker its key; "": no voice */
		set_voice: (row, speaker) => change("set_voice", row, { speaker }),
		/** This voice is the owner of the call. */
		is_owner: (row) => change("connect", row, { doctype: "User", name: call.doc.call_owner }),

		/** @returns {Promise<{existing?: object[]}>} people who have this e-mail address; rejects on failure */
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

	const of = (row, args) => ({ call: call.name, participant: row, ...args });

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
			if (error.status === CONFLICT) await call.load();
			return false;
		} finally {
			participants.saving = null;
		}
	}

	function take(answer) {
		participants.take(answer.participants);
		transcript.set_speakers(answer.speakers);
		participants.connecting = null;
		// statistics, associations and the form's own copy have changed as well
		call.load();
		call.form_changed();
	}

	return participants;
}
