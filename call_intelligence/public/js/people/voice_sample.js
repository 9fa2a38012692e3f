// Finds a stretch where only one voice is heard, long enough to recognise it.
import { SEGMENT } from "../shared/transcript";

const LONGEST = 5; // seconds
const SHORTEST = 0.4;
// the last sound of a word often continues after its end
const AFTER = 0.1;

/**
 * @param {Array[]} segments in their order
 * @param {string} key of a speaker
 * @returns {{start: number, end: number}|null} at most five seconds of one utterance, without other voices
 */
export function sample_of(segments, key) {
	let best = null;
	segments.forEach((segment, index) => {
		if (segment[SEGMENT.SPEAKER] !== key) return;
		alone(segments, index).forEach(([start, end]) => {
			if (!best || end - start > best.end - best.start) best = { start, end };
		});
	});
	if (!best || best.end - best.start < SHORTEST) return null;
	const end = Math.min(best.end, best.start + LONGEST);
	return { start: best.start, end: end < best.end ? end : end + AFTER };
}

/** The stretches of an utterance without other voices: [[start, end], ...] */
function alone(segments, index) {
	const key = segments[index][SEGMENT.SPEAKER];
	let free = [[segments[index][SEGMENT.START], segments[index][SEGMENT.END]]];
	others_around(segments, index).forEach((other) => {
		if (other[SEGMENT.SPEAKER] === key) return;
		free = free.flatMap(([start, end]) =>
			[
				[start, Math.min(end, other[SEGMENT.START])],
				[Math.max(start, other[SEGMENT.END]), end],
			].filter(([from, to]) => to > from)
		);
	});
	return free;
}

// an utterance that began long ago still lasts for at most this many later ones
const NEAR = 12;

function others_around(segments, index) {
	const end = segments[index][SEGMENT.END];
	const around = segments.slice(Math.max(0, index - NEAR), index);
	for (let i = index + 1; i < segments.length && segments[i][SEGMENT.START] < end; i++) {
		around.push(segments[i]);
	}
	return around;
}
