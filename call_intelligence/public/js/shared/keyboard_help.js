// The list of keys, with the switch for single keys.
import { name_dialog } from "./dialog_names";
import { escape } from "./format";

let shown = null;

/**
 * @param {import("../review/preferences").Preferences} preferences
 * @param {[string[], string][]} more keys of the surrounding page
 */
export function show_keys(preferences, more = []) {
	if (shown) return;
	const dialog = new frappe.ui.Dialog({
		title: __("Keyboard"),
		fields: [
			{ fieldtype: "HTML", fieldname: "keys", options: table([...more, ...keys()]) },
			{
				fieldtype: "Check",
				fieldname: "single_keys",
				label: __("Single keys"),
				description: __(
					"They work while the review has the focus, and never where you write."
				),
				default: preferences.get("single_keys") ? 1 : 0,
				onchange() {
					preferences.set("single_keys", Boolean(this.get_value()));
				},
			},
			{ fieldtype: "HTML", fieldname: "always", options: table(always()) },
		],
	});
	name_dialog(dialog);
	dialog.$wrapper.addClass("ci-keys-dialog");
	const before = document.activeElement;
	dialog.$wrapper.on("hidden.bs.modal", () => {
		shown = null;
		dialog.$wrapper.remove();
		// return the focus, so that the keys keep working
		if (before && before.isConnected) before.focus({ preventScroll: true });
	});
	shown = dialog;
	dialog.show();
}

function keys() {
	return [
		[["Space", "K"], __("Play or pause")],
		[["J", "L"], __("Back or forward 15 seconds")],
		[["←", "→"], __("Back or forward 5 seconds")],
		[["Shift+←", "Shift+→"], __("Previous or next utterance")],
		[["/"], __("Search in the transcript")],
		[["C"], __("Comment at this time")],
		[["S"], __("Share a part of the call")],
		[["T", "Shift+T"], __("Next or previous mention of a tracked term")],
		[["?"], __("This list")],
	];
}

function always() {
	return [
		[["Alt+J", "Alt+K", "Alt+L"], __("Back, play or pause, forward: everywhere on the page")],
	];
}

function table(rows) {
	const cells = rows.map(([names, words]) => {
		const caps = names.map((name) => `<kbd>${escape(name)}</kbd>`).join(" ");
		return `<tr><th scope="row">${caps}</th><td>${escape(words)}</td></tr>`;
	});
	return `<table class="ci-keys"><tbody>${cells.join("")}</tbody></table>`;
}
