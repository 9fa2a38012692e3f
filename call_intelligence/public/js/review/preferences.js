// What a user keeps from call to call and from device to device: speed, volume, the place in each call.
// Frappe's own user settings hold it, those of the DocType Call, beside what the list view keeps there.

const DOCTYPE = "Call";
const VIEW = "Review";
const API = "/api/method/frappe.model.utils.user_settings.";
const SAVE_AFTER = 1500;
// what came with the page this many milliseconds ago may have changed on another device
const FRESH = 60000;
const PLACES = 100;
// a place this near to either end is no place to come back to
const NEAR_START = 3;
const NEAR_END = 5;

const DEFAULTS = {
	rate: 1,
	volume: 1,
	muted: false,
	skip_silence: false,
	/** single keys such as J, K and L work in the review */
	single_keys: true,
	/** words that the engine was unsure of are underlined */
	low_confidence: false,
	hide_video: false,
	/** the participants unfolded on a narrow screen */
	show_participants: false,
	/** comments in the order of writing, the newest first; else in the order of the call */
	comments_newest: false,
	/** the associations of a call are shown on a narrow screen */
	associations_open: false,
	/** one lane per speaker below the waveform; null: as the screen has room */
	lanes: null,
	/** {recording: seconds}, what was heard last comes last; the name of a call may be given again, that of a recording not */
	places: {},
};

/** Used through `reactive`: what `get` answers may be watched. */
export class Preferences {
	constructor() {
		this.values = { ...DEFAULTS, ...kept() };
		this.timer = null;
		this.on_leave = () => this.flush();
		window.addEventListener("pagehide", this.on_leave);
	}

	/** Asks the server in a page that has been open for a while: the user may have listened elsewhere since. */
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
		} catch (error) {
			// what came with the page will do
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

	/** @returns {number|null} where the user stopped hearing the recording */
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

	/** Saves what has not been saved; also when the page is about to go. */
	flush() {
		if (!this.timer) return;
		clearTimeout(this.timer);
		this.timer = null;
		const values = JSON.parse(JSON.stringify(this.values));
		// the list view saves all that it knows of; it must not bring back what was
		const settings = frappe.model.user_settings;
		settings[DOCTYPE] = { ...settings[DOCTYPE], [VIEW]: values };
		if (frappe.session.user === "Guest") return;
		// the server merges by view, so that the list's own settings stay; keepalive: the page may be closing
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
			// a speed that is forgotten is no reason to disturb anybody
		});
	}

	close() {
		window.removeEventListener("pagehide", this.on_leave);
		this.flush();
	}
}

/** What was kept, without what an older version or another hand may have left in a shape of its own. */
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
