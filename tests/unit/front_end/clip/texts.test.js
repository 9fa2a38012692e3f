import { describe, expect, it } from "vitest";
import { Texts } from "@/clip/texts";
import { state_of } from "@/share/clip_texts";

describe("the texts of a shared part", () => {
	const texts = (lang) =>
		new Texts({ texts: { time_of: "{0} of {1}" }, lang, time_zone: "America/Port_of_Spain" });

	it("have their values in their places", () => {
		expect(texts("en").t("time_of", "0:12", "1:30")).toBe("0:12 of 1:30");
	});

	it("have times as the site keeps them, in the reader's language", () => {
		expect(texts("en").date_time("2026-01-31 14:30:27.5")).toMatch(
			/January 31, 2026.*2:30\sPM/
		);
		expect(texts("pl").date_time("2026-01-31 14:30:27")).toMatch(/31 stycznia 2026.*14:30/);
		expect(texts("no_such lang").date_time("2026-01-31 14:30:27")).not.toBe("");
		expect(texts("en").zone).toBe("America/Port of Spain");
	});

	it("have no time where there is none", () => {
		["", null, undefined, "2026-01-31"].forEach((value) =>
			expect(texts("en").date_time(value)).toBe("")
		);
	});
});

describe("the state of a link", () => {
	it("says until when, or why no longer", () => {
		expect(state_of({ live: true, expires_on: "2026-03-01 09:05:00" })).toEqual({
			label: "Active until 01.03.2026 09:05",
			colour: "green",
		});
		expect(state_of({ live: true }).label).toBe("Active");
		expect(state_of({ end_reason: "Revoked" })).toEqual({ label: "Revoked", colour: "gray" });
		expect(state_of({}).label).toBe("Ended");
	});
});
