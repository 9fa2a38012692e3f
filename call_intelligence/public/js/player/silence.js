// Silences, by the transcript.
import { SEGMENT } from "../shared/transcript";

// a shorter pause is part of talking
const LONGEST_PAUSE = 1.5;
// kept on both sides, so that no word is cut off
const MARGIN = 0.3;

/** @returns {[number, number][]} stretches that may be skipped, in order */
export function silences(segments, duration) {
	if (!segments.length) return [];
	const gaps = [];
	// utterances overlap: silence begins at the latest end so far
	let spoken_until = 0;
	const close = (start) => {
		if (start - spoken_until > LONGEST_PAUSE) {
			gaps.push([spoken_until && spoken_until + MARGIN, start - MARGIN]);
		}
	};
	segments.forEach((segment) => {
		close(segment[SEGMENT.START]);
		spoken_until = Math.max(spoken_until, segment[SEGMENT.END]);
	});
	if (duration - spoken_until > LONGEST_PAUSE) gaps.push([spoken_until + MARGIN, duration]);
	return gaps;
}

/** Where to continue from `time`; null if it is not in a silence. */
export function end_of_silence(gaps, time) {
	let low = 0;
	let high = gaps.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (gaps[middle][0] <= time) low = middle + 1;
		else high = middle;
	}
	const gap = gaps[low - 1];
	return gap && time < gap[1] - 0.05 ? gap[1] : null;
}
