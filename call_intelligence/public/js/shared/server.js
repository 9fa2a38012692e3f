// Requests to the app: without message box or freeze; the server's message becomes that of the error.

const API = "/api/method/call_intelligence.api.";

/** @returns {Promise<any>} the method's result; rejects with an Error whose message can be shown */
export function get(method, args = {}) {
	const query = new URLSearchParams(args).toString();
	return request("GET", query ? `${method}?${query}` : method);
}

export function post(method, args = {}) {
	const form = new FormData();
	Object.keys(args).forEach((key) => {
		const value = args[key];
		if (value === undefined || value === null) return;
		const plain = typeof value !== "object" || value instanceof Blob;
		form.append(key, plain ? value : JSON.stringify(value));
	});
	return send("POST", method, form);
}

function request(verb, path) {
	return send(verb, path, null);
}

/**
 * @param {FormData|null} body
 * @param {{progress?: function(number): void, opened?: function(XMLHttpRequest): void}} watch
 *   progress: bytes sent so far; opened: gets the request so that it can be aborted
 */
export function send(verb, path, body, watch = {}) {
	// XMLHttpRequest, not fetch: only it reports the progress of sending
	return new Promise((resolve, reject) => {
		const xhr = new XMLHttpRequest();
		xhr.open(verb, API + path);
		xhr.setRequestHeader("Accept", "application/json");
		xhr.setRequestHeader("X-Frappe-CSRF-Token", frappe.csrf_token);
		if (watch.progress) xhr.upload.onprogress = (event) => watch.progress(event.loaded);
		xhr.onload = () => {
			const answer = parse(xhr.responseText);
			if (xhr.status >= 200 && xhr.status < 300) resolve(answer && answer.message);
			else {
				const error = failure(
					server_words(answer) || status_words(xhr.status),
					xhr.status
				);
				// data returned with the refusal, such as another user's newer notes
				reject(Object.assign(error, { answer: answer && answer.message }));
			}
		};
		xhr.onerror = () => reject(failure(__("The connection was lost."), 0));
		xhr.onabort = () => reject(failure(__("Stopped."), 0, true));
		if (watch.opened) watch.opened(xhr);
		xhr.send(body);
	});
}

function failure(message, status, aborted = false) {
	// errors of a proxy or a broken connection may pass; those of the application don't
	const passing = !aborted && (status === 0 || status === 429 || status >= 502);
	return Object.assign(new Error(message), { status, aborted, passing });
}

function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** The messages of a refused request, as plain text. */
function server_words(answer) {
	if (!answer) return "";
	const messages = parse(answer._server_messages) || [];
	const words = messages
		.map((entry) => parse(entry) || { message: entry })
		.map((entry) => plain_text(entry.message))
		.filter(Boolean);
	return words.join(" ") || plain_text(answer._error_message);
}

function plain_text(markup) {
	if (!markup) return "";
	// DOMParser builds an inert document: nothing in it runs or loads
	return new DOMParser().parseFromString(String(markup), "text/html").body.textContent.trim();
}

function status_words(status) {
	if (status === 403) return __("You are not allowed to do this.");
	if (status === 404) return __("This no longer exists.");
	if (status === 413) return __("The server refused it as too large.");
	if (status === 429) return __("Too many requests at once. Try again in a moment.");
	return __("The server could not answer ({0}).", [status]);
}
