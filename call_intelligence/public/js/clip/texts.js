// Texts in the language chosen by the server.

export class Texts {
	/** @param {{texts: Object<string, string>, lang: string, time_zone: string}} setup see clips/page.py */
	constructor({ texts, lang, time_zone }) {
		this.texts = texts;
		this.lang = lang;
		/** The time zone of the site, which all times use; "America/New_York" -> "America/New York" */
		this.zone = time_zone.replace(/_/g, " ");
	}

	/** t("time_of", "0:12", "1:30") -> "0:12 of 1:30" */
	t(key, ...values) {
		return this.texts[key].replace(/\{(\d)\}/g, (_all, index) => values[index]);
	}

	/** "2026-01-31 14:30:27" as stored by the site -> "January 31, 2026 at 2:30 PM" */
	date_time(value) {
		const parts = (String(value || "").match(/\d+/g) || []).map(Number);
		if (parts.length < 5) return "";
		const [year, month, day, hour, minute] = parts;
		const options = { dateStyle: "long", timeStyle: "short" };
		const moment = new Date(year, month - 1, day, hour, minute);
		try {
			return new Intl.DateTimeFormat(this.lang, options).format(moment);
		} catch {
			// a language known to Frappe but not to the browser
			return new Intl.DateTimeFormat(undefined, options).format(moment);
		}
	}
}
