// The Call form: the review on top, Desk's own fields below.

frappe.ui.form.on("Call", {
	setup(frm) {
		// before the fields are filled in
		call_intelligence.keep_seconds(frm);
		call_intelligence.list_records.show_names_in_form(frm);
		["Call", "Call Participant"].forEach(call_intelligence.show_unknown_as_empty);
		// Desk renders values in a grid as markup
		["Call Participant", "Call Association"].forEach(call_intelligence.show_text_as_text);
	},
	refresh(frm) {
		// the review shows them
		frm.toggle_display(["notes", "associations"], frm.is_new());
		if (frm.is_new()) return offer_upload(frm);
		show_review(frm);
	},
});

function offer_upload(frm) {
	leave_review(frm);
	frm.get_field("review").$wrapper.empty();
	if (!frm.doc.call_owner) frm.set_value("call_owner", frappe.session.user);
	if (!call_intelligence.can_upload()) return;
	frm.set_intro(__("A call needs a recording. Without one this is only a note."), "blue");
	frm.add_custom_button(__("Upload calls"), () => call_intelligence.upload());
}

async function show_review(frm) {
	const name = frm.docname;
	if (frm.ci_review && frm.ci_review.call === name) {
		// the same call again: saved, reloaded, or opened at another moment
		frm.ci_review.follow_link();
		return frm.ci_review.refresh();
	}
	leave_review(frm);
	await frappe.require(["call_review.bundle.css", "call_review.bundle.js"]);
	// one form serves all calls; the user may have opened another one meanwhile
	if (frm.docname !== name || frm.ci_review) return;
	const element = document.createElement("div");
	frm.get_field("review").$wrapper.empty().append(element);
	const reload = () => {
		if (frm.docname === name && !frm.is_dirty()) frm.reload_doc();
	};
	frm.ci_review = call_intelligence.mount_review(element, name, {
		on_finished: reload,
		on_moved: (state) => frm.docname === name && show_state(frm, state),
		on_changed: reload,
	});
}

// Without reloading the form, which would lose unsaved input.
function show_state(frm, { status, progress, next_attempt_at, error }) {
	Object.assign(frm.doc, { status, progress, next_attempt_at, error });
	frm.refresh_field("status");
	frm.toolbar.set_indicator();
}

function leave_review(frm) {
	if (!frm.ci_review) return;
	frm.ci_review.destroy();
	frm.ci_review = null;
}
