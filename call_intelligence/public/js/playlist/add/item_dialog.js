// Edits title, description or times of an item of a playlist.
import { createApp, markRaw, reactive } from "vue";
import { name_dialog } from "../../shared/dialog_names";
import { review_of } from "./form";
import ItemForm from "./ItemForm.vue";
import { show_failure } from "./show_failure";

/**
 * @param {object} item of playlists.get
 * @param {function(object): Promise<void>} save gets {title, description, start, end}; its error is shown in the dialog
 */
export function open_item_dialog(item, save) {
	const form = reactive({
		item,
		title: item.title || "",
		description: item.description || "",
		whole: !item.end,
		start: item.start || 0,
		end: item.end || 0,
		review: null,
		review_failure: "",
		valid: true,
		failure: "",
		/** @param {string} name of a field of the input */
		set(name, value) {
			form[name] = value;
		},
		async load_review() {
			try {
				form.review = markRaw(await review_of(item.call));
				form.review_failure = "";
				if (!form.end) form.end = form.review.duration;
			} catch (error) {
				form.review_failure = error.message;
			}
		},
		set_whole(whole) {
			form.whole = whole;
			if (!whole && !form.review) form.load_review();
		},
	});
	const dialog = new frappe.ui.Dialog({
		title: __("Edit the item"),
		// a click outside must not discard the input
		static: true,
		size: "large",
		fields: [{ fieldtype: "HTML", fieldname: "form" }],
		primary_action_label: __("Save"),
		primary_action: () => submit(),
		secondary_action_label: __("Cancel"),
		secondary_action: () => dialog.hide(),
	});
	dialog.$wrapper.addClass("ci-add");
	name_dialog(dialog);
	const app = createApp(ItemForm, { form, on_submit: () => submit() });
	app.config.globalProperties.__ = window.__;
	app.mount(dialog.get_field("form").$wrapper.get(0));
	const before = document.activeElement;
	dialog.$wrapper.on("hidden.bs.modal", () => {
		app.unmount();
		dialog.$wrapper.remove();
		if (before && before.isConnected) before.focus({ preventScroll: true });
	});

	async function submit() {
		if (!form.whole && !form.valid) {
			form.failure = __("Correct the times of the part first.");
			return show_failure(dialog);
		}
		dialog.disable_primary_action();
		form.failure = "";
		try {
			await save({
				title: form.title.trim(),
				description: form.description.trim(),
				// 0 to 0 means the whole call
				start: form.whole ? 0 : form.start,
				end: form.whole ? 0 : form.end,
			});
			dialog.hide();
		} catch (error) {
			form.failure = error.message;
			show_failure(dialog);
		}
		dialog.enable_primary_action();
	}

	dialog.show();
	if (!form.whole) form.load_review();
}
