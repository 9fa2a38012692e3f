// Asks how many people speak and has the voices told apart anew. The words stay as they are.

import { name_dialog } from "../shared/dialog_names";

/** @param {import("./store").ReviewStore} store */
export function ask_for_speakers(store) {
	const numbers = Array.from({ length: 10 }, (_, i) => String(i + 1));
	const dialog = new frappe.ui.Dialog({
		title: __("Identify speakers again"),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "speakers",
				label: __("Number of speakers"),
				options: [{ value: "", label: __("Find out automatically") }, ...numbers],
				description: __(
					"If voices were mixed up or merged, saying how many people speak usually helps. The words stay as they are."
				),
			},
			{
				fieldtype: "Check",
				fieldname: "keep_edits",
				label: __("Keep my corrections of who speaks"),
				default: 1,
				hidden: store.editing.count ? 0 : 1,
			},
		],
		primary_action_label: __("Identify speakers"),
		primary_action({ speakers, keep_edits }) {
			dialog.hide();
			store.identify_speakers(speakers ? Number(speakers) : null, Boolean(keep_edits));
		},
	});
	name_dialog(dialog);
	dialog.show();
}
