// History of edits of the transcript, in a dialog of Desk.
import { createApp } from "vue";
import { name_dialog } from "../shared/dialog_names";
import HistoryList from "./HistoryList.vue";

/** @param {import("../review/store").ReviewStore} store */
export function ask_for_history(store) {
	const dialog = new frappe.ui.Dialog({
		title: __("Changes of the transcript"),
		size: "large",
		fields: [{ fieldtype: "HTML", fieldname: "list" }],
	});
	const app = createApp(HistoryList, { store });
	app.config.globalProperties.__ = window.__;
	app.mount(dialog.get_field("list").$wrapper.get(0));
	dialog.onhide = () => {
		app.unmount();
		// after Desk has closed the dialog
		setTimeout(() => dialog.$wrapper.remove());
	};
	name_dialog(dialog);
	dialog.show();
}
