// Dialogs to rename and to merge speakers. Desk's dialogs treat titles, options and descriptions as
// markup, and a name may contain anything.
import { name_dialog } from "../shared/dialog_names";
import { escape } from "../shared/format";
import { speaker_of } from "../shared/speakers";

/** @param {{editing, transcript}} stores */
export function ask_for_name({ editing, transcript }, key) {
	const { label, name } = speaker_of(transcript.speakers, key);
	const dialog = new frappe.ui.Dialog({
		title: __("Rename {0}", [escape(label)]),
		fields: [
			{
				fieldtype: "Data",
				fieldname: "name",
				label: __("Name"),
				default: name || label,
				description: __("Used for this voice throughout the call."),
			},
		],
		primary_action_label: __("Rename"),
		async primary_action({ name }) {
			if (await editing.rename(key, name || "")) dialog.hide();
		},
	});
	name_dialog(dialog, __("Rename {0}", [label]));
	dialog.show();
}

/** @param {{editing, transcript}} stores */
export function ask_for_same_speaker({ editing, transcript }, key) {
	const { label } = speaker_of(transcript.speakers, key);
	const others = [...transcript.speakers.values()].filter((speaker) => speaker.key !== key);
	const dialog = new frappe.ui.Dialog({
		title: __("Merge {0} with another speaker", [escape(label)]),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "into",
				label: __("Same person as"),
				reqd: 1,
				options: others.map((speaker) => ({
					value: speaker.key,
					label: escape(speaker.label),
				})),
				default: others[0].key,
				description: __("This speaker said everything that is now under {0}.", [
					escape(label),
				]),
			},
		],
		primary_action_label: __("Merge"),
		async primary_action({ into }) {
			if (await editing.merge_speakers(key, into)) dialog.hide();
		},
	});
	name_dialog(dialog, __("Merge {0} with another speaker", [label]));
	dialog.show();
}
