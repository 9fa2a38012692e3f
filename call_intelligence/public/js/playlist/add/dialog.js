// "Add to playlist": adds a part of a call, or several calls, to a playlist. Input is kept after the dialog is closed.
import { createApp, reactive } from "vue";
import { name_dialog } from "../../shared/dialog_names";
import { escape } from "../../shared/format";
import AddForm from "./AddForm.vue";
import { create_form } from "./form";
import { show_failure } from "./show_failure";

/**
 * @param {{parts: object[], review?: object, on_done?: function(object): void}} options  see desk/playlist_door.js; review:
 * {segments, speakers, duration, peaks, playback}, as in the store of the review
 */
export function open_add_dialog(options) {
	const form = reactive(create_form(options));
	const dialog = new frappe.ui.Dialog({
		title: __("Add to playlist"),
		size: form.single ? "large" : "",
		fields: [{ fieldtype: "HTML", fieldname: "form" }],
		primary_action_label: __("Add"),
		primary_action: () => submit(),
	});
	dialog.$wrapper.addClass("ci-add");
	name_dialog(dialog);
	const app = createApp(AddForm, { form, on_submit: () => submit() });
	app.config.globalProperties.__ = window.__;
	app.mount(dialog.get_field("form").$wrapper.get(0));
	const before = document.activeElement;
	dialog.$wrapper.on("hidden.bs.modal", () => {
		form.leave();
		app.unmount();
		dialog.$wrapper.remove();
		if (before && before.isConnected) before.focus({ preventScroll: true });
	});

	async function submit() {
		if (form.saving) return;
		dialog.disable_primary_action();
		const answer = await form.save();
		dialog.enable_primary_action();
		if (!answer) return show_failure(dialog);
		dialog.hide();
		tell(answer);
		if (options.on_done) options.on_done(answer);
	}

	dialog.show();
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
