import { describe, expect, it, test } from "vitest";
import { in_progress, state_colour, state_label } from "@/shared/states";
import { takes_copy } from "@/shared/player/true_length";
import { what_to_expect } from "@/shared/speech_models";

describe("the state of a call", () => {
	test.each([
		[["Ready", 100], "Ready"],
		[["Transcribing", 42.4], "Transcribing 42 %"],
		[["Transcribing", 0], "Transcribing"],
		[["Queued", 10], "Queued"],
		[
			["Queued", 0, "2026-03-01 14:32:10.5", "The worker was lost."],
			"Trying again at 14:32: The worker was lost.",
		],
		[["Queued", 0, "2026-03-01 14:32:10"], "Trying again at 14:32"],
		[["Queued", 0, "2026-03-01 11:59:59", "Lost."], "Trying again soon: Lost."],
		[["Failed", 50, "2026-03-01 14:32:10", "Lost."], "Failed"],
		[["Something new", 0], "Something new"],
		[[null, null], ""],
	])("%j reads %j", (args, text) => {
		expect(state_label(...args)).toBe(text);
	});

	it("goes on, or lasts", () => {
		expect(["Queued", "Transcribing", "Analysing"].map(in_progress)).toEqual([
			true,
			true,
			true,
		]);
		expect(["No recording", "Ready", "Failed", "", null].map(in_progress)).toEqual(
			Array(5).fill(false)
		);
		expect(["Ready", "Failed", "unheard of"].map(state_colour)).toEqual([
			"green",
			"red",
			"gray",
		]);
	});
});

describe("a recording whose time browsers count otherwise", () => {
	const media = (duration, tagName = "AUDIO", src = "/stream?call=1") => ({
		duration,
		tagName,
		src,
		getAttribute: () => src,
	});

	test.each([
		["the same length", media(60), 60, false],
		["half a second of padding", media(60.5), 60, false],
		["a longer one", media(60.6), 60, true],
		["a shorter one", media(59.4), 60, true],
		["an endless one", media(Infinity), 60, true],
		["a length that the server does not know", media(90), 0, false],
		["a video", media(90, "VIDEO"), 60, false],
		["the copy itself", media(90, "AUDIO", "/stream?call=1&copy=1"), 60, false],
	])("is played as a copy or not: %s", (what, element, seconds, copied) => {
		const before = element.src;
		expect(takes_copy(element, seconds)).toBe(copied);
		expect(element.src).toBe(copied ? "/stream?call=1&copy=1" : before);
	});
});

describe("what to expect of a speech model", () => {
	const models = {
		de: ["base", "few", "", [3, 5]],
		pl: ["base", "some", "small", [12, 12]],
		fi: ["<base>", "many", "", [20, 31]],
		ja: ["base.en", "none", "small", null],
	};

	it("is said in the language's name", () => {
		expect(what_to_expect(models, "de")).toBe(
			"In German, the speech model base makes few mistakes."
		);
		expect(what_to_expect(models, "fi")).toBe(
			"In Finnish, the speech model &lt;base&gt; makes many mistakes. With synthetic speech, 20 to 31 of 100 words were wrong."
		);
		expect(what_to_expect(models, "ja")).toContain("Japanese cannot be recognised");
	});

	it("says one number where it is one, and how a larger model is set up", () => {
		const text = what_to_expect(models, "pl");
		expect(text).toContain("12 of 100 words");
		expect(text).toContain("--model small --language pl");
	});

	it("is nothing where nothing is known", () => {
		expect(what_to_expect(models, "")).toBe("");
		expect(what_to_expect(models, "xx")).toBe("");
		expect(what_to_expect(undefined, "de")).toBe("");
	});
});
