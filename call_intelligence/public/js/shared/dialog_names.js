/**
 * Names a dialog and its fields for screen readers; Desk shows labels without tying them to their inputs.
 * @param {string} title as plain text; that of the dialog itself is markup
 */
export function name_dialog(dialog, title = dialog.title) {
	dialog.$wrapper.attr({ role: "dialog", "aria-modal": "true", "aria-label": title });
	dialog.fields_list.forEach(({ $input, df }) => {
		if ($input && df.label) $input.attr("aria-label", df.label);
	});
	dialog.get_close_btn().attr("aria-label", __("Close"));
	dialog.get_minimize_btn().attr("aria-label", __("Minimize"));
}
