import { describe, expect, it, test } from "vitest";
import {
	blank_before,
	decode_peaks,
	following,
	index_at,
	is_gap,
	language_from,
	segment_at,
	talking_at,
	word_at,
	words_of,
} from "@/shared/transcript";

const segment = (start, end, speaker = "S1", text = "a b", words = [], ...more) => [
	`seg-${start}`,
	start,
	end,
	speaker,
	text,
	words,
	...more,
];

describe("the place of a time", () => {
	const items = [[1], [2], [2], [5]];

	test.each([
		[0.99, -1],
		[1, 0],
		[1.99, 0],
		[2, 2],
		[4.99, 2],
		[5, 3],
		[1e9, 3],
	])("%d s is in item %i", (time, index) => {
		expect(index_at(items, time)).toBe(index);
	});

	it("is before the first of no items", () => {
		expect(index_at([], 3)).toBe(-1);
		expect(segment_at([], 0)).toBe(-1);
	});

	it("stays with the utterance that was spoken last in a pause", () => {
		const segments = [segment(1, 2), segment(10, 12)];
		expect([0, 1, 5, 10].map((time) => segment_at(segments, time))).toEqual([-1, 0, 0, 1]);
	});
});

describe("the word that is heard", () => {
	const spoken = segment(1, 9, "S1", "one two", [
		[1, 1.5, "one", 1],
		[4, 4.5, "two", 1],
	]);

	test.each([
		[0.9, -1],
		[1, 0],
		[1.5, 0],
		[1.9, 0],
		[1.91, -1],
		[4, 1],
		[4.9, 1],
		[5, -1],
	])("at %d s it is number %i", (time, index) => {
		expect(word_at(spoken, time)).toBe(index);
	});

	it("is none without words or without an utterance", () => {
		expect(word_at(undefined, 1)).toBe(-1);
		expect(word_at(segment(1, 2, "S1", "", null), 1)).toBe(-1);
	});
});

describe("words", () => {
	it("are those of the engine where it told them", () => {
		const words = [[1, 2, "one", 0.4]];
		expect(words_of(segment(1, 2, "S1", "other text", words))).toBe(words);
	});

	it("are cut at any blanks where nobody timed them, all at the start", () => {
		expect(words_of(segment(3, 5, "S1", "  Zażółć\n gęślą\u00a0jaźń "))).toEqual([
			[3, 3, "Zażółć", 1],
			[3, 3, "gęślą", 1],
			[3, 3, "jaźń", 1],
		]);
	});

	it("are none where nothing was understood", () => {
		const gap = segment(3, 5, "S1", "");
		expect(is_gap(gap)).toBe(true);
		expect(words_of(gap)).toEqual([]);
		expect(is_gap(segment(3, 5))).toBe(false);
	});

	it("have a blank before them but for the first and those that are glued on", () => {
		expect(blank_before([0, 1, "a", 1], 0)).toBe("");
		expect(blank_before([0, 1, "b", 1], 1)).toBe(" ");
		expect(blank_before([0, 1, "語", 1, 1], 1)).toBe("");
	});
});

describe("a change of language", () => {
	const rows = [
		segment(0, 1, "S1", "a", [], 0, "de"),
		segment(1, 2, "S1", "b", [], 0, ""),
		segment(2, 3, "S1", "c", [], 0, "en"),
		segment(3, 4, "S1", "d", [], 0, "fr"),
	];

	it("is told where it begins, and only there", () => {
		expect(rows.map((_, i) => language_from(rows, i, "en"))).toEqual(["de", "en", "", "fr"]);
	});

	it("is not told of a call in one language", () => {
		expect(language_from([segment(0, 1)], 0, "pl")).toBe("");
		expect(language_from([segment(0, 1)], 0, "")).toBe("");
	});
});

describe("what an utterance may be merged with", () => {
	it("is the next one of its channel, whoever speaks between", () => {
		const rows = [0, 1, 1, 0].map((channel, i) => segment(i, i + 1, "S1", "x", [], channel));
		expect(following(rows, 0)).toBe(rows[3]);
		expect(following(rows, 1)).toBe(rows[2]);
		expect(following(rows, 3)).toBeUndefined();
		expect(following(rows, 4)).toBeUndefined();
	});

	it("takes a missing channel for the first", () => {
		const rows = [segment(0, 1), segment(1, 2, "S1", "x", [], 0)];
		expect(following(rows, 0)).toBe(rows[1]);
	});
});

describe("who talks", () => {
	const rows = [segment(0, 10, "A"), segment(2, 4, "B"), segment(3, 5, "A"), segment(6, 7, "C")];

	test.each([
		[0, ["A"]],
		[3, ["B", "A"]],
		[4, ["B", "A"]],
		[4.5, ["A"]],
		[6, ["A", "C"]],
		[10, ["A"]],
		[11, []],
	])("at %d s: %j", (time, keys) => {
		expect(talking_at(rows, time).sort()).toEqual([...keys].sort());
	});

	it("names everybody once", () => {
		expect(talking_at(rows, 3.5)).toHaveLength(2);
	});

	it("is nobody before the first utterance", () => {
		expect(talking_at([segment(5, 6)], 1)).toEqual([]);
	});
});

describe("peaks", () => {
	it("are between silence and full", () => {
		const data = btoa(String.fromCharCode(0, 127, 200));
		expect([...decode_peaks({ data })]).toEqual([0, 1, 1]);
	});

	it("are none where the server has none", () => {
		expect(decode_peaks(null)).toBeNull();
		expect(decode_peaks({ data: "" })).toBeNull();
	});
});
