// A comment is read in its place: links of notifications and e-mails lead through here to its call, at the very moment.

frappe.ui.form.on("Call Comment", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { call, name } = frm.doc;
		const address = frappe.utils.get_form_link("Call", call);
		// in place of this page, so that the browser's Back does not lead here again
		window.history.replaceState(null, null, `${address}?comment=${encodeURIComponent(name)}`);
		frappe.router.route();
	},
});
