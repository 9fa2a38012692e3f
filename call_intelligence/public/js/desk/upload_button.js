// "Upload calls" on forms and lists; loads the dialog on demand.
frappe.provide("call_intelligence");

/**
 * Opens the upload dialog.
 * @param {{associations?: {doctype: string, name: string, title?: string}[], participants?: object[],
 *   on_done?: function(string[]): void}} options  on_done gets the names of the calls when the dialog closes
 */
call_intelligence.upload = async (options = {}) => {
	await frappe.require("call_upload.bundle.js");
	call_intelligence.open_upload_dialog(options);
};

call_intelligence.can_upload = () =>
	Boolean(frappe.boot.call_intelligence && frappe.boot.call_intelligence.seat);

function upload_for(frm) {
	const title = frm.meta.title_field ? frm.doc[frm.meta.title_field] : "";
	return call_intelligence.upload({
		associations: [{ doctype: frm.doctype, name: frm.docname, title: title || frm.docname }],
		participants: frm.doctype === "Contact" ? [contact_participant(frm.doc)] : [],
		on_done: (calls) => calls.forEach((call) => call_intelligence.refresh_timeline(call)),
	});
}

call_intelligence.upload_for = upload_for;

function contact_participant(contact) {
	return {
		display_name:
			contact.full_name || [contact.first_name, contact.last_name].filter(Boolean).join(" "),
		email: contact.email_id || "",
		phone: contact.mobile_no || contact.phone || "",
		side: "Customer",
	};
}

function add_buttons(frm) {
	const boot = frappe.boot.call_intelligence || {};
	if (frm.is_new() || !(boot.association_doctypes || {})[frm.doctype]) return;
	if (!call_intelligence.can_upload()) return;
	// also in the menu of a narrow screen, where Desk folds the buttons away
	frm.add_custom_button(__("Upload calls"), () => upload_for(frm));
	add_timeline_button(frm);
}

function add_timeline_button(frm) {
	const timeline = frm.timeline;
	if (!timeline || timeline.ci_upload_button) return;
	timeline.ci_upload_button = timeline.add_action_button(
		__("Upload calls"),
		() => upload_for(frm),
		"call"
	);
}

// the timeline is created after the first refresh, so its button is added one turn later
$(document).on("form-refresh", (event, frm) => setTimeout(() => add_buttons(frm)));

// Links in the workspace and in mails: any address with this ending opens the dialog. Registered before Desk's own click handler,
// which would treat the hash as a route.
const HASH = "#upload-calls";

document.addEventListener(
	"click",
	(event) => {
		const link = event.target.closest && event.target.closest("a[href]");
		if (!link || link.hash !== HASH || event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		event.stopPropagation();
		call_intelligence.upload();
	},
	true
);

function open_from_address() {
	if (window.location.hash !== HASH) return;
	history.replaceState(null, null, window.location.pathname + window.location.search);
	call_intelligence.upload();
}

window.addEventListener("hashchange", open_from_address);
$(document).on("app_ready", open_from_address);
