// The door to sharing a part of the call: the dialog is loaded when it is first wanted.
import { SEGMENT, segment_at } from "./transcript";

// seconds around the place where the sound is
const BEFORE = 5;
const AFTER = 20;
// an utterance that begins or ends so near is taken whole
const NEAR = 6;

/**
 * @param {import("./store").ReviewStore} store
 * @param {{start: number, end: number}|null} part null: the loop, the part that is looked at, or some seconds around here
 */
export async function share(store, part = null) {
	const wanted = part || store.playback.loop || store.part || around(store);
	try {
		await frappe.require(["call_share.bundle.css", "call_share.bundle.js"]);
	} catch (error) {
		frappe.show_alert({ message: __("The connection was lost."), indicator: "red" });
		return;
	}
	if (store.gone) return;
	call_intelligence.open_share_dialog({
		call: store.name,
		start: wanted.start,
		end: wanted.end,
		review: review_of(store),
	});
}

/** What a part is chosen on. */
export function review_of({ call, segments, speakers, playback, recording }) {
	return {
		title: call.title,
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

/** Some seconds at the place where the sound is, from the first word of an utterance to the last of another. */
export function around({ playback, segments }) {
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
