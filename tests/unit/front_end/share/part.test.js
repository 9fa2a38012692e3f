import { describe, expect, it, test } from "vitest";
import { check_time, excerpt_of, precise_clock, read_time, round } from "@/share/part";
import { describe_speakers } from "@/shared/speakers";
import { around, part_of } from "@/share/door";

describe("times as people write them", () => {
	test.each([
		["83", 83],
		["83.5", 83.5],
		["83,5", 83.5],
		["1:23", 83],
		[" 1:02:03 ", 3723],
		["1:02:03,4", 3723.4],
		["0", 0],
		["90", 90],
		["90:00", 5400],
		["1:59.9", 119.9],
		["1:60", null],
		["1:75", null],
		["1:60:00", null],
		["1:2:3:4", null],
		["", null],
		["  ", null],
		[":", null],
		["1:", null],
		["-5", null],
		["abc", null],
		["1e3", null],
		["1.2.3", null],
		[null, null],
	])("%j is %j", (text, seconds) => {
		expect(read_time(text)).toBe(seconds);
	});

	test.each([
		[83, "1:23"],
		[83.4, "1:23.4"],
		[83.96, "1:24"],
		[59.95, "1:00"],
		[3599.97, "1:00:00"],
		[0.04, "0:00"],
	])("%d is written %s", (seconds, text) => {
		expect(precise_clock(seconds)).toBe(text);
	});

	it("are read as they are written", () => {
		for (let tenths = 0; tenths < 40000; tenths += 37) {
			expect(read_time(precise_clock(tenths / 10))).toBeCloseTo(tenths / 10, 6);
		}
	});
});

describe("a time that was typed", () => {
	const part = { start: 10, end: 20 };
	const said = (...args) => check_time(...args).complaint;

	it("is taken within the part and the call", () => {
		expect(check_time("0:05", "start", part, 60)).toEqual({ time: 5 });
		expect(check_time("60", "end", part, 60)).toEqual({ time: 60 });
	});

	it("may be the end of the call as it is shown, rounded up", () => {
		expect(check_time("1:00.1", "end", part, 60.04)).toEqual({ time: 60.04 });
		expect(said("1:00.2", "end", part, 60.04)).toBe("The call ends at 1:00.");
	});

	it("is not checked against a length that nobody knows", () => {
		expect(check_time("5:00", "end", part, 0)).toEqual({ time: 300 });
	});

	it("is complained about in words", () => {
		expect(said("1:75", "end", part, 600)).toBe(
			"Write a time as 1:23, 1:02:03 or in seconds."
		);
		expect(said("5", "end", part, 60)).toBe("The end of the part must be after its start.");
		expect(said("20", "start", part, 60)).toBe("The end of the part must be after its start.");
		expect(said("10.9", "end", part, 60)).toBe("A part lasts at least one second.");
		expect(said("19.1", "start", part, 60)).toBe("A part lasts at least one second.");
	});

	it("may leave one second, wherever that is", () => {
		for (let tenths = 0; tenths < 3000; tenths++) {
			const start = round(tenths / 10);
			const end = round(start + 1);
			expect(check_time(String(end), "end", { start, end: 400 }, 500)).toEqual({
				time: end,
			});
			expect(check_time(String(start), "start", { start: 0, end }, 500)).toEqual({
				time: start,
			});
		}
	});
});

describe("what is said in a part", () => {
	const speakers = describe_speakers([{ key: "S1", name: "Ada" }]);
	const segment = (start, end, text, words = []) => [`n${start}`, start, end, "S1", text, words];
	const texts = (segments, start, end) =>
		excerpt_of(segments, speakers, { start, end }).lines.map(({ text }) => text);

	const WORDS = [
		[0, 1, "one", 1],
		[1, 2, "two", 1],
		[2, 3, "three", 1],
		[3, 4, "語", 1, 1],
	];

	it("is what lies inside, and of the rest the words whose middle does", () => {
		const segments = [segment(0, 4, "one two three 語", WORDS), segment(5, 6, "all of it")];
		expect(texts(segments, 0, 10)).toEqual(["one two three 語", "all of it"]);
		expect(texts(segments, 1.5, 10)).toEqual(["two three語", "all of it"]);
		expect(texts(segments, 1.51, 2.51)).toEqual(["three"]);
		expect(texts(segments, 0, 2.5)).toEqual(["one two"]);
	});

	it("does not touch what only borders on it", () => {
		const segments = [
			segment(0, 5, "before"),
			segment(5, 10, "inside"),
			segment(10, 12, "after"),
		];
		expect(texts(segments, 5, 10)).toEqual(["inside"]);
	});

	it("leaves out what cannot be cut, for want of times", () => {
		expect(texts([segment(0, 10, "no times")], 2, 8)).toEqual([]);
		expect(texts([segment(0, 10, "", null)], 0, 10)).toEqual([]);
	});

	it("is told by both ends where it is long", () => {
		const many = Array.from({ length: 30 }, (_, i) => segment(i, i + 1, `t${i}`));
		const { lines, left_out } = excerpt_of(many, speakers, { start: 0, end: 30 });
		expect(left_out).toBe(6);
		expect(lines).toHaveLength(24);
		expect([lines[11].text, lines[12].text]).toEqual(["t11", "t18"]);
		expect(excerpt_of(many.slice(0, 24), speakers, { start: 0, end: 30 }).left_out).toBe(0);
	});

	it("names who says it", () => {
		const { lines } = excerpt_of([segment(0, 1, "x")], speakers, { start: 0, end: 1 });
		expect(lines).toEqual([{ key: "n0", label: "Ada", colour: 0, text: "x" }]);
	});
});

describe("the part that is proposed", () => {
	const segment = (start, end) => ["n", start, end, "S1", "x", []];
	const here = (time, segments, duration = 600) =>
		around({ playback: { time, duration }, transcript: { segments } });

	it("goes from the first word of an utterance to the last of another", () => {
		expect(here(12, [segment(10.07, 15), segment(16, 32.22)])).toEqual({
			start: 10,
			end: 32.3,
		});
	});

	it("is some seconds around where no utterance is near", () => {
		expect(here(100, [segment(10, 12)])).toEqual({ start: 95, end: 115 });
		expect(here(3, [])).toEqual({ start: 0, end: 20 });
		expect(here(100, [segment(0, 500)])).toEqual({ start: 95, end: 115 });
	});

	it("ends with the call", () => {
		expect(here(58, [segment(55, 59.9)], 60)).toEqual({ start: 55, end: 60 });
		expect(here(58, [], 60)).toEqual({ start: 53, end: 60 });
	});

	it("is a whole utterance, in tenths of a second outwards", () => {
		expect(part_of(segment(1.17, 2.31))).toEqual({ start: 1.1, end: 2.4 });
		expect(part_of(segment(0, 2.3))).toEqual({ start: 0, end: 2.3 });
	});
});
