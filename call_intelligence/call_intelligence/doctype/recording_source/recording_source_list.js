// List of Recording Sources: whether calls come in.

// labels of the providers by key
const labels = {};

frappe.listview_settings["Recording Source"] = {
	add_fields: ["enabled", "status"],
	hide_name_column: true,
	formatters: { provider: (key) => frappe.utils.escape_html(labels[key] || key) },
	async onload(list) {
		call_intelligence.show_title_as_text(list);
		const { providers } = await frappe.xcall(
			"call_intelligence.api.sources.describe_providers"
		);
		providers.forEach(({ key, label }) => (labels[key] = label));
		list.refresh();
	},
	get_indicator: ({ enabled, status }) => {
		if (!enabled) return [__("Off"), "gray", "enabled,=,0"];
		const colour = { Connected: "green", Failing: "red" }[status] || "orange";
		return [__(status), colour, `status,=,${status}`];
	},
};
