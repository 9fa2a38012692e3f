// Desk's own editor (Quill), adapted for comments and notes: a small toolbar, mentions, no pictures.
import { escape } from "../format";

const TOOLBAR = [
	["bold", "italic", "underline"],
	[{ list: "ordered" }, { list: "bullet" }],
	["blockquote", "link"],
];
// a name may have accents, and spaces
const NAME = /^[\p{L}\p{N}_.'-]*( [\p{L}\p{N}_.'-]*)?$/u;

let Control = null;

/** Created on first use: Desk's controls are loaded after this file. */
function control_class() {
	if (Control) return Control;
	Control = class extends frappe.ui.form.ControlComment {
		get_toolbar_options() {
			return TOOLBAR;
		}

		get_mention_options() {
			return {
				...super.get_mention_options(),
				allowedChars: NAME,
				source: frappe.utils.debounce(async (term, show) => show(await people(term)), 200),
				// names are rendered as text
				renderItem: (person) => person.value,
			};
		}

		get_quill_options() {
			const options = super.get_quill_options();
			const { imageResize, ...modules } = options.modules;
			return {
				...options,
				theme: "snow",
				placeholder: this.placeholder,
				modules: {
					...modules,
					table: false,
					uploader: { handler: no_pictures },
					clipboard: { matchers: [["IMG", without_picture]] },
				},
			};
		}
	};
	return Control;
}

/** Users and groups for the type-ahead; the editor treats names as markup. */
async function people(term) {
	try {
		const found = await frappe.xcall("frappe.desk.search.get_names_for_mentions", {
			search_term: term,
		});
		return found.slice(0, 8).map(({ id, value, is_group }) => ({
			id,
			value: escape(value),
			is_group: Boolean(is_group),
		}));
	} catch {
		return [];
	}
}

function no_pictures() {
	frappe.show_alert({
		message: __("Pictures cannot be added here. Please describe it in words."),
		indicator: "orange",
	});
}

function without_picture(node, delta) {
	no_pictures();
	return new delta.constructor();
}

/**
 * @param {HTMLElement} parent
 * @param {{label: string, placeholder: string, on_change: function(): void, on_send: function(): void,
 *   on_escape: function(): void}} options
 */
export function make_editor(parent, options) {
	const { label, placeholder, on_change, on_send, on_escape } = options;
	const control = new (control_class())({
		parent,
		df: { fieldtype: "Comment", fieldname: "text" },
		placeholder,
		no_wrapper: true,
		only_input: true,
		enable_mentions: true,
		render_input: true,
	});
	const { quill } = control;
	quill.on("text-change", (delta, before, source) => source !== "silent" && on_change());
	name_parts(parent, quill, label);
	// before Quill, which captures Tab, and Desk, which has shortcuts of its own
	parent.addEventListener(
		"keydown",
		(event) => {
			if (choosing(parent) || event.isComposing) return;
			if (event.key === "Tab") event.stopPropagation();
			else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
				take(event, on_send);
			} else if (event.key === "Escape") take(event, on_escape);
		},
		true
	);
	return {
		html: () => quill.root.innerHTML,
		is_empty: () => !quill.getText().trim() && !quill.root.querySelector(".mention"),
		focus() {
			quill.focus();
			quill.setSelection(quill.getLength(), 0);
		},
		has_focus: () => quill.hasFocus(),
		/** Inserts text at the cursor, or at the end. */
		insert(text) {
			const range = quill.getSelection(true);
			const at = range ? range.index : quill.getLength() - 1;
			quill.insertText(at, text, "user");
			quill.setSelection(at + text.length, 0);
		},
		set(html) {
			const delta = html ? quill.clipboard.convert({ html, text: "" }) : [{ insert: "\n" }];
			quill.setContents(delta, "silent");
		},
	};
}

function take(event, act) {
	if (!act) return;
	event.preventDefault();
	event.stopPropagation();
	act();
}

/** The mention list is open: Enter, Tab and Escape belong to it. */
function choosing(parent) {
	const list = parent.querySelector(".ql-mention-list-container");
	return Boolean(list && list.style.display !== "none");
}

function name_parts(parent, quill, label) {
	const attributes = { role: "textbox", "aria-multiline": "true", "aria-label": label };
	Object.keys(attributes).forEach((name) => quill.root.setAttribute(name, attributes[name]));
	const names = {
		".ql-bold": __("Bold"),
		".ql-italic": __("Italic"),
		".ql-underline": __("Underline"),
		'.ql-list[value="ordered"]': __("Numbered list"),
		'.ql-list[value="bullet"]': __("List"),
		".ql-blockquote": __("Quote"),
		".ql-link": __("Link"),
	};
	Object.keys(names).forEach((selector) => {
		const button = parent.querySelector(`.ql-toolbar ${selector}`);
		if (button) Object.assign(button, { title: names[selector], ariaLabel: names[selector] });
		if (button) button.setAttribute("aria-label", names[selector]);
	});
	const address = parent.querySelector(".ql-tooltip input");
	if (address) address.setAttribute("aria-label", __("Address of the link"));
}
