import { nextTick, reactive } from "vue";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fold_all } from "@/shared/fold";
import { find, use_search } from "@/transcript/search";
import { words_of } from "@/shared/transcript";

const timed = (texts, start) => texts.map((text, i) => [start + i, start + i + 0.9, text, 1]);
const segment = (name, start, speaker, text) => [
	name,
	start,
	start + 5,
	speaker,
	text,
	timed(text.split(" "), start),
];
const lines_of = (segments) =>
	segments.map((one) => fold_all(words_of(one).map((word) => word[2])));
const found = (segments, query, speaker = "") =>
	find(segments, lines_of(segments), query, speaker).map(({ row, first, last, time }) => [
		row,
		first,
		last,
		time,
	]);

const CALL = [
	segment("a", 0, "S1", "Guten Tag, hier ist Zażółć."),
	segment("b", 10, "S2", "The e-mail about the price, the price!"),
	segment("c", 20, "S1", "The price is 1,000 euros."),
];

describe("find", () => {
	it("finds every place in the order of the call, with the time of its word", () => {
		expect(found(CALL, "price")).toEqual([
			[1, 4, 4, 14],
			[1, 6, 6, 16],
			[2, 1, 1, 21],
		]);
	});

	it("goes across words", () => {
		expect(found(CALL, "tag hier IST")).toEqual([[0, 1, 3, 1]]);
	});

	it("finds parts of words, without accents, case and punctuation", () => {
		expect(found(CALL, "zolc")).toEqual([[0, 4, 4, 4]]);
		expect(found(CALL, "email")).toEqual([[1, 1, 1, 11]]);
		expect(found(CALL, "1000")).toEqual([[2, 3, 3, 23]]);
	});

	it("looks at one speaker only where one was chosen", () => {
		expect(found(CALL, "price", "S1")).toEqual([[2, 1, 1, 21]]);
		expect(found(CALL, "price", "S9")).toEqual([]);
	});

	it("finds nothing for nothing", () => {
		["", "  ", "?!", null].forEach((query) => expect(found(CALL, query)).toEqual([]));
		expect(found([], "price")).toEqual([]);
	});

	it("takes signs of regular expressions for what they are", () => {
		const segments = [segment("a", 0, "S1", "in C++ and C#"), segment("b", 9, "S1", "in CCC")];
		expect(found(segments, "C++")).toEqual([[0, 1, 1, 1]]);
		expect(found(segments, ".*")).toEqual([]);
	});

	it("finds at the start of an utterance whose words nobody timed, and not in one without words", () => {
		const plain = ["a", 7, 9, "S1", "no times here", []];
		const gap = ["b", 9, 10, "S1", "", []];
		expect(found([gap, plain], "times")).toEqual([[1, 1, 1, 7]]);
	});
});

describe("the search of a call", () => {
	let stores;
	let search;

	beforeEach(() => {
		stores = {
			playback: reactive({ time: 0 }),
			tabs: { open: vi.fn() },
			transcript: reactive({ segments: CALL, show: vi.fn() }),
		};
		search = use_search(stores);
	});

	const ask = async (query, speaker = "") => {
		Object.assign(search, { query, speaker });
		await nextTick();
	};

	it("begins with the first place from where the sound is", async () => {
		stores.playback.time = 15.5;
		await ask("price");
		expect(search.at).toBe(1);
		expect(stores.transcript.show).toHaveBeenLastCalledWith(1, { follow: false });
	});

	it("begins at the top where the sound is behind all places", async () => {
		stores.playback.time = 99;
		await ask("price");
		expect(search.at).toBe(0);
	});

	it("goes round in both directions", async () => {
		await ask("price");
		const visited = [1, 1, 1, -1, -1].map((by) => {
			search.step(by);
			return search.at;
		});
		expect(visited).toEqual([1, 2, 0, 2, 1]);
	});

	it("steps back to the last of places that came after the question", async () => {
		stores.transcript.segments = CALL.slice(0, 1);
		await ask("price");
		expect(search.at).toBe(-1);
		stores.transcript.segments = CALL;
		search.step(-1);
		expect(search.at).toBe(2);
	});

	it("counts no place that was edited away", async () => {
		await ask("price");
		search.go_to(2);
		stores.transcript.segments = CALL.slice(0, 2);
		await nextTick();
		expect([search.at, search.hits.length]).toEqual([1, 2]);
		stores.transcript.segments = CALL.slice(0, 1);
		await nextTick();
		expect([search.at, search.hits.length]).toEqual([-1, 0]);
	});

	it("does not step where nothing was found", async () => {
		await ask("nothing of this");
		search.step(1);
		search.step(-1);
		expect(search.at).toBe(-1);
		expect(stores.transcript.show).not.toHaveBeenCalled();
	});

	it("numbers the places of each row among all", async () => {
		await ask("price");
		const numbers = [...search.by_row].map(([row, hits]) => [row, hits.map((h) => h.index)]);
		expect(numbers).toEqual([
			[1, [0, 1]],
			[2, [2]],
		]);
		expect(search.markers.map(({ time }) => time)).toEqual([14, 16, 21]);
		expect(search.markers[0].label).toBe("Found: price");
	});

	it("shows all rows, or those of a speaker", async () => {
		expect(search.rows).toBeNull();
		await ask("", "S1");
		expect(search.rows).toEqual([0, 2]);
	});

	it("forgets the place when the question is cleared", async () => {
		await ask("price");
		search.clear();
		await nextTick();
		expect(search.at).toBe(-1);
		expect(search.hits).toEqual([]);
	});
});
