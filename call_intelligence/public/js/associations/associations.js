// The store `associations`: the call's CRM records, suggestions, and the search for more.
import { computed, reactive } from "vue";
import { get, post } from "../shared/server";

export const KINDS = ["Contact", "Company", "Deal", "Ticket", "Lead", "Meeting"];

/** Used through `reactive`. */
export function use_associations({ call }) {
	const associations = reactive({
		/** [{id, doctype, name, title, kind, automatic, state: "open" | "hidden" | "gone"}] */
		records: [],
		/** [{id, doctype, name, title, kind, reason}] */
		suggestions: [],
		may_edit: false,
		/** {DocType: kind} in which the user may search */
		doctypes: {},
		/** the field that searches records is open */
		searching: false,
		/** the record just removed, for undo: {doctype, name, title} */
		removed: null,
		busy: false,
		/** [{kind, label, records, suggestions}] of non-empty kinds */
		groups: computed(() =>
			KINDS.map((kind) => ({
				kind,
				label: kind_label(kind),
				records: associations.records.filter((row) => row.kind === kind),
				suggestions: associations.suggestions.filter((row) => row.kind === kind),
			})).filter((group) => group.records.length || group.suggestions.length)
		),

		take(data) {
			if (!data || call.gone) return;
			Object.assign(associations, data);
		},

		open_search() {
			associations.searching = true;
		},
		close_search() {
			associations.searching = false;
		},
		search: (text) => get("associations.search", { call: call.name, text }),

		async add({ doctype, name }) {
			associations.close_search();
			associations.removed = null;
			await change("add", { doctype, name });
		},
		async remove(record) {
			associations.removed = null;
			if (!(await change("remove", { id: record.id }))) return;
			// a record that the user may not read can't be restored either
			if (record.state === "open") associations.removed = record;
		},
		undo() {
			return associations.removed && associations.add(associations.removed);
		},
		accept({ id }) {
			return change("accept", { id });
		},
		dismiss({ id }) {
			return change("dismiss", { id });
		},
	});

	/** @returns {Promise<boolean>} whether it succeeded */
	async function change(method, args) {
		if (associations.busy) return false;
		associations.busy = true;
		try {
			associations.take(await post(`associations.${method}`, { call: call.name, ...args }));
			// accepting a suggestion may have identified a voice
			call.load();
			call.changed();
			return true;
		} catch (error) {
			frappe.show_alert({
				message: frappe.utils.escape_html(error.message),
				indicator: "red",
			});
			return false;
		} finally {
			associations.busy = false;
		}
	}

	return associations;
}

export function kind_label(kind) {
	const labels = {
		Contact: __("Contact"),
		Company: __("Company"),
		Deal: __("Deal"),
		Ticket: __("Ticket"),
		Lead: __("Lead"),
		Meeting: __("Meeting"),
	};
	return labels[kind] || kind;
}

/** The reason for a suggestion, as text. */
export function reason_label(reason) {
	const labels = {
		"E-mail": __("has the same e-mail address"),
		Phone: __("has the same phone number"),
		Company: __("may be the company"),
		"Open deal": __("the one open deal of the company"),
		"Converted from a lead": __("converted from a lead of this call"),
	};
	return labels[reason] || "";
}
