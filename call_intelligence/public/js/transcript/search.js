// Searches words and speakers in the browser, which has the whole transcript.
import { computed, reactive, watch } from "vue";
import { fold_all, pattern } from "../shared/fold";
import { SEGMENT, WORD, words_of } from "../shared/transcript";

/** A segment as one folded line, with the offset of each word. */
function line_of(segment) {
	return fold_all(words_of(segment).map((word) => word[WORD.TEXT]));
}

/** Index of the word at the character `offset`. */
function word_holding(starts, offset) {
	let index = 0;
	while (index + 1 < starts.length && starts[index + 1] <= offset) index += 1;
	return index;
}

/** @returns {{row, first, last, time}[]} row: index of the segment; first..last: indices of its words; seconds */
export function find(segments, lines, query, speaker) {
	const wanted = pattern(query);
	const hits = [];
	if (!wanted) return hits;
	segments.forEach((segment, row) => {
		if (speaker && segment[SEGMENT.SPEAKER] !== speaker) return;
		const { text, starts } = lines[row];
		for (const { 0: hit, index: at } of text.matchAll(wanted)) {
			const first = word_holding(starts, at);
			const last = word_holding(starts, at + hit.length - 1);
			const word = words_of(segment)[first];
			hits.push({
				row,
				first,
				last,
				time: word ? word[WORD.START] : segment[SEGMENT.START],
			});
		}
	});
	return hits;
}

/** The store `search`. */
export function use_search({ playback, tabs, transcript }) {
	const lines = computed(() => transcript.segments.map(line_of));
	const hits = computed(() =>
		search.query ? find(transcript.segments, lines.value, search.query, search.speaker) : []
	);
	const search = reactive({
		query: "",
		/** key of the speaker to show exclusively; "" for all */
		speaker: "",
		/** index of the current hit; -1 before the first */
		at: -1,
		/** counts requests to focus the field */
		asked: 0,
		hits,
		/** row -> its hits, each with its overall index */
		by_row: computed(() => {
			const rows = new Map();
			hits.value.forEach((hit, index) => {
				if (!rows.has(hit.row)) rows.set(hit.row, []);
				rows.get(hit.row).push({ ...hit, index });
			});
			return rows;
		}),
		/** rows of the chosen speaker; null: all rows */
		rows: computed(() =>
			search.speaker
				? transcript.segments.flatMap((segment, row) =>
						segment[SEGMENT.SPEAKER] === search.speaker ? [row] : []
				  )
				: null
		),
		markers: computed(() =>
			hits.value.map((hit, index) => ({
				time: hit.time,
				kind: "hit",
				label: __("Found: {0}", [search.query]),
				go: () => search.go_to(index),
			}))
		),
		look_for(query) {
			search.query = query;
		},
		/** @param {string} speaker a key; "" for all */
		show_only(speaker) {
			search.speaker = speaker;
		},
		focus() {
			tabs.open("transcript");
			search.asked += 1;
		},
		/** To the next hit (1) or the previous (-1), wrapping around. */
		step(by) {
			const count = hits.value.length;
			// one step back from before the first is the last
			const from = search.at < 0 && by < 0 ? 0 : search.at;
			if (count) search.go_to((from + by + count) % count);
		},
		go_to(index) {
			search.at = index;
			const hit = hits.value[index];
			if (hit) transcript.show(hit.row, { follow: false });
		},
		clear() {
			search.query = "";
		},
	});
	// a new query starts with the first hit after the playback position
	watch(
		() => [search.query, search.speaker],
		() => {
			const later = hits.value.findIndex((hit) => hit.time >= playback.time - 1);
			if (hits.value.length) search.go_to(Math.max(0, later));
			else search.at = -1;
		}
	);
	// the transcript may be edited meanwhile
	watch(
		() => hits.value.length,
		(count) => (search.at = Math.min(search.at, count - 1))
	);
	return search;
}
