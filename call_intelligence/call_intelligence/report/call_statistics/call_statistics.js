// The figures of calls, for coaches.

frappe.query_reports["Call Statistics"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -30),
		},
		{ fieldname: "to_date", label: __("Until"), fieldtype: "Date" },
		{ fieldname: "call_owner", label: __("Owner"), fieldtype: "Link", options: "User" },
		{
			fieldname: "direction",
			label: __("Direction"),
			fieldtype: "Select",
			options: ["", "Inbound", "Outbound", "Meeting"],
		},
		{
			fieldname: "show",
			label: __("Show"),
			fieldtype: "Select",
			options: [
				{ value: "Calls", label: __("Calls") },
				{ value: "Averages per owner", label: __("Averages per owner") },
			],
			default: "Calls",
		},
	],
	formatter(value, row, column, data, usual) {
		// Desk would show an unknown figure as 0
		const unknown = value === null || value === undefined || value === "";
		if (unknown && ["Float", "Int", "Duration"].includes(column.fieldtype)) return "";
		return usual(value, row, column, data);
	},
};
