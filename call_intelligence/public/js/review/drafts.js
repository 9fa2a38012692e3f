// Words that have not been sent yet: they outlive a closed editor, a reload and a lost connection, in this browser.

const memory = new Map();

/** Of a recording: the name of a deleted call is given to another one. */
function key_of({ name, recording }, what) {
	return `call_intelligence:${frappe.session.user}:${recording ? recording.name : name}:${what}`;
}

/** @returns {any} what `keep_draft` was given, or null */
export function draft_of(store, what) {
	const key = key_of(store, what);
	if (memory.has(key)) return memory.get(key);
	try {
		return JSON.parse(localStorage.getItem(key));
	} catch (error) {
		return null;
	}
}

export function keep_draft(store, what, value) {
	const key = key_of(store, what);
	memory.set(key, value);
	try {
		localStorage.setItem(key, JSON.stringify(value));
	} catch (error) {
		// a full or forbidden store: this page still has it
	}
}

export function drop_draft(store, what) {
	const key = key_of(store, what);
	memory.delete(key);
	try {
		localStorage.removeItem(key);
	} catch (error) {
		// nothing was kept there either
	}
}
