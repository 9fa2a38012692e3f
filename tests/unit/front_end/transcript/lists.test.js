import { describe, expect, it, test } from "vitest";
import { Heights } from "@/transcript/virtual_list";
import { lanes_of } from "@/shared/lanes";
import { describe_speakers, speaker_choices, speaker_of } from "@/shared/speakers";

describe("a list of which only what is visible is in the page", () => {
	const ten = () => new Heights(10, () => 100);

	test.each([
		[-5, 0],
		[0, 0],
		[99.9, 0],
		[100, 1],
		[999, 9],
		[1000, 9],
		[1e9, 9],
	])("%d px from the top is item %i", (offset, index) => {
		expect(ten().at(offset)).toBe(index);
	});

	it("moves what is below an item that turned out higher, once it is summed", () => {
		const heights = ten();
		expect(heights.set(3, 150)).toBe(50);
		heights.sum();
		expect([...heights.offsets].slice(3, 6)).toEqual([300, 450, 550]);
		expect(heights.total).toBe(1050);
	});

	it("sums from the first of several changes, in whatever order they came", () => {
		const heights = ten();
		heights.set(8, 0);
		heights.set(1, 200);
		heights.set(5, 50);
		heights.sum();
		expect(heights.total).toBe(950);
		expect(heights.at(100)).toBe(1);
		expect(heights.at(299)).toBe(1);
		expect(heights.at(300)).toBe(2);
	});

	it("does not flicker for less than half a pixel", () => {
		const heights = ten();
		expect(heights.set(0, 100.4)).toBe(0);
		expect(heights.set(0, 99.5)).toBe(-0.5);
	});

	it("shows what touches the window and a little more", () => {
		const heights = new Heights(100, () => 100);
		expect(heights.window(0, 500)).toEqual([0, 12]);
		expect(heights.window(5000, 5500)).toEqual([44, 62]);
		expect(heights.window(9500, 10000)).toEqual([89, 100]);
	});

	it("may be empty, or have one item", () => {
		const empty = new Heights(0, () => 100);
		expect(empty.window(0, 500)).toEqual([0, 0]);
		expect(empty.total).toBe(0);
		expect(new Heights(1, () => 30).window(0, 500)).toEqual([0, 1]);
	});
});

describe("speakers", () => {
	const known = describe_speakers([
		{ key: "S2", name: "Ada Łoś", talk_share: 33.6 },
		{ key: "S1", name: "" },
		{ key: "unknown", name: "" },
	]);

	it("have their name, else their number", () => {
		const labels = ["S2", "S1", "unknown", "S12", "", null].map(
			(key) => speaker_of(known, key).label
		);
		expect(labels).toEqual([
			"Ada Łoś",
			"Speaker 1",
			"Unknown speaker",
			"Speaker 12",
			"Unknown speaker",
			"Unknown speaker",
		]);
	});

	it("have colours by their order, from the first again after the eighth", () => {
		const many = describe_speakers(Array.from({ length: 9 }, (_, i) => ({ key: `S${i}` })));
		expect([...many.values()].map(({ colour }) => colour)).toEqual([
			0, 1, 2, 3, 4, 5, 6, 7, 0,
		]);
		expect(speaker_of(known, "unknown").colour).toBe("unknown");
	});

	it("may be none", () => {
		expect(describe_speakers(undefined).size).toBe(0);
	});

	it("are offered with the one that an utterance has, each once", () => {
		const two = describe_speakers([{ key: "S1" }, { key: "S2" }]);
		const keys = (own) => speaker_choices(two, ["a", 0, 1, own]).map(([key]) => key);
		expect(keys("S1")).toEqual(["S1", "S2", "unknown", "new"]);
		expect(keys("S9")).toEqual(["S1", "S2", "S9", "unknown", "new"]);
		expect(keys("unknown")).toEqual(["S1", "S2", "unknown", "new"]);
	});
});

describe("lanes", () => {
	const known = describe_speakers([
		{ key: "S1", name: "Ada", talk_share: 66.6 },
		{ key: "S2", name: "Bob", talk_share: 33.4 },
		{ key: "S3", name: "Silent" },
	]);
	const spoken = (start, end, key) => ["n", start, end, key, "x", []];

	it("are one for each who speaks, in the order of the speakers", () => {
		const lanes = lanes_of(
			[spoken(5, 6, "S2"), spoken(0, 2, "S1"), spoken(8, 9, "S2")],
			known,
			10
		);
		expect(lanes.map(({ label, share, path }) => [label, share, path])).toEqual([
			["Ada", "67 %", "M0.00 0h2.00v1h-2.00z"],
			["Bob", "33 %", "M5.00 0h1.00v1h-1.00zM8.00 0h1.00v1h-1.00z"],
		]);
	});

	it("draw somebody whom the server did not describe, after the others", () => {
		const lanes = lanes_of([spoken(0, 1, "S7"), spoken(1, 2, "S1")], known, 10);
		expect(lanes.map(({ label, share }) => [label, share])).toEqual([
			["Ada", "67 %"],
			["Speaker 7", ""],
		]);
	});

	it("show a short word in a long call", () => {
		const [lane] = lanes_of([spoken(10, 10.01, "S1")], known, 5000);
		expect(lane.path).toBe("M10.00 0h10.00v1h-10.00z");
	});

	it("are none without utterances", () => {
		expect(lanes_of([], known, 10)).toEqual([]);
		expect(lanes_of([spoken(0, 1, "S1")], known, 0)).toHaveLength(1);
	});
});
