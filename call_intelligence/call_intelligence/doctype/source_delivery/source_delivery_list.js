// List of Source Deliveries: what became of each arrival.

frappe.listview_settings["Source Delivery"] = {
	hide_name_column: true,
	onload: (listview) => call_intelligence.show_title_as_text(listview),
	get_indicator: ({ status }) => {
		const colours = { Succeeded: "green", Failed: "red", Ignored: "gray" };
		return [__(status), colours[status] || "blue", `status,=,${status}`];
	},
};
