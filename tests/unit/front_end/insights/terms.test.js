import { reactive } from "vue";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { use_terms, words_of_mention } from "@/insights/terms";

const segment = (name, start, text) => [
	name,
	start,
	start + 5,
	"S1",
	text,
	text.split(" ").map((word, i) => [start + i, start + i + 0.9, word, 1]),
];
const SEGMENTS = [
	segment("a", 0, "We have a big"),
	segment("x", 2, "yes"),
	segment("b", 10, "Discount, this week"),
];
const ROWS = new Map(SEGMENTS.map(([name], row) => [name, row]));
const mention = (first_segment, first, last_segment, last, text) => ({
	first_segment,
	first,
	last_segment,
	last,
	text,
});

describe("the words of a mention", () => {
	it("are in one utterance, or in two with others between", () => {
		expect(words_of_mention(mention("b", 0, "b", 1, "discount this"), SEGMENTS, ROWS)).toEqual(
			[{ row: 2, first: 0, last: 1 }]
		);
		expect(words_of_mention(mention("a", 3, "b", 0, "big discount"), SEGMENTS, ROWS)).toEqual([
			{ row: 0, first: 3, last: 3 },
			{ row: 2, first: 0, last: 0 },
		]);
	});

	it("are none where the transcript reads otherwise by now", () => {
		expect(words_of_mention(mention("b", 0, "b", 0, "budget"), SEGMENTS, ROWS)).toEqual([]);
		expect(words_of_mention(mention("b", 9, "b", 9, "x"), SEGMENTS, ROWS)).toEqual([]);
		expect(words_of_mention(mention("gone", 0, "b", 0, "x"), SEGMENTS, ROWS)).toEqual([]);
	});

	it("may be kept shortened", () => {
		const words = words_of_mention(mention("b", 0, "b", 2, "Discount, this"), SEGMENTS, ROWS);
		expect(words).toEqual([{ row: 2, first: 0, last: 2 }]);
	});
});

describe("going through mentions", () => {
	const row = (start, side = "Owner") => [start, start + 1, "S1", side, "a", "a", 0, 0, "We"];
	const answer = (...starts) => ({
		categories: [
			{
				name: "c",
				title: "c",
				terms: [
					{ name: "t", title: "T", mentions: starts.map((start) => row(start)) },
					{ name: "u", title: "U", mentions: [row(15, "Customer")] },
				],
			},
		],
		may_edit: false,
		scan: null,
	});
	let stores;
	let terms;
	beforeEach(() => {
		stores = {
			call: { gone: false },
			moments: { visit: vi.fn() },
			playback: reactive({ time: 0 }),
			transcript: reactive({ segments: SEGMENTS }),
		};
		terms = use_terms(stores);
		terms.take(answer(1, 10, 20));
	});
	afterEach(() => terms.destroy());
	const visited = () => stores.moments.visit.mock.calls.map(([time]) => time);

	it("of a chosen term goes round and round", () => {
		terms.choose({ name: "t" });
		[1, 1, 1, -1].forEach((by) => terms.step(by));
		expect(visited()).toEqual([1, 10, 20, 1, 20]);
	});

	it("goes on where the same term is chosen again", () => {
		terms.choose({ name: "t" });
		terms.choose({ name: "t" });
		expect(visited()).toEqual([1, 10]);
		terms.choose({ name: "u" }, "Owner");
		expect(terms.chosen).toEqual([]);
	});

	it("of all terms goes by the time of the sound", () => {
		stores.playback.time = 12;
		terms.step(1);
		terms.step(-1);
		stores.playback.time = 99;
		terms.step(1);
		stores.playback.time = 0;
		terms.step(-1);
		expect(visited()).toEqual([15, 10, 1, 20]);
	});

	it("stays at a mention although others have come before it", () => {
		terms.choose({ name: "t" });
		terms.step(1);
		terms.take(answer(1, 5, 10, 20));
		expect([terms.at, terms.current.start]).toEqual([2, 10]);
		terms.take(answer());
		expect([terms.at, terms.term]).toEqual([-1, ""]);
	});

	it("counts and titles what there is", () => {
		terms.choose({ name: "u" });
		expect([terms.count, terms.title]).toEqual([4, "U"]);
		expect(terms.all[0].sides).toEqual({ Owner: 3, Customer: 0, Unknown: 0 });
		expect(terms.markers.filter(({ kind }) => kind === "term-now")).toHaveLength(1);
	});

	it("is not there for somebody without the seat", () => {
		terms.take(null);
		expect(terms.available).toBe(false);
	});
});
