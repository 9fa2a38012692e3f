import { effectScope, nextTick, ref } from "vue";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { use_combobox, use_finder } from "@/shared/combobox";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the search of a combobox", () => {
	let answers, search, scope, finder;

	beforeEach(() => {
		answers = [];
		search = vi.fn(() => new Promise((resolve, reject) => answers.push({ resolve, reject })));
		scope = effectScope();
	});
	afterEach(() => scope.stop());

	const begin = (options) => (finder = scope.run(() => use_finder(search, options)));
	async function type(text) {
		finder.text.value = text;
		await nextTick();
	}
	const wait = (milliseconds) => vi.advanceTimersByTimeAsync(milliseconds);

	it("begins when the typing pauses", async () => {
		begin({ delay: 200 });
		await type("a");
		await wait(150);
		await type("ad ");
		await wait(150);
		expect(search).not.toHaveBeenCalled();
		expect(finder.asking.value).toBe(true);
		await wait(50);
		expect(search.mock.calls).toEqual([["ad"]]);
		answers[0].resolve([{ name: "ada" }]);
		await wait(0);
		expect(finder.found.value).toEqual([{ name: "ada" }]);
		expect(finder.found_for.value).toBe("ad");
		expect(finder.asking.value).toBe(false);
	});

	it("ignores the answer for an earlier text", async () => {
		begin();
		await type("a");
		await wait(200);
		await type("ab");
		answers[0].resolve(["early"]);
		await wait(200);
		answers[1].resolve(["late"]);
		await wait(0);
		expect(finder.found.value).toEqual(["late"]);
	});

	it("finds nothing for too few letters", async () => {
		begin({ shortest: 2 });
		await type("ab");
		await wait(200);
		answers[0].resolve(["found"]);
		await wait(0);
		await type("a");
		expect(finder.found.value).toEqual([]);
		await wait(1000);
		expect(search).toHaveBeenCalledTimes(1);
	});

	it("shows why it failed until something else is typed", async () => {
		begin();
		await type("a");
		await wait(200);
		answers[0].reject(new Error("No connection"));
		await wait(0);
		expect(finder.failure.value).toBe("No connection");
		expect(finder.asking.value).toBe(false);
		await type("ab");
		expect(finder.failure.value).toBe("");
	});

	it("ends with its component", async () => {
		begin();
		await type("a");
		scope.stop();
		await wait(1000);
		expect(search).not.toHaveBeenCalled();
	});
});

describe("the keys and the pointer of a combobox", () => {
	const choices = ["a", "b", "c"];
	let opened, box, choose, open, close;

	beforeEach(() => {
		opened = ref(true);
		[choose, open, close] = [vi.fn(), vi.fn(), vi.fn()];
		box = use_combobox({
			id: "box",
			choices: () => choices,
			choose,
			is_open: () => opened.value,
			open,
			close,
			on_key: ({ key }) => key === "Backspace",
		});
	});

	/** -> whether the key was taken */
	function press(key, more = {}) {
		const event = { key, preventDefault: vi.fn(), stopPropagation: vi.fn(), ...more };
		box.field.value.onKeydown(event);
		expect(event.stopPropagation.mock.calls).toEqual(event.preventDefault.mock.calls);
		return event.preventDefault.mock.calls.length > 0;
	}

	it("move through the choices, around both ends", () => {
		expect(press("ArrowUp")).toBe(true);
		expect(box.at.value).toBe(2);
		press("ArrowDown");
		press("ArrowDown");
		expect(box.at.value).toBe(1);
		expect(box.field.value["aria-activedescendant"]).toBe("box-1");
		expect(box.option(1)["aria-selected"]).toBe("true");
		expect(box.option(0)["aria-selected"]).toBe("false");
	});

	it("choose with Enter and with a click", () => {
		press("ArrowDown");
		press("Enter");
		box.option(2).onPointermove();
		box.option(2).onClick();
		expect(choose.mock.calls).toEqual([["b"], ["c"]]);
		expect(box.at.value).toBe(2);
	});

	it("open and close the list", () => {
		press("Escape");
		expect(close).toHaveBeenCalledOnce();
		opened.value = false;
		expect(box.field.value["aria-expanded"]).toBe("false");
		expect(box.field.value["aria-activedescendant"]).toBe(null);
		press("ArrowDown");
		expect(open).toHaveBeenCalledOnce();
		// Enter must not submit a form around it; Escape closes what is around it
		expect(press("Enter")).toBe(true);
		expect(press("Escape")).toBe(false);
		expect(choose).not.toHaveBeenCalled();
	});

	it("leave other keys to the field", () => {
		expect(press("x")).toBe(false);
		expect(press("Backspace")).toBe(true);
		expect(press("Enter", { isComposing: true })).toBe(false);
	});

	it("keep the focus in the field", () => {
		const event = { preventDefault: vi.fn() };
		box.option(0).onPointerdown(event);
		expect(event.preventDefault).toHaveBeenCalledOnce();
	});
});
