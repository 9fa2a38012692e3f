// Edits title, description or times of an item of a playlist.
import { markRaw, reactive } from "vue";
import { review_of } from "./form";
import { description_field, open_form_dialog } from "./form_dialog";
import ItemForm from "./ItemForm.vue";

/**
 * @param {object} item of playlists.get
 * @param {function(object): Promise<void>} save gets {title, description, start, end}; its error is shown in the dialog
 */
export function open_item_dialog(item, save) {
	const form = reactive({
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
		/** @returns {Promise<boolean>} false: refused, see `failure` */
		async save() {
			form.failure = "";
			if (!form.whole && !form.valid) {
				form.failure = __("Correct the times of the part first.");
				return false;
			}
			try {
				await save({
					title: form.title.trim(),
					description: form.description.trim(),
					// 0 to 0 means the whole call
					start: form.whole ? 0 : form.start,
					end: form.whole ? 0 : form.end,
				});
				return true;
			} catch (error) {
				form.failure = error.message;
				return false;
			}
		},
	});
	open_form_dialog(
		form,
		ItemForm,
		{
			title: __("Edit the item"),
			// a click outside must not discard the input
			static: true,
			size: "large",
			fields: [
				{
					fieldtype: "Data",
					fieldname: "title",
					label: __("Title"),
					placeholder: item.call_title,
				},
				description_field(),
				{ fieldtype: "HTML", fieldname: "form" },
			],
			primary_action_label: __("Save"),
			secondary_action_label: __("Cancel"),
		},
		{ submit: () => form.save() }
	);
	if (!form.whole) form.load_review();
}
