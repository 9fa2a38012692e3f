// What the page says in passing, in Desk's own corner.

/** @param {Error} error whose message is made for people */
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
