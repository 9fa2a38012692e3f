// What people say and are called is text. Desk's report view draws it as markup.

const TEXTS = ["Data", "Small Text", "Long Text"];
const AS_TEXT = { "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} doctype whose words come from outside, of which Desk has the meta data */
export function show_text_as_text(doctype) {
	Object.values(frappe.meta.docfield_map[doctype] || {})
		.filter(({ fieldtype }) => TEXTS.includes(fieldtype))
		.forEach((df) => {
			// forms hand over what they have made safe already: & stays as it is
			df.formatter = (value) =>
				String(value ?? "").replace(/[<>"']/g, (character) => AS_TEXT[character]);
		});
}
