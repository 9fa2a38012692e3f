// Requests of the page.

const API = "/api/method/call_intelligence.api.";

/**
 * @param {{key: string, internal: boolean, csrf_token: string|null}} setup
 * @returns {{open: function(string=): Promise<Object>, look: function(): Promise<Object>}} both return the part; they reject with
 *   an Error that has a status, 0 without a connection
 */
export function source_of({ key, internal, csrf_token }) {
	const post = (method, values) =>
		request(method, {
			method: "POST",
			body: new URLSearchParams(values),
			headers: csrf_token ? { "X-Frappe-CSRF-Token": csrf_token } : {},
		});
	if (internal) {
		const look = () => request(`clips.part?clip=${encodeURIComponent(key)}`);
		// the first look is recorded as an opening
		return { open: () => post("clips.open", { clip: key }).then(look), look };
	}
	const known = {};
	const ask = async (values) => {
		const answer = await post("clip_links.open", { key, ...values });
		if (answer.grant) Object.assign(known, values, { grant: answer.grant });
		return answer;
	};
	// the grant shows that this page is already open; the password is for when it has expired
	return { open: (password) => ask(password ? { password } : {}), look: () => ask(known) };
}

/** Whether the sound is there, without fetching it. @returns {Promise<boolean>} */
export async function is_there(url) {
	try {
		const answer = await fetch(url, { headers: { Range: "bytes=0-0" } });
		return answer.ok;
	} catch {
		return false;
	}
}

async function request(path, options = {}) {
	let answer;
	try {
		answer = await fetch(API + path, {
			...options,
			headers: { Accept: "application/json", ...options.headers },
		});
	} catch {
		throw refusal(0, "");
	}
	const body = await answer.json().catch(() => null);
	if (!answer.ok) throw refusal(answer.status, words_of(body));
	return body && body.message;
}

function refusal(status, words) {
	return Object.assign(new Error(words), { status });
}

/** The server's message, as plain text */
function words_of(body) {
	try {
		const [first] = JSON.parse(body._server_messages);
		const markup = JSON.parse(first).message;
		// an inert document: it runs and loads nothing
		return new DOMParser().parseFromString(markup, "text/html").body.textContent.trim();
	} catch {
		return "";
	}
}
