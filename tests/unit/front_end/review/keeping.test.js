// Data kept for the user: drafts in the browser, preferences on the server.
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { draft_of, drop_draft, keep_draft } from "@/shared/writing/drafts";
import { Preferences } from "@/review/preferences";

describe("drafts", () => {
	let number = 0;
	let call;
	beforeEach(() => (call = { name: "CALL-1", recording: { name: `rec-${++number}` } }));

	it("are kept until they are dropped", () => {
		expect(draft_of(call, "note")).toBeNull();
		keep_draft(call, "note", { html: "<p>Zażółć 🙂</p>" });
		expect(draft_of(call, "note")).toEqual({ html: "<p>Zażółć 🙂</p>" });
		drop_draft(call, "note");
		expect(draft_of(call, "note")).toBeNull();
	});

	it("outlive a reload of the page", async () => {
		keep_draft(call, "note", "words");
		vi.resetModules();
		const reloaded = await import("@/shared/writing/drafts");
		expect(reloaded.draft_of(call, "note")).toBe("words");
	});

	it("may be empty", () => {
		keep_draft(call, "note", "");
		expect(draft_of(call, "note")).toBe("");
	});

	it("belong to one user, one recording and one field", () => {
		keep_draft(call, "note", "mine");
		expect(draft_of(call, "comment")).toBeNull();
		expect(draft_of({ ...call, recording: { name: "rec-other" } }, "note")).toBeNull();
		// the same name, reused after the first call was deleted
		expect(draft_of({ name: "CALL-1", recording: null }, "note")).toBeNull();
		frappe.session.user = "bob@example.com";
		expect(draft_of(call, "note")).toBeNull();
	});

	it("stay in the page where the browser keeps nothing", () => {
		globalThis.localStorage = {
			getItem: () => {
				throw new Error("forbidden");
			},
			setItem: () => {
				throw new Error("full");
			},
			removeItem: () => {
				throw new Error("forbidden");
			},
		};
		expect(draft_of(call, "note")).toBeNull();
		keep_draft(call, "note", "words");
		expect(draft_of(call, "note")).toBe("words");
		drop_draft(call, "note");
		expect(draft_of(call, "note")).toBeNull();
	});

	it("that are broken are none", () => {
		localStorage.setItem(`call_intelligence:eve@example.com:${call.recording.name}:note`, "{");
		expect(draft_of(call, "note")).toBeNull();
	});
});

