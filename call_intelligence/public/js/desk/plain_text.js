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

/**
 * Frappe 15.0 draws the titles of a list's rows as markup. Stored text is plain; this holds for rows that are older as well.
 * @param {object} listview
 * @param {(doc: object) => string} words what stands for the title
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
	// Frappe 15.55 and later make an element of it
	const usual = listview.get_subject_text.bind(listview);
	listview.get_subject_text = (doc) => usual(doc, title_of(doc));
}

function without_brackets(text) {
	return String(text || "")
		.replace(/</g, "‹")
		.replace(/>/g, "›");
}
