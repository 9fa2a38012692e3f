import { describe, expect, it, test } from "vitest";
import {
	call_link,
	calls_of,
	clock,
	date_time,
	duration,
	elapsed,
	escape,
	file_size,
	language_name,
	percentages,
	time_of_day,
} from "@/shared/format";

describe("clock", () => {
	test.each([
		[0, "0:00"],
		[0.999, "0:00"],
		[59.99, "0:59"],
		[60, "1:00"],
		[83, "1:23"],
		[3599, "59:59"],
		[3600, "1:00:00"],
		[3723, "1:02:03"],
		[360000, "100:00:00"],
		[-4, "0:00"],
		[null, "0:00"],
		[undefined, "0:00"],
		[NaN, "0:00"],
	])("%s s reads %s", (seconds, text) => {
		expect(clock(seconds)).toBe(text);
	});
});

describe("duration", () => {
	test.each([
		[0, ""],
		[0.9, ""],
		[-3, ""],
		[undefined, ""],
		[1, "1 s"],
		[59.9, "59 s"],
		[60, "1 min 0 s"],
		[252, "4 min 12 s"],
		[3599, "59 min 59 s"],
		[3600, "1 h 0 min"],
		[3723, "1 h 2 min"],
	])("%s s reads %j", (seconds, text) => {
		expect(duration(seconds)).toBe(text);
	});
});

describe("elapsed", () => {
	test.each([
		[null, ""],
		[undefined, ""],
		[0, "0.0 s"],
		[9.94, "9.9 s"],
		[10, "10 s"],
		[61, "1 min 1 s"],
	])("%s s reads %j", (seconds, text) => {
		expect(elapsed(seconds)).toBe(text);
	});
});

describe("file_size", () => {
	test.each([
		[undefined, "0 B"],
		[0, "0 B"],
		[1, "1 B"],
		[1023, "1023 B"],
		[1024, "1.0 KB"],
		[1536, "1.5 KB"],
		[10 * 1024, "10 KB"],
		[1024 ** 2, "1.0 MB"],
		[1.5 * 1024 ** 3, "1.5 GB"],
		[5000 * 1024 ** 4, "5000 TB"],
		// rounded it would be 1024 of the smaller unit, or 10.0
		[1024 ** 2 - 1, "1.0 MB"],
		[1024 ** 3 - 1, "1.0 GB"],
		[10 * 1024 - 1, "10 KB"],
	])("%s bytes read %s", (bytes, text) => {
		expect(file_size(bytes)).toBe(text);
	});
});

describe("percentages", () => {
	test.each([
		[[], []],
		[[1], [100]],
		[
			[0.535, 0.465],
			[54, 46],
		],
		[
			[1 / 3, 1 / 3, 1 / 3],
			[33, 34, 33],
		],
		[
			[0, 1, 0],
			[0, 100, 0],
		],
	])("of %j are %j", (shares, percents) => {
		expect(percentages(shares)).toEqual(percents);
	});

	it("add up to 100 for any number of shares", () => {
		for (let count = 1; count < 40; count++) {
			const percents = percentages(Array(count).fill(1 / count));
			expect(percents.reduce((sum, one) => sum + one, 0)).toBe(100);
			expect(Math.max(...percents) - Math.min(...percents)).toBeLessThanOrEqual(1);
		}
	});
});

describe("dates", () => {
	it("are in the user's format, without the seconds", () => {
		expect(date_time("2026-03-01 09:05:59.123456")).toBe("01.03.2026 09:05");
		expect(date_time("2026-03-01 09:05:59")).toBe("01.03.2026 09:05");
		expect(time_of_day("2026-03-01 09:05:59")).toBe("09:05");
	});

	it("are nothing where there is none", () => {
		[null, undefined, ""].forEach((value) => {
			expect(date_time(value)).toBe("");
			expect(time_of_day(value)).toBe("");
		});
	});
});

describe("language_name", () => {
	it("is in the language of the reader", () => {
		expect(language_name("de", "en")).toBe("German");
		expect(language_name("de", "pl")).toBe("niemiecki");
		expect(language_name("de", "")).toBe("German");
	});

	it("is the code of what is no language, or for a reader whose language is none", () => {
		expect(language_name("not a code", "en")).toBe("not a code");
		expect(language_name("de", "x_y z")).toBe("de");
	});
});

describe("links", () => {
	it("lead to a second of a call", () => {
		expect(call_link("CALL-2026-00001")).toBe("/app/call/CALL-2026-00001");
		expect(call_link("CALL-2026-00001", 83.9)).toBe("/app/call/CALL-2026-00001?t=83");
		expect(call_link("CALL-2026-00001", 0)).toBe("/app/call/CALL-2026-00001");
	});

	it("lead to the calls of a record, whatever it is called", () => {
		const query = new URL(calls_of("CRM Deal", 'A & "B" = Ü?#'), "https://x").searchParams;
		expect(JSON.parse(query.get("Call Association.link_doctype"))).toEqual(["=", "CRM Deal"]);
		expect(JSON.parse(query.get("Call Association.link_name"))).toEqual([
			"=",
			'A & "B" = Ü?#',
		]);
	});
});

describe("escape", () => {
	it("makes text safe inside quoted attributes", () => {
		expect(escape(`<b title="x">Tom's & co</b>`)).not.toMatch(/[<>"']/);
		expect([null, undefined, "", 0].map(escape)).toEqual(["", "", "", "0"]);
	});
});
