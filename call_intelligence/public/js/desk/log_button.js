// "Review" on the logs of calls that telephony apps write: opens the call that was made of the log, if there is one.
import { get } from "../shared/server";

const LOGS = ["CRM Call Log", "TP Call Log", "Call Log"];

async function add_button(frm) {
	if (!LOGS.includes(frm.doctype) || frm.is_new() || !frm.doc.recording_url) return;
	const log = frm.docname;
	// somebody without access to the app, or a DocType of another app
	const { call } = await get("call_logs.review", { doctype: frm.doctype, name: log }).catch(
		() => ({})
	);
	// by now another log may be open in the same form
	if (!call || frm.docname !== log) return;
	frm.add_custom_button(__("Review"), () => frappe.set_route("Form", "Call", call));
}

$(document).on("form-refresh", (event, frm) => setTimeout(() => add_button(frm)));
