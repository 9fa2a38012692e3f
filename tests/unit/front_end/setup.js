// Provides what Desk and the browser define before the app's files are loaded. Nothing of the app is replaced.
import { File } from "node:buffer";
import { beforeEach, vi } from "vitest";

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

// not global in Node 18
globalThis.File = File;

// Node forgets that `true` means capture when a listener is removed
class Target extends EventTarget {
	removeEventListener(type, listener, options) {
		super.removeEventListener(type, listener, options === true ? { capture: true } : options);
	}
}

globalThis.window = Object.assign(new Target(), {
	location: { origin: "https://desk.example", search: "" },
});
globalThis.document = Object.assign(new EventTarget(), {
	hidden: false,
	// Vue creates one when it is loaded
	createElement: () => ({}),
});

/** The text with its values: every placeholder with a value is filled in, as by Desk's `__`. */
globalThis.__ = (text, values = []) =>
	text.replace(/\{(\d+)\}/g, (all, index) => (index in values ? values[index] : all));

globalThis.format_number = (value, format, digits) => value.toFixed(digits);

class Storage {
	values = new Map();
	getItem = (key) => (this.values.has(key) ? this.values.get(key) : null);
	setItem = (key, value) => void this.values.set(key, String(value));
	removeItem = (key) => void this.values.delete(key);
}

function fresh_frappe() {
	return {
		session: { user: "eve@example.com" },
		boot: { lang: "en" },
		csrf_token: "token",
		route_options: null,
		model: { user_settings: {} },
		realtime: null,
		provide: (name) => (globalThis[name] = globalThis[name] || {}),
		show_alert: vi.fn(),
		warn: vi.fn((title, text, go) => go()),
		utils: {
			escape_html: (text) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]),
			get_form_link: (doctype, name) =>
				`/app/${doctype.toLowerCase()}/${encodeURIComponent(name)}`,
		},
		datetime: {
			// for a user with the format dd.mm.yyyy
			str_to_user: (value) =>
				value.replace(/^(\d+)-(\d+)-(\d+)/, "$3.$2.$1").replace(/\.\d+$/, ""),
			now_datetime: () => "2026-03-01 12:00:00",
		},
	};
}

globalThis.frappe = fresh_frappe();

beforeEach(() => {
	globalThis.frappe = fresh_frappe();
	globalThis.localStorage = new Storage();
	document.hidden = false;
	window.location.search = "";
});
