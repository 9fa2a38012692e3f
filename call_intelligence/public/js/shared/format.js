// Formats of times, durations and sizes.

/** 83 -> "1:23", 3723 -> "1:02:03". @param {number} seconds */
export function clock(seconds) {
	const total = Math.max(0, Math.floor(seconds || 0));
	const parts = [Math.floor(total / 60) % 60, total % 60];
	if (total >= 3600) parts.unshift(Math.floor(total / 3600));
	return parts.map((part, i) => (i ? String(part).padStart(2, "0") : part)).join(":");
}

/** 252 -> "4 min 12 s", 3723 -> "1 h 2 min"; empty if unknown. @param {number} seconds */
export function duration(seconds) {
	const total = Math.floor(seconds || 0);
	if (total <= 0) return "";
	const hours = Math.floor(total / 3600);
	const minutes = Math.floor(total / 60) % 60;
	if (hours) return __("{0} h {1} min", [hours, minutes]);
	if (minutes) return __("{0} min {1} s", [minutes, total % 60]);
	return __("{0} s", [total]);
}

/** Duration of a stage: one decimal below ten. @param {number} seconds */
export function elapsed(seconds) {
	if (seconds === null || seconds === undefined) return "";
	return seconds < 10 ? __("{0} s", [seconds.toFixed(1)]) : duration(seconds);
}

/** 1536 -> "1.5 KB". @param {number} bytes */
export function file_size(bytes) {
	const units = ["B", "KB", "MB", "GB", "TB"];
	let value = bytes || 0;
	let unit = 0;
	// rounded as below: never "1024 KB"
	while (Math.round(value) >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit += 1;
	}
	return `${unit && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/**
 * Percentages, rounded so that they add up to 100: [0.535, 0.465] -> [54, 46].
 * @param {number[]} shares that add up to 1
 */
export function percentages(shares) {
	let rounded = 0;
	let exact = 0;
	return shares.map((share) => {
		exact += 100 * share;
		const percent = Math.round(exact) - rounded;
		rounded += percent;
		return percent;
	});
}

/** "de" -> "German", in the reader's language */
export function language_name(code, reader) {
	try {
		return new Intl.DisplayNames([reader || "en"], { type: "language" }).of(code) || code;
	} catch {
		return code;
	}
}

/** A datetime of the database in the user's own format, without the seconds. @param {string} value */
export function date_time(value) {
	if (!value) return "";
	return frappe.datetime.str_to_user(value).replace(/(\d\d:\d\d):\d\d/, "$1");
}

/** The day of a database datetime in the user's time zone. @param {string} value */
export function date(value) {
	if (!value) return "";
	// the time is needed: a date alone would become the day before, west of the site
	const moment = frappe.datetime.convert_to_user_tz(value, false);
	return moment.format(frappe.datetime.get_user_date_fmt().toUpperCase());
}

/** A database datetime as the user's time of day, without seconds. @param {string} value */
export function time_of_day(value) {
	return date_time(value).split(" ").slice(1).join(" ");
}

/** Escapes text for markup and quoted attributes. */
export function escape(text) {
	return frappe.utils.escape_html(String(text === null || text === undefined ? "" : text));
}

/** URL of the review of a call, optionally at a second. */
export function call_link(call, seconds) {
	const link = frappe.utils.get_form_link("Call", call);
	return seconds ? `${link}?t=${Math.floor(seconds)}` : link;
}

/** URL of the list of a record's calls. */
export function calls_of(doctype, name) {
	const value = (text) => encodeURIComponent(JSON.stringify(["=", String(text)]));
	const filters = `Call%20Association.link_doctype=${value(doctype)}`;
	return `/app/call/view/list?${filters}&Call%20Association.link_name=${value(name)}`;
}
