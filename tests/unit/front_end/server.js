// Simulates the server for XMLHttpRequest: answers by the method's name, and records requests.

/**
 * @param {Object<string, function(Object, number): any>} answers {method: function(arguments, number of earlier calls) -> its
 * answer; a `Refusal` that is thrown or returned is a refusal of the server}
 * @returns {{method: string, args: Object}[]} the requests so far
 */
export function serve(answers) {
	const asked = [];
	globalThis.XMLHttpRequest = class {
		upload = {};
		open(verb, address) {
			const [path, query] = address.split("?");
			this.method = path.replace("/api/method/call_intelligence.api.", "");
			this.query = new URLSearchParams(query);
		}
		setRequestHeader() {}
		send(body) {
			const args = Object.fromEntries([...(body || this.query)].map(read));
			const before = asked.filter(({ method }) => method === this.method).length;
			asked.push({ method: this.method, args });
			const answer = answers[this.method](args, before);
			queueMicrotask(() => {
				if (answer instanceof Refusal) {
					this.status = answer.status;
					this.responseText = answer.text;
					if (!answer.status) return this.onerror();
				} else {
					this.status = 200;
					this.responseText = JSON.stringify({ message: answer });
				}
				this.onload();
			});
		}
	};
	return asked;
}

/** @param {number} status 0: the connection is broken */
export class Refusal {
	constructor(status, text = "{}") {
		Object.assign(this, { status, text });
	}
}

function read([key, value]) {
	try {
		return [key, JSON.parse(value)];
	} catch {
		return [key, value];
	}
}
