// History of edits of the transcript, in a dialog of Desk.
import { createApp } from "vue";
import { name_dialog } from "../shared/dialog_names";
import { provide_stores } from "../shared/stores";
import HistoryList from "./HistoryList.vue";

/** @param {{call, editing}} stores */
export function ask_for_history(stores) {
	const dialog = new frappe.ui.Dialog({
		title: __("Changes of the transcript"),
		size: "large",
		fields: [{ fieldtype: "HTML", fieldname: "list" }],
		onhide: () => {
			app.unmount();
			// after Desk has closed the dialog
			setTimeout(() => dialog.$wrapper.remove());
		},
	});
	const app = createApp(HistoryList);
	provide_stores(app, stores);
	app.config.globalProperties.__ = window.__;
	app.mount(dialog.get_field("list").$wrapper.get(0));
	name_dialog(dialog);
	dialog.show();
}
