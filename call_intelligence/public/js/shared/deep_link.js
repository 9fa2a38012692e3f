// URLs of a moment in a call: /app/call/CALL-2026-00001?t=83
import { parse_time } from "./times";

/** Reads the parameters of the URL and removes them, so that no list view takes them for filters. */
export function take_deep_link() {
	const query = new URLSearchParams(window.location.search);
	const options = frappe.route_options || {};
	// Desk moves the query of a clicked link to route_options and drops it from the URL
	const take = (name) => {
		const value = options[name] !== undefined ? options[name] : query.get(name);
		delete options[name];
		return value;
	};
	const time = parse_time(take("t"));
	const segment = take("segment");
	const clip = parse_clip(take("clip"));
	const comment = take("comment");
	const tab = take("tab");
	const shared = take("shared");
	if (frappe.route_options && !Object.keys(options).length) frappe.route_options = null;
	return {
		time,
		segment: segment || null,
		clip,
		comment: comment || null,
		tab: tab || null,
		/** name of a Call Clip */
		shared: shared || null,
	};
}

/** "83-95" or "1:23-1:35" as {start, end} in seconds; null for anything else. */
export function parse_clip(text) {
	const [start, end, more] = String(text || "")
		.split("-")
		.map(parse_time);
	return start !== null && end > start && more === undefined ? { start, end } : null;
}

/** The URL of a moment, for sharing. */
export function link_to(call, seconds) {
	const path = frappe.utils.get_form_link("Call", call);
	return `${window.location.origin}${path}?t=${Math.floor(seconds)}`;
}
