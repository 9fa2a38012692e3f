// Unsent text: kept in this browser after the editor is closed, a reload or a lost connection.

const memory = new Map();

/** Keyed by recording, since the name of a deleted call can be reused. */
function key_of({ name, recording }, what) {
	return `call_intelligence:${frappe.session.user}:${recording ? recording.name : name}:${what}`;
}

/** @param {{name, recording}} call the store  @returns {any} the value passed to `keep_draft`, or null */
export function draft_of(call, what) {
	const key = key_of(call, what);
	if (memory.has(key)) return memory.get(key);
	try {
		return JSON.parse(localStorage.getItem(key));
	} catch {
		return null;
	}
}

export function keep_draft(call, what, value) {
	const key = key_of(call, what);
	memory.set(key, value);
	try {
		localStorage.setItem(key, JSON.stringify(value));
	} catch {
		// storage full or forbidden: kept in this page only
	}
}

export function drop_draft(call, what) {
	const key = key_of(call, what);
	memory.delete(key);
	try {
		localStorage.removeItem(key);
	} catch {
		// nothing was stored either
	}
}
