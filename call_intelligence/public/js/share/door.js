// Shares a part of the call: loads the dialog on first use.
import { SEGMENT, segment_at } from "../shared/transcript";

// seconds around the playback position
const BEFORE = 5;
const AFTER = 20;
// an utterance that begins or ends this near is included completely
const NEAR = 6;

/**
 * @param {{call, playback, transcript}} stores of the review
 * @param {{start: number, end: number}|null} part null: the loop, the part shown, or some seconds around the position
 */
export async function share(stores, part = null) {
	const { call, playback } = stores;
	const wanted = part || playback.loop || playback.part || around(stores);
	try {
		await frappe.require(["call_share.bundle.css", "call_share.bundle.js"]);
	} catch {
		frappe.show_alert({ message: __("The connection was lost."), indicator: "red" });
		return;
	}
	if (call.gone) return;
	call_intelligence.open_share_dialog({
		call: call.name,
		start: wanted.start,
		end: wanted.end,
		review: review_of(stores),
	});
}

/** Data for choosing a part. */
export function review_of({ call, playback, transcript }) {
	const { doc, recording } = call;
	const { segments, speakers } = transcript;
	return {
		title: doc.title,
		segments,
		speakers,
		duration: playback.duration,
		peaks: recording.peaks,
		playback: playback.media ? playback : null,
		media_url: recording.playable ? recording.media_url : "",
	};
}

/** An utterance from its first to its last sound. */
export function part_of(segment) {
	return {
		start: Math.floor(10 * segment[SEGMENT.START]) / 10,
		end: Math.ceil(10 * segment[SEGMENT.END]) / 10,
	};
}

/** Some seconds around the position, from the first word of an utterance to the last of another. */
export function around({ playback, transcript }) {
	const { segments } = transcript;
	const { time, duration } = playback;
	const first = segments[segment_at(segments, time)];
	const near = first && time - first[SEGMENT.START] < NEAR;
	const start = near ? part_of(first).start : Math.max(0, time - BEFORE);
	const last = segments[segment_at(segments, start + AFTER)];
	const ending =
		last && last[SEGMENT.END] - start - AFTER < NEAR && last[SEGMENT.END] > start + 5;
	const end = ending ? part_of(last).end : start + AFTER;
	return { start: Math.round(10 * start) / 10, end: Math.min(duration, end) };
}
