// Dragging an item by its handle: what Desk's Sortable reports becomes a change of the data, and the page stays Vue's.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sort_by_handle } from "@/playlist/reorder";

let sortable;
let list;
let order;
let moved;

beforeEach(() => {
	globalThis.document = new EventTarget();
	globalThis.Sortable = class {
		constructor(element, options) {
			Object.assign(this, { element, options });
			sortable = this;
		}
	};
	const children = ["a", "b", "c", "d"].map(row_named);
	const classes = new Set();
	list = {
		children,
		classList: { add: (name) => classes.add(name), remove: (name) => classes.delete(name) },
		classes,
	};
	order = ["a", "b", "c", "d"];
	moved = vi.fn();
	sort_by_handle(list, {
		handle: ".grip",
		index_of: ({ name }) => order.indexOf(name),
		moved,
	});
});

function row_named(name) {
	const put = (row, after) => {
		const rows = list.children;
		rows.splice(rows.indexOf(row), 1);
		rows.splice(rows.findIndex((one) => one.name === name) + after, 0, row);
	};
	return { name, before: (row) => put(row, 0), after: (row) => put(row, 1) };
}

const names = () => list.children.map(({ name }) => name).join("");

/** As Sortable does it: the row is moved in the page. */
function drag(name, to) {
	const row = list.children.find((one) => one.name === name);
	sortable.options.onStart({ item: row });
	list.children.splice(list.children.indexOf(row), 1);
	list.children.splice(to, 0, row);
	return row;
}
const drop = (row, type = "pointerup") =>
	sortable.options.onEnd({ item: row, originalEvent: { type } });
function press(key) {
	const event = Object.assign(new Event("keydown", { cancelable: true }), { key });
	window.dispatchEvent(event);
	return event;
}

describe("dragging", () => {
	it.each([
		["a", 3],
		["d", 0],
		["b", 2],
		["c", 3],
	])("%s to %i is reported, and the row goes back", (name, to) => {
		const row = drag(name, to);
		expect(list.classes.has("ci-is-sorting")).toBe(true);
		drop(row);
		expect(moved.mock.calls).toEqual([[row, to]]);
		expect(names()).toBe("abcd");
		expect(list.classes.size).toBe(0);
	});

	it("to the same place changes nothing", () => {
		drop(drag("b", 1));
		expect(moved).not.toHaveBeenCalled();
	});

	it("is by the handle only, and is no press", () => {
		expect(sortable.element).toBe(list);
		expect(sortable.options).toMatchObject({ handle: ".grip", fallbackTolerance: 4 });
	});

	it("is given up with Escape", () => {
		const row = drag("a", 2);
		document.addEventListener("pointerup", ({ type }) => drop(row, type));
		expect(press("x").defaultPrevented).toBe(false);
		expect(press("Escape").defaultPrevented).toBe(true);
		expect(names()).toBe("abcd");
		expect(moved).not.toHaveBeenCalled();
		// a key for others again, and the next drag counts
		expect(press("Escape").defaultPrevented).toBe(false);
		drop(drag("a", 1));
		expect(moved).toHaveBeenCalledTimes(1);
	});

	it("is given up when the system takes the pointer", () => {
		drop(drag("a", 2), "touchcancel");
		drop(drag("a", 2), "pointercancel");
		expect(moved).not.toHaveBeenCalled();
		expect(names()).toBe("abcd");
	});

	it("goes back to where the row belongs by now", () => {
		const row = drag("a", 2);
		order = ["d", "a", "b", "c"];
		list.children.splice(
			0,
			4,
			...["d", "b", "a", "c"].map((n) => list.children.find((r) => r.name === n))
		);
		drop(row);
		expect(names()).toBe("dabc");
		expect(moved.mock.calls).toEqual([[row, 2]]);
	});

	it("ends with nothing where the row was removed meanwhile", () => {
		const row = drag("a", 2);
		order = ["b", "c", "d"];
		drop(row);
		list.children.splice(list.children.indexOf(row), 1);
		order = ["a", "b", "c", "d"];
		drop(row);
		expect(moved).not.toHaveBeenCalled();
	});
});
