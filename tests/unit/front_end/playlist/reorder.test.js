// Dragging an item by its handle; the layout is simulated: items of 50 pixels, one below the other.
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { drag } from "@/playlist/reorder";

const HEIGHT = 50;
let frames;
let handle;

beforeEach(() => {
	frames = [];
	globalThis.requestAnimationFrame = (run) => frames.push(run);
	globalThis.cancelAnimationFrame = () => (frames = []);
	globalThis.getComputedStyle = () => ({ overflowY: "visible" });
	window.innerHeight = 1000;
	window.scrollBy = vi.fn();
	handle = Object.assign(new EventTarget(), { setPointerCapture() {} });
});
afterEach(() => key("Escape"));

const point = (type, y) => handle.dispatchEvent(Object.assign(new Event(type), { clientY: y }));
const key = (name) =>
	window.dispatchEvent(Object.assign(new Event("keydown", { cancelable: true }), { key: name }));

/** Grabs the middle of an item. */
function grab(from, { count = 5, button = 0 } = {}) {
	const children = Array.from({ length: count }, (_, i) => ({
		getBoundingClientRect: () => ({ top: 200 + i * HEIGHT, height: HEIGHT }),
	}));
	const tell = { over: vi.fn(), drop: vi.fn(), cancel: vi.fn() };
	const event = {
		button,
		clientY: middle(from),
		pointerId: 1,
		currentTarget: handle,
		preventDefault() {},
	};
	drag(event, { children, parentElement: null }, from, tell);
	return tell;
}
const middle = (index) => 200 + (index + 0.5) * HEIGHT;

describe("dragging", () => {
	test.each([
		["to just above the middle of the next", 1, middle(2) - 1, null],
		["to just below the middle of the next", 1, middle(2) + 1, 2],
		["to just below the middle of the one before", 2, middle(1) + 1, null],
		["to just above the middle of the one before", 2, middle(1) - 1, 1],
		["far above", 3, -500, 0],
		["far below", 1, 5000, 4],
		["the last one down", 4, 5000, null],
		["the first one up", 0, -500, null],
	])("%s", (where, from, y, to) => {
		const tell = grab(from);
		point("pointermove", y);
		point("pointerup", y);
		if (to === null) {
			expect(tell.drop).not.toHaveBeenCalled();
			expect(tell.cancel).toHaveBeenCalledTimes(1);
		} else {
			expect(tell.over).toHaveBeenLastCalledWith(to);
			expect(tell.drop.mock.calls).toEqual([[to]]);
		}
	});

	it("tells of each place once", () => {
		const tell = grab(0);
		[middle(1) + 5, middle(1) + 9, middle(2) + 5, middle(1) + 5].forEach((y) =>
			point("pointermove", y)
		);
		expect(tell.over.mock.calls).toEqual([[1], [2], [1]]);
	});

	it("is nothing within three pixels, and with another button", () => {
		const tell = grab(0);
		point("pointermove", middle(0) + 3);
		point("pointerup", middle(0) + 3);
		expect(tell.over).not.toHaveBeenCalled();
		expect(tell.cancel).toHaveBeenCalledTimes(1);
		const other = grab(0, { button: 2 });
		point("pointermove", middle(3));
		expect(other.over).not.toHaveBeenCalled();
	});

	it("is given up with Escape, and over then", () => {
		const tell = grab(0);
		point("pointermove", middle(3));
		key("a");
		expect(tell.cancel).not.toHaveBeenCalled();
		key("Escape");
		point("pointermove", middle(4));
		point("pointerup", middle(4));
		expect(tell.cancel).toHaveBeenCalledTimes(1);
		expect(tell.drop).not.toHaveBeenCalled();
	});

	it("is given up when the system takes the pointer", () => {
		const tell = grab(0);
		point("pointermove", middle(3));
		point("pointercancel", middle(3));
		expect(tell.cancel).toHaveBeenCalledTimes(1);
		expect(tell.drop).not.toHaveBeenCalled();
	});

	it("does not move the only item", () => {
		const tell = grab(0, { count: 1 });
		point("pointermove", 900);
		point("pointerup", 900);
		expect(tell.drop).not.toHaveBeenCalled();
	});

	it.each([
		[20, -12],
		[990, 12],
	])("scrolls the page near its edges: at %d px by %d", (y, by) => {
		grab(0);
		point("pointermove", y);
		frames.shift()();
		expect(window.scrollBy).toHaveBeenCalledWith(0, by);
		expect(frames).toHaveLength(1);
	});
});
