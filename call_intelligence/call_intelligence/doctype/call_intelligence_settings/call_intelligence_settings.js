// The form of Settings: shows the DocTypes found on this site and what to expect of the speech model.

frappe.ui.form.on("Call Intelligence Settings", {
	refresh(frm) {
		const { objects = {}, spas = [], open_to_all = [] } = frm.doc.__onload || {};
		show_objects(frm, objects, open_to_all);
		show_expectation(frm);
		frm.toggle_display(["spa_buttons", "announce_calls"], Boolean(spas.length));
		frm.toggle_display("leads_are_not_enough", Object.values(objects).includes("Lead"));
		frm.set_query("link_doctype", "crm_objects", () => ({
			filters: { istable: 0, issingle: 0, module: ["!=", "Call Intelligence"] },
		}));
	},
	language: show_expectation,
});

/** What to expect of the saved speech model in the language that is set */
function show_expectation(frm) {
	const { speech_models } = frm.doc.__onload || {};
	const code = (frm.doc.language || "").trim().toLowerCase();
	const text = call_intelligence.what_to_expect(speech_models, code);
	const field = frm.get_field("language");
	field.usual_description = field.usual_description ?? __(field.df.description);
	const both = [frappe.utils.escape_html(field.usual_description), text];
	field.set_description(both.filter(Boolean).join(" "));
}

function show_objects(frm, objects, open_to_all) {
	const escape = frappe.utils.escape_html;
	const kinds = {};
	Object.entries(objects).forEach(([doctype, kind]) => {
		(kinds[kind] = kinds[kind] || []).push(__(doctype));
	});
	const rows = Object.entries(kinds).map(
		([kind, doctypes]) =>
			`<tr><th scope="row">${escape(__(kind))}</th><td>${escape(
				doctypes.join(", ")
			)}</td></tr>`
	);
	frm.get_field("objects_in_use").$wrapper.html(
		`<table class="table table-bordered"><caption class="text-muted" style="caption-side: top">${escape(
			__("In use on this site")
		)}</caption><tbody>${rows.join("")}</tbody></table>${warning(open_to_all)}`
	);
}

function warning(doctypes) {
	if (!doctypes.length) return "";
	const text = __(
		"Everyone with a login may read {0} on this site, and so sees the calls of these records.",
		[doctypes.map((doctype) => __(doctype)).join(", ")]
	);
	return `<p class="form-message yellow">${frappe.utils.escape_html(text)}</p>`;
}
