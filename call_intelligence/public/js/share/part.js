// A part of a call: formats, parses and validates its times, and lists the words in it.
import { clock } from "../shared/format";
import { parse_time } from "../shared/times";
import { speaker_of } from "../shared/speakers";
import { SEGMENT, WORD, blank_before, words_of } from "../shared/transcript";

// seconds; a shorter part is a mistake
export const SHORTEST = 1;
// number of utterances shown at each end of a long part
const AT_EACH_END = 12;

/** Rounds to tenths of a second: a finger is not more precise, and "1:23.4" is readable. */
export function round(seconds) {
	return Math.round(seconds * 10) / 10;
}

/** 83.4 -> "1:23.4", 83 -> "1:23" */
export function precise_clock(seconds) {
	const tenths = Math.round(seconds * 10);
	return clock(Math.floor(tenths / 10)) + (tenths % 10 ? `.${tenths % 10}` : "");
}

/** Parses seconds, also with a decimal comma; null if invalid: 1:75 is a typing error. */
export function read_time(text) {
	const parts = String(text).trim().replace(",", ".").split(":");
	return parts.slice(1).every((part) => Number(part) < 60) ? parse_time(parts.join(":")) : null;
}

/**
 * @param {"start"|"end"} side which of the two was typed
 * @param {{start: number, end: number}} part gives the other one
 * @returns {{time: number}|{complaint: string}}
 */
export function check_time(text, side, part, duration) {
	const time = read_time(text);
	if (time === null) {
		return { complaint: __("Write a time as 1:23, 1:02:03 or in seconds.") };
	}
	// the displayed time is rounded to tenths
	if (duration && time > duration + 0.1) {
		return { complaint: __("The call ends at {0}.", [clock(duration)]) };
	}
	const { start, end } = { ...part, [side]: Math.min(time, duration || time) };
	if (end <= start) return { complaint: __("The end of the part must be after its start.") };
	// 2.3 - 1.3 is a little less than 1
	if (round(end - start) < SHORTEST)
		return { complaint: __("A part lasts at least one second.") };
	return { time: side === "start" ? start : end };
}

/**
 * The words of a part: those whose middle is inside, as the server cuts them.
 * @returns {{lines: {key, label, colour, text}[], left_out: number}} left_out: number of lines omitted in the middle of a
 * long part; their place is half way through the lines
 */
export function excerpt_of(segments, speakers, { start, end }) {
	const inside = segments.filter(
		(segment) => segment[SEGMENT.END] > start && segment[SEGMENT.START] < end
	);
	const left_out = Math.max(0, inside.length - 2 * AT_EACH_END);
	if (left_out) inside.splice(AT_EACH_END, left_out);
	const lines = inside
		.map((segment) => {
			const { label, colour } = speaker_of(speakers, segment[SEGMENT.SPEAKER]);
			return { key: segment[SEGMENT.NAME], label, colour, text: said(segment, start, end) };
		})
		.filter(({ text }) => text);
	return { lines, left_out };
}

function said(segment, start, end) {
	if (segment[SEGMENT.START] >= start && segment[SEGMENT.END] <= end) {
		return segment[SEGMENT.TEXT];
	}
	// without word times it is unknown which words are inside
	if (!(segment[SEGMENT.WORDS] || []).length) return "";
	return words_of(segment)
		.filter((word) => {
			const middle = (word[WORD.START] + word[WORD.END]) / 2;
			return middle >= start && middle < end;
		})
		.map((word, i) => blank_before(word, i) + word[WORD.TEXT])
		.join("");
}
