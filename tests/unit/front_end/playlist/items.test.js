import { describe, expect, it, test } from "vitest";
import { length_of, progress_of, times_of, title_of } from "@/playlist/items";

describe("an item", () => {
	it("is called what somebody has called it, else like its call", () => {
		expect(title_of({ title: "Best part", call_title: "Ada", call: "C" })).toBe("Best part");
		expect(title_of({ title: "", call_title: "Ada", call: "C" })).toBe("Ada");
		expect(title_of({ call: "C" })).toBe("C");
	});

	it("has times where it is a part", () => {
		expect(times_of({ start: 72, end: 100 })).toBe("1:12\u00a0–\u00a01:40");
		expect(times_of({ start: 0, end: 5 })).toBe("0:00\u00a0–\u00a00:05");
		expect(times_of({ start: null, end: null })).toBe("");
	});

	it("lasts a second at least", () => {
		expect(length_of({ seconds: 0 })).toBe("1 s");
		expect(length_of({ seconds: 59.6 })).toBe("1 min 0 s");
	});

	test.each([
		[{ listened: true, place: 0, start: 0, seconds: 10 }, 100],
		[{ place: 0, start: 0, seconds: 10 }, 0],
		[{ place: 15, start: 10, seconds: 20 }, 25],
		[{ place: 15, start: null, seconds: 20 }, 75],
		[{ place: 5, start: 10, seconds: 20 }, 0],
		[{ place: 50, start: 10, seconds: 20 }, 100],
		[{ place: 5, start: 0, seconds: 0 }, 0],
	])("%j has been heard to %d %%", (item, percent) => {
		expect(progress_of(item)).toBe(percent);
	});
});
