// The list of mentions: each row links to the moment of its call.

call_intelligence.show_text_as_text("Term Mention");

frappe.listview_settings["Term Mention"] = {
	add_fields: ["call", "start_seconds"],
	hide_name_column: true,
	onload: (listview) => call_intelligence.show_title_as_text(listview),
	get_form_link: ({ call, start_seconds }) =>
		`/app/call/${encodeURIComponent(call)}?t=${Math.max(0, Math.floor(start_seconds))}`,
	formatters: {
		start_seconds: (value) => frappe.utils.escape_html(call_intelligence.format.clock(value)),
	},
};
