// Asks for the number of speakers and has them identified again. The words are not changed.

import { name_dialog } from "../shared/dialog_names";
import { percentages } from "../shared/format";

/** @param {{call, editing}} stores */
export function ask_for_speakers({ call, editing }) {
	const offers = (call.recording && call.recording.speaker_offers) || {};
	const numbers = Array.from({ length: 10 }, (_, i) => number_option(i + 1, offers[i + 1]));
	const dialog = new frappe.ui.Dialog({
		title: __("Identify speakers again"),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "speakers",
				label: __("Number of speakers"),
				options: [{ value: "", label: __("Find out automatically") }, ...numbers],
				description: [
					__(
						"If voices were mixed up or merged, saying how many people speak usually helps. The words stay as they are."
					),
					...(Object.keys(offers).length
						? [__("The percentages are each voice's share of the speech.")]
						: []),
				].join(" "),
			},
			{
				fieldtype: "Check",
				fieldname: "keep_edits",
				label: __("Keep my corrections of who speaks"),
				default: 1,
				hidden: editing.count ? 0 : 1,
			},
		],
		primary_action_label: __("Identify speakers"),
		primary_action({ speakers, keep_edits }) {
			dialog.hide();
			call.identify_speakers(speakers ? Number(speakers) : null, Boolean(keep_edits));
		},
	});
	name_dialog(dialog);
	dialog.show();
}

/**
 * @param {number} count of speakers
 * @param {number[]|undefined} shares of speech of each speaker
 */
function number_option(count, shares) {
	const value = String(count);
	if (count < 2 || !shares) return { value, label: value };
	const percent = percentages(shares)
		.map((share) => `${share} %`)
		.join(" / ");
	return { value, label: __("{0} voices: {1}", [count, percent]) };
}
