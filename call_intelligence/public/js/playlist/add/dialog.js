// "Add to playlist": adds a part of a call, or several calls, to a playlist. Input is kept after the dialog is closed.
import { reactive } from "vue";
import { escape } from "../../shared/format";
import AddForm from "./AddForm.vue";
import { create_form } from "./form";
import { description_field, open_form_dialog } from "./form_dialog";

/**
 * @param {{parts: object[], review?: object, on_done?: function(object): void}} options  see desk/playlist_door.js; review:
 * {segments, speakers, duration, peaks, playback}, see share/door.js
 */
export function open_add_dialog(options) {
	const form = reactive(create_form(options));
	open_form_dialog(
		form,
		AddForm,
		{
			title: __("Add to playlist"),
			size: form.single ? "large" : "",
			fields: [{ fieldtype: "HTML", fieldname: "form" }, description_field()],
			primary_action_label: __("Add"),
		},
		{
			async submit() {
				const answer = await form.save();
				if (!answer) return false;
				tell(answer);
				if (options.on_done) options.on_done(answer);
				return true;
			},
			closed: () => form.leave(),
		}
	);
	form.load();
}

function tell({ playlist, title, items }) {
	const link = `<a href="${escape(
		frappe.utils.get_form_link("Call Playlist", playlist)
	)}">${escape(title)}</a>`;
	const message =
		items.length === 1
			? __("Added to {0}.", [link])
			: __("{0} items added to {1}.", [items.length, link]);
	frappe.show_alert({ message, indicator: "green" }, 10);
}
