// Preferences kept across calls and devices: speed, volume, the position in each call.
// Stored in Frappe's user settings of the DocType Call, next to those of the list view.

const DOCTYPE = "Call";
const VIEW = "Review";
const API = "/api/method/frappe.model.utils.user_settings.";
const SAVE_AFTER = 1500;
// settings loaded with the page longer ago than these milliseconds may have changed on another device
const FRESH = 60000;
const PLACES = 100;
// a position this near to either end is not saved
const NEAR_START = 3;
const NEAR_END = 5;

const DEFAULTS = {
	rate: 1,
	volume: 1,
	muted: false,
	skip_silence: false,
	/** single keys such as J, K and L work in the review */
	single_keys: true,
	/** underline words that the engine was unsure of */
	low_confidence: false,
	hide_video: false,
	/** participants unfolded on a narrow screen */
	show_participants: false,
	/** comments by date, the newest first; else in the order of the call */
	comments_newest: false,
	/** associations shown on a narrow screen */
	associations_open: false,
	/** one lane per speaker below the waveform; null: depending on the screen */
	lanes: null,
	/** {recording: seconds}, the last heard comes last; by recording, since names of calls can be reused */
	places: {},
};

/** Used through `reactive`: results of `get` can be watched. */
export class Preferences {
	constructor() {
		this.values = { ...DEFAULTS, ...kept() };
		this.timer = null;
		this.on_leave = () => this.flush();
		window.addEventListener("pagehide", this.on_leave);
	}

	/** Asks the server if the page was opened a while ago: the user may have listened elsewhere since. */
	async refresh() {
		const settings = frappe.model.user_settings[DOCTYPE] || {};
		const came = settings.updated_on ? Date.parse(settings.updated_on) : 0;
		if (this.timer || Date.now() - came < FRESH) return;
		try {
			const answer = await fetch(`${API}get?doctype=${DOCTYPE}`);
			const fresh = JSON.parse((await answer.json()).message || "{}");
			frappe.model.user_settings[DOCTYPE] = {
				...settings,
				[VIEW]: fresh[VIEW],
				updated_on: new Date().toString(),
			};
			if (!this.timer) Object.assign(this.values, kept());
		} catch {
			// use the values loaded with the page
		}
	}

	/** @param {keyof DEFAULTS} key */
	get(key) {
		return this.values[key];
	}

	/** @param {keyof DEFAULTS} key */
	set(key, value) {
		if (this.values[key] === value) return;
		this.values[key] = value;
		this.save_soon();
	}

	/** @returns {number|null} the saved position in the recording */
	place_of(recording) {
		const seconds = this.values.places[recording];
		return typeof seconds === "number" ? seconds : null;
	}

	remember_place(recording, seconds, duration) {
		const { [recording]: former, ...places } = this.values.places;
		const inside = seconds >= NEAR_START && !(duration && seconds > duration - NEAR_END);
		if (inside) places[recording] = Math.round(seconds * 10) / 10;
		if (places[recording] === former) return;
		const newest = Object.keys(places).slice(-PLACES);
		this.values.places = newest.reduce((all, key) => ({ ...all, [key]: places[key] }), {});
		this.save_soon();
	}

	save_soon() {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.flush(), SAVE_AFTER);
	}

	/** Saves unsaved values; also when the page is being left. */
	flush() {
		if (!this.timer) return;
		clearTimeout(this.timer);
		this.timer = null;
		const values = JSON.parse(JSON.stringify(this.values));
		// the list view saves all that it knows; it must not restore old values
		const settings = frappe.model.user_settings;
		settings[DOCTYPE] = { ...settings[DOCTYPE], [VIEW]: values };
		if (frappe.session.user === "Guest") return;
		// the server merges by view, so the list's settings stay; keepalive: the page may be closing
		fetch(`${API}save`, {
			method: "POST",
			keepalive: true,
			headers: {
				"Content-Type": "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
			},
			body: JSON.stringify({
				doctype: DOCTYPE,
				user_settings: JSON.stringify({ [VIEW]: values }),
			}),
		}).catch(() => {
			// not worth a message
		});
	}

	close() {
		window.removeEventListener("pagehide", this.on_leave);
		this.flush();
	}
}

/** Stored values, without malformed ones from older versions or other writers. */
function kept() {
	const saved = ((frappe.model.user_settings || {})[DOCTYPE] || {})[VIEW] || {};
	const values = {};
	Object.keys(DEFAULTS).forEach((key) => {
		if (fits(key, saved[key])) values[key] = saved[key];
	});
	return values;
}

function fits(key, value) {
	if (value === undefined || value === null) return false;
	const is_number = typeof value === "number";
	if (key === "rate") return is_number && value >= 0.5 && value <= 3;
	if (key === "volume") return is_number && value >= 0 && value <= 1;
	if (key === "places") return typeof value === "object" && !Array.isArray(value);
	return typeof value === "boolean";
}
