import { describe, expect, it } from "vitest";
import { sample_of } from "@/people/voice_sample";

const spoken = (speaker, start, end) => ["n", start, end, speaker, "x", []];
const rounded = (sample) =>
	sample && [sample.start, sample.end].map((s) => Math.round(s * 10) / 10);
const sample = (...segments) => rounded(sample_of(segments, "A"));

describe("a sample of a voice", () => {
	it("is its longest utterance, five seconds of it at most", () => {
		expect(sample(spoken("A", 0, 2), spoken("B", 3, 9), spoken("A", 10, 13))).toEqual([
			10, 13.1,
		]);
		expect(sample(spoken("A", 0, 60))).toEqual([0, 5]);
	});

	it("is where nobody else speaks", () => {
		expect(sample(spoken("A", 0, 10), spoken("B", 1, 7))).toEqual([7, 10.1]);
		expect(sample(spoken("B", 0, 6), spoken("A", 5, 8))).toEqual([6, 8.1]);
		expect(sample(spoken("A", 0, 10), spoken("B", 1, 2), spoken("C", 3, 9))[0]).toBe(0);
	});

	it("may go on while the same voice is written down twice", () => {
		expect(sample(spoken("A", 0, 4), spoken("A", 2, 3))).toEqual([0, 4.1]);
	});

	it("is none where the voice is never alone for long enough to know it", () => {
		expect(sample()).toBeNull();
		expect(sample(spoken("B", 0, 5))).toBeNull();
		expect(sample(spoken("A", 0, 0.3))).toBeNull();
		expect(sample(spoken("B", 0, 5), spoken("A", 1, 4))).toBeNull();
	});
});
