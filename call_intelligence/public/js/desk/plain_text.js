// Transcripts and names are plain text, but Desk's report view renders them as markup.
import { set_titles } from "./compat";

const TEXTS = ["Data", "Small Text", "Long Text"];
const AS_TEXT = { "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} doctype with text from outside, whose meta data Desk has loaded */
export function show_text_as_text(doctype) {
	Object.values(frappe.meta.docfield_map[doctype] || {})
		.filter(({ fieldtype }) => TEXTS.includes(fieldtype))
		.forEach((df) => {
			// forms pass values that are already escaped: & stays as it is
			df.formatter = (value) =>
				String(value ?? "").replace(/[<>"']/g, (character) => AS_TEXT[character]);
		});
}

/**
 * Shows titles of a list's rows as plain text; new text is stored as such, this also covers older rows.
 * @param {object} listview
 * @param {(doc: object) => string} words returns the text shown as title
 */
export function show_title_as_text(listview, words = null) {
	set_titles(listview, words || ((doc) => doc[listview.meta.title_field]));
}
