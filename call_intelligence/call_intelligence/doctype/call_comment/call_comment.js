// The Call Comment form redirects to the comment in the review of its call; notifications and e-mails link here.

frappe.ui.form.on("Call Comment", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { call, name } = frm.doc;
		const address = frappe.utils.get_form_link("Call", call);
		// replaces this page, so that the browser's Back does not return here
		window.history.replaceState(null, null, `${address}?comment=${encodeURIComponent(name)}`);
		frappe.router.route();
	},
});
