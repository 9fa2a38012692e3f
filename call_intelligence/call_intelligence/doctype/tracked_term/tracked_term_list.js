// The list of tracked terms: shows titles as plain text.

frappe.listview_settings["Tracked Term"] = {
	onload: (listview) => call_intelligence.show_title_as_text(listview),
};
