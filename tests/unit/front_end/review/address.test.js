import { describe, expect, it, test } from "vitest";
import { link_to, parse_clip, take_deep_link } from "@/shared/deep_link";
import { parse_time } from "@/shared/times";
import { Tabs } from "@/review/tabs";

describe("a time in an address", () => {
	test.each([
		["83", 83],
		["83.5", 83.5],
		["1:23", 83],
		["1:02:03", 3723],
		[83, 83],
		[0, 0],
		["0", 0],
		["", null],
		[null, null],
		[undefined, null],
		["-1", null],
		["1:", null],
		["1:2:3:4", null],
		["NaN", null],
		["1e9", null],
		["<b>", null],
	])("%j is %j", (text, seconds) => {
		expect(parse_time(text)).toBe(seconds);
	});
});

describe("a part in an address", () => {
	test.each([
		["83-95", { start: 83, end: 95 }],
		["1:23-1:35.5", { start: 83, end: 95.5 }],
		["0-1", { start: 0, end: 1 }],
		["95-83", null],
		["83-83", null],
		["83", null],
		["83-", null],
		["-83", null],
		["1-2-3", null],
		["", null],
		[null, null],
	])("%j is %j", (text, part) => {
		expect(parse_clip(text)).toEqual(part);
	});
});

describe("what an address asks for", () => {
	const NOTHING = {
		time: null,
		segment: null,
		clip: null,
		comment: null,
		tab: null,
		shared: null,
	};

	it("is read from the address", () => {
		window.location.search = "?t=1:23&comment=c%201&clip=5-9&x=y";
		expect(take_deep_link()).toEqual({
			...NOTHING,
			time: 83,
			comment: "c 1",
			clip: { start: 5, end: 9 },
		});
	});

	it("is taken out of Desk's hands, and only what is ours", () => {
		frappe.route_options = { t: "7", status: "Open" };
		window.location.search = "?t=99";
		expect(take_deep_link().time).toBe(7);
		expect(frappe.route_options).toEqual({ status: "Open" });
		frappe.route_options = { tab: "notes" };
		expect(take_deep_link().tab).toBe("notes");
		expect(frappe.route_options).toBeNull();
	});

	it("is nothing in a plain one", () => {
		expect(take_deep_link()).toEqual(NOTHING);
	});

	it("is what a copied link leads to", () => {
		const link = new URL(link_to("CALL-2026-00001", 83.9));
		expect(link.origin + link.pathname).toBe("https://desk.example/app/call/CALL-2026-00001");
		window.location.search = link.search;
		expect(take_deep_link().time).toBe(83);
	});
});

describe("tabs", () => {
	const side = (name) => ({ name, side: true });

	it("beside the player on a wide screen do not hide the transcript", () => {
		const tabs = new Tabs();
		tabs.measure(820);
		tabs.open("notes");
		expect([tabs.side, tabs.main]).toEqual(["notes", "transcript"]);
	});

	it("are all in one panel on a narrow screen, and found again when it grows", () => {
		const tabs = new Tabs();
		tabs.measure(819);
		tabs.open("notes");
		expect(tabs.main).toBe("notes");
		tabs.open("transcript");
		tabs.measure(1000);
		expect([tabs.side, tabs.main]).toEqual(["notes", "transcript"]);
	});

	it("are as before while the review is hidden", () => {
		const tabs = new Tabs();
		tabs.measure(0);
		expect(tabs.wide).toBe(true);
	});

	it("fall back to the first where the chosen one is not there", () => {
		const tabs = new Tabs();
		tabs.side = "gone";
		expect(tabs.active("side", [side("comments"), side("notes")]).name).toBe("comments");
		expect(tabs.active("side", [])).toBeUndefined();
	});
});
