// Transcripts and names are plain text, but Desk's report view renders them as markup.

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
 * Frappe 15.0 renders the titles of a list's rows as markup. New text is stored as plain text; this also covers older rows.
 * @param {object} listview
 * @param {(doc: object) => string} words returns the text shown as title
 */
export function show_title_as_text(listview, words = null) {
	const field = listview.meta.title_field;
	const title_of = words || ((doc) => doc[field]);
	if (listview.get_subject_html) {
		const usual = listview.get_subject_html.bind(listview);
		listview.get_subject_html = (doc) =>
			usual({ ...doc, [field]: without_brackets(title_of(doc)) });
		return;
	}
	// Frappe 15.55 and later pass an element
	const usual = listview.get_subject_text.bind(listview);
	listview.get_subject_text = (doc) => usual(doc, title_of(doc));
}

function without_brackets(text) {
	return String(text || "")
		.replace(/</g, "‹")
		.replace(/>/g, "›");
}
