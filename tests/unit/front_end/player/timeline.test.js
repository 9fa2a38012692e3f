import { describe, expect, it, test } from "vitest";
import { TimelineView } from "@/shared/player/timeline_view";
import { end_of_silence, silences } from "@/player/silence";

const view_of = (duration) => {
	const view = new TimelineView();
	view.set_duration(duration);
	return view;
};
const shown = (view) => [view.start, view.end];

describe("the part of the call that is shown", () => {
	it("is all of it at first", () => {
		expect(shown(view_of(100))).toEqual([0, 100]);
	});

	it("keeps the place under the pointer while zooming", () => {
		const view = view_of(100);
		view.zoom_to(2, 25);
		expect(shown(view)).toEqual([12.5, 62.5]);
		expect(view.fraction_of(25)).toBe(0.25);
		view.zoom_to(4, 25);
		expect(view.fraction_of(25)).toBe(0.25);
		view.zoom_to(1, 25);
		expect(shown(view)).toEqual([0, 100]);
	});

	it("never leaves the call", () => {
		const view = view_of(100);
		view.zoom_to(4, 100);
		expect(shown(view)).toEqual([75, 100]);
		view.look_at(500);
		expect(shown(view)).toEqual([75, 100]);
		view.look_at(-500);
		expect(shown(view)).toEqual([0, 25]);
		view.zoom_to(0.1);
		expect(shown(view)).toEqual([0, 100]);
	});

	it("is no closer than eight seconds", () => {
		const view = view_of(80);
		view.zoom_to(1e6);
		expect(view.length).toBe(8);
		const short = view_of(5);
		short.zoom_to(3);
		expect(shown(short)).toEqual([0, 5]);
	});

	it("gives times for places on the screen, within the call", () => {
		const view = view_of(100);
		view.zoom_to(2, 0);
		expect([0, 0.5, 1].map((at) => view.time_at(at))).toEqual([0, 25, 50]);
		expect(view.time_at(-1)).toBe(0);
		expect(view.time_at(9)).toBe(100);
	});

	it("turns the page with the playhead until somebody looks elsewhere", () => {
		const view = view_of(100);
		view.zoom_to(4, 0);
		view.follow(26);
		expect(shown(view)).toEqual([24, 49]);
		view.look_at(70);
		view.follow(50);
		expect(view.start).toBe(70);
		// the playhead has arrived there
		view.follow(71);
		view.follow(96);
		expect(view.shows(96)).toBe(true);
		view.look_at(0);
		view.bring(50);
		expect(shown(view)).toEqual([37.5, 62.5]);
		expect(view.following).toBe(true);
	});

	it("stays where it is when somebody jumps to what is shown", () => {
		const view = view_of(100);
		view.zoom_to(4, 0);
		view.bring(25);
		expect(view.start).toBe(0);
	});

	it("is nothing of a call whose length is unknown", () => {
		[0, undefined, NaN].forEach((duration) => {
			const view = view_of(duration);
			view.zoom_to(4);
			expect(shown(view)).toEqual([0, 0]);
			expect(view.fraction_of(3)).toBe(0);
			expect(view.time_at(0.5)).toBe(0);
		});
	});

	it("stays inside a call that turns out shorter", () => {
		const view = view_of(100);
		view.zoom_to(2, 100);
		view.set_duration(60);
		expect(view.start).toBeGreaterThanOrEqual(0);
		expect(view.end).toBeLessThanOrEqual(60);
	});
});

describe("silence", () => {
	const spoken = (start, end) => ["n", start, end, "S1", "x", []];

	it("is before, between and after what is said, without the breath around words", () => {
		const gaps = silences([spoken(5, 10), spoken(20, 30)], 60);
		expect(gaps).toEqual([
			[0, 4.7],
			[10.3, 19.7],
			[30.3, 60],
		]);
	});

	it("is no pause of a second and a half", () => {
		expect(silences([spoken(1.5, 10), spoken(11.5, 30)], 31.5)).toEqual([]);
		expect(silences([spoken(1.6, 10)], 10)).toHaveLength(1);
	});

	it("does not begin while another speaker still talks", () => {
		const gaps = silences([spoken(0, 30), spoken(2, 5), spoken(32, 33)], 33);
		expect(gaps).toEqual([[30.3, 31.7]]);
	});

	it("is not told of a call without a transcript, nor after one of unknown length", () => {
		expect(silences([], 60)).toEqual([]);
		expect(silences([spoken(0, 5)], 0)).toEqual([]);
		expect(silences([spoken(0, 5)], undefined)).toEqual([]);
	});

	test.each([
		[0, 4.7],
		[4.6, 4.7],
		[4.66, null],
		[4.7, null],
		[10.2, null],
		[10.3, 19.7],
		[15, 19.7],
		[20, null],
		[59, 60],
		[60, null],
	])("at %d s one may go on at %s", (time, end) => {
		expect(end_of_silence(silences([spoken(5, 10), spoken(20, 30)], 60), time)).toBe(end);
	});

	it("ends nowhere where there is none", () => {
		expect(end_of_silence([], 3)).toBeNull();
	});
});
