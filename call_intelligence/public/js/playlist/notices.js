// Messages in Desk's own alerts.

/** @param {Error} error with a message for the user */
export function say_failure(error) {
	frappe.show_alert({ message: frappe.utils.escape_html(error.message), indicator: "red" });
}

/** @param {string} message as plain text */
export function say_with_undo(message, seconds, undo) {
	const words = frappe.utils.escape_html(message);
	const button = `<button type="button" class="btn btn-xs btn-default" data-action="undo">${__(
		"Undo"
	)}</button>`;
	frappe.show_alert({ message: `${words} ${button}`, indicator: "green" }, seconds, { undo });
}
