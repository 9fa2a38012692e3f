// Requests sent while the page is being left: an ordinary request would be aborted.

/** @param {string} method of the API, as for `post` */
export function post_last(method, args) {
	fetch(`/api/method/call_intelligence.api.${method}`, {
		method: "POST",
		keepalive: true,
		headers: {
			"Content-Type": "application/json",
			"X-Frappe-CSRF-Token": frappe.csrf_token,
		},
		body: JSON.stringify(args),
	}).catch(() => {
		// the page is gone: there is nowhere to show the error
	});
}
