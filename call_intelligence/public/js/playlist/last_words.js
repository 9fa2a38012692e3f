// What is said to the server while the page goes away: an ordinary request would be broken off.

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
		// nobody is there any more to be told
	});
}