describe("preferences", () => {
	let sent;
	beforeEach(() => {
		vi.useFakeTimers({ now: new Date("2026-03-01T12:00:00Z") });
		sent = [];
		globalThis.fetch = vi.fn(async (address, options) => {
			if (!options) return { json: async () => ({ message: sent.answer }) };
			sent.push(JSON.parse(JSON.parse(options.body).user_settings).Review);
		});
	});
	let made = [];
	afterEach(() => {
		made.forEach((preferences) => preferences.close());
		made = [];
		vi.useRealTimers();
	});

	const with_saved = (saved, more = {}) => {
		frappe.model.user_settings = { Call: { Review: saved, ...more } };
		made.push(new Preferences());
		return made[made.length - 1];
	};

	it("have their usual values for somebody new", () => {
		frappe.model.user_settings = undefined;
		const preferences = new Preferences();
		expect(
			["rate", "volume", "muted", "single_keys", "lanes"].map((k) => preferences.get(k))
		).toEqual([1, 1, false, true, null]);
	});

	test.each([
		["rate", 0.5, 0.5],
		["rate", 3, 3],
		["rate", 0.49, 1],
		["rate", 3.01, 1],
		["rate", "2", 1],
		["rate", true, 1],
		["rate", null, 1],
		["volume", 0, 0],
		["volume", 1.1, 1],
		["volume", [], 1],
		["muted", true, true],
		["muted", "yes", false],
		["lanes", false, false],
		["lanes", null, null],
		["unheard_of", 5, undefined],
	])("%s saved as %j is %j", (key, saved, value) => {
		expect(with_saved({ [key]: saved }).get(key)).toBe(value);
	});

	it("are saved together a while after the last change", () => {
		const preferences = with_saved({ rate: 2 });
		preferences.set("volume", 0.5);
		vi.advanceTimersByTime(1000);
		preferences.set("muted", true);
		vi.advanceTimersByTime(1499);
		expect(sent).toEqual([]);
		vi.advanceTimersByTime(1);
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({ rate: 2, volume: 0.5, muted: true });
	});

	it("are not saved where nothing changes", () => {
		const preferences = with_saved({ rate: 2 });
		preferences.set("rate", 2);
		preferences.flush();
		expect(sent).toEqual([]);
	});

	it("are saved at once when the page goes, and by nobody who is not logged in", () => {
		const preferences = with_saved({});
		preferences.set("rate", 2);
		window.dispatchEvent(new Event("pagehide"));
		expect(sent).toHaveLength(1);
		preferences.close();
		frappe.session.user = "Guest";
		preferences.set("rate", 1);
		preferences.flush();
		expect(sent).toHaveLength(1);
	});

	it("leave the settings of the list view as they are", () => {
		const preferences = with_saved({}, { List: { order: "x" } });
		preferences.set("rate", 2);
		preferences.flush();
		expect(frappe.model.user_settings.Call.List).toEqual({ order: "x" });
		expect(frappe.model.user_settings.Call.Review.rate).toBe(2);
	});

	it("take what another device has saved, unless something is changed here", async () => {
		const preferences = with_saved({ rate: 1 });
		sent.answer = JSON.stringify({ Review: { rate: 2 } });
		await preferences.refresh();
		expect(preferences.get("rate")).toBe(2);
		sent.answer = JSON.stringify({ Review: { rate: 3 } });
		// just asked
		await preferences.refresh();
		expect(preferences.get("rate")).toBe(2);
		vi.advanceTimersByTime(61000);
		preferences.set("rate", 1.5);
		await preferences.refresh();
		expect(preferences.get("rate")).toBe(1.5);
	});

	describe("the place in a recording", () => {
		test.each([
			["the beginning", 2.9, 100, null],
			["just inside", 3, 100, 3],
			["the middle", 50.26, 100, 50.3],
			["just before the end", 95, 100, 95],
			["the end", 95.1, 100, null],
			["somewhere in a recording of unknown length", 95.1, 0, 95.1],
		])("is kept as far as it is worth it: %s", (where, seconds, length, place) => {
			const preferences = with_saved({});
			preferences.remember_place("rec", seconds, length);
			expect(preferences.place_of("rec")).toBe(place);
		});

		it("is forgotten when the recording was heard to its end", () => {
			const preferences = with_saved({ places: { rec: 40, other: 7 } });
			preferences.remember_place("rec", 99, 100);
			expect(preferences.place_of("rec")).toBeNull();
			expect(preferences.place_of("other")).toBe(7);
		});

		it("is kept of the hundred that were heard last", () => {
			const preferences = with_saved({});
			for (let i = 0; i < 101; i++) preferences.remember_place(`rec-${i}`, 10, 100);
			expect(preferences.place_of("rec-0")).toBeNull();
			expect(preferences.place_of("rec-1")).toBe(10);
			// heard again, it is the newest
			preferences.remember_place("rec-1", 20, 100);
			preferences.remember_place("rec-new", 10, 100);
			expect(preferences.place_of("rec-1")).toBe(20);
			expect(preferences.place_of("rec-2")).toBeNull();
		});

		test.each([["text"], [null], [{}]])("is none where %j was saved", (saved) => {
			expect(with_saved({ places: { rec: saved } }).place_of("rec")).toBeNull();
		});

		it("is none where the places were saved as a list", () => {
			const preferences = with_saved({ places: [1, 2] });
			preferences.remember_place("rec", 10, 100);
			preferences.flush();
			expect(sent[0].places).toEqual({ rec: 10 });
		});
	});
});
