// The transcript in the review: plain arrays as sent by the server, searched by time.

// a segment: [name, start, end, speaker, text, words, channel?, language?]; a word: [start, end, text, probability, glued?]
export const SEGMENT = {
	NAME: 0,
	START: 1,
	END: 2,
	SPEAKER: 3,
	TEXT: 4,
	WORDS: 5,
	CHANNEL: 6,
	LANGUAGE: 7,
};
export const WORD = { START: 0, END: 1, TEXT: 2, PROBABILITY: 3, GLUED: 4 };

/** Speech that was not understood. */
export function is_gap(segment) {
	return !segment[SEGMENT.TEXT];
}

/** The separator before the word number `index` of its utterance: empty for words of Chinese or Japanese. */
export function blank_before(word, index) {
	return index && !word[WORD.GLUED] ? " " : "";
}

/** The code of a language that begins with this segment; "" if it is that of the one before. */
export function language_from(segments, index, call_language) {
	const of = (row) => (row && row[SEGMENT.LANGUAGE]) || call_language || "";
	const here = of(segments[index]);
	return here === of(segments[index - 1]) ? "" : here;
}

/** Index of the last item that starts at or before `time`; -1 before the first. */
export function index_at(items, time, start = 0) {
	let low = 0;
	let high = items.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (items[middle][start] <= time) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

/** Index of the current segment, or of the last one before; -1 before the first. */
export function segment_at(segments, time) {
	return index_at(segments, time, SEGMENT.START);
}

/** The next segment on the same channel, with which `index` may be merged; undefined after the last. */
export function following(segments, index) {
	const channel = (row) => row[SEGMENT.CHANNEL] || 0;
	const here = segments[index];
	return here && segments.find((row, i) => i > index && channel(row) === channel(here));
}

/** Index of the current word within a segment; -1 in a pause longer than a breath. */
export function word_at(segment, time) {
	if (!segment) return -1;
	const words = segment[SEGMENT.WORDS] || [];
	const index = index_at(words, time, WORD.START);
	return index >= 0 && time <= words[index][WORD.END] + 0.4 ? index : -1;
}

/** The words of a segment; without word times, its text split at spaces, all at its start. */
export function words_of(segment) {
	const words = segment[SEGMENT.WORDS];
	if (words && words.length) return words;
	const start = segment[SEGMENT.START];
	return segment[SEGMENT.TEXT]
		.split(/\s+/)
		.filter(Boolean)
		.map((text) => [start, start, text, 1]);
}

/** Keys of the speakers at `time`; speech overlaps, so there may be several. */
export function talking_at(segments, time) {
	const keys = [];
	// an utterance that began long ago still lasts for at most this many later ones
	const last = segment_at(segments, time);
	for (let i = last; i >= 0 && i > last - 12; i--) {
		const segment = segments[i];
		const key = segment[SEGMENT.SPEAKER];
		if (segment[SEGMENT.END] >= time && !keys.includes(key)) keys.unshift(key);
	}
	return keys;
}

/** The server's peaks, base64 of int8 0..127, as Float32Array 0..1. */
export function decode_peaks(peaks) {
	if (!peaks || !peaks.data) return null;
	const bytes = atob(peaks.data);
	const values = new Float32Array(bytes.length);
	for (let i = 0; i < bytes.length; i++) values[i] = Math.min(1, bytes.charCodeAt(i) / 127);
	return values;
}
