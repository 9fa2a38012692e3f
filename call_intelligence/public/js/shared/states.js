// States of a call: labels, colours, and which are final.
import { time_of_day } from "./format";

const COLOURS = {
	"No recording": "gray",
	Queued: "gray",
	Preparing: "blue",
	Transcribing: "blue",
	"Identifying speakers": "blue",
	Analysing: "blue",
	Ready: "green",
	"Not transcribed": "gray",
	Failed: "red",
};

const LASTING = ["No recording", "Ready", "Not transcribed", "Failed"];

export function state_colour(status) {
	return COLOURS[status] || "gray";
}

/** True while the call is being processed, so that its state must be polled. */
export function in_progress(status) {
	return Boolean(status) && !LASTING.includes(status);
}

/**
 * The state as text: "Transcribing 42 %" while it runs, "Trying again at 14:32: the worker was lost" after a failed attempt.
 * @param {string} [next_attempt_at] datetime of the site
 * @param {string} [error] why the last attempt failed, for a call that waits for the next one
 */
export function state_label(status, progress, next_attempt_at, error) {
	if (status === "Queued" && next_attempt_at)
		return [next_attempt(next_attempt_at), error].filter(Boolean).join(": ");
	const label = state_name(status);
	if (!in_progress(status) || status === "Queued" || !progress) return label;
	return __("{0} {1} %", [label, Math.round(progress)]);
}

// the time has passed, but other calls are ahead of it in the queue
function next_attempt(at) {
	const over = String(at).slice(0, 19) < frappe.datetime.now_datetime();
	return over ? __("Trying again soon") : __("Trying again at {0}", [time_of_day(at)]);
}

// Spelled out so that the extractor of translatable texts finds every one of them.
function state_name(status) {
	const names = {
		"No recording": __("No recording"),
		Queued: __("Queued"),
		Preparing: __("Preparing"),
		Transcribing: __("Transcribing"),
		"Identifying speakers": __("Identifying speakers"),
		Analysing: __("Analysing"),
		Ready: __("Ready"),
		"Not transcribed": __("Not transcribed"),
		Failed: __("Failed"),
	};
	return names[status] || __(status || "");
}

export function direction_name(direction) {
	const names = {
		Inbound: __("Inbound"),
		Outbound: __("Outbound"),
		Meeting: __("Meeting"),
	};
	return names[direction] || __(direction || "");
}
