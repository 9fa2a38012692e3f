// Unknown figures are NULL in the database; Desk's own formatters would show them as 0.

const NUMBERS = ["Float", "Int", "Percent"];
const DIGITS = 1;

/** @param {string} doctype with nullable numbers, whose meta data Desk has loaded */
export function show_unknown_as_empty(doctype) {
	Object.values(frappe.meta.docfield_map[doctype] || {})
		.filter((df) => df.read_only && df.default === "0" && NUMBERS.includes(df.fieldtype))
		.forEach((df) => {
			const usual = frappe.form.get_formatter(df.fieldtype);
			df.formatter = (value, field, ...others) =>
				value === null || value === undefined || value === ""
					? ""
					: usual(value, { ...field, precision: DIGITS }, ...others);
		});
}
