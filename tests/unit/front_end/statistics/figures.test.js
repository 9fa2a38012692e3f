import { describe, expect, it, test, vi } from "vitest";
import { long_time, reads, use_statistics } from "@/statistics/statistics";
import { about_person, how_found, kind_name, side_name } from "@/people/participant_texts";

describe("a figure", () => {
	test.each([
		[null, "percent", null],
		[0, "percent", "0 %"],
		[53.5, "percent", "54 %"],
		[0, "seconds", "0 s"],
		[9.94, "seconds", "9.9 s"],
		[10, "seconds", "10 s"],
		[60, "seconds", "1:00 min"],
		[3599, "seconds", "59:59 min"],
		[3600, "seconds", "1:00:00 h"],
		[140.4, "words per minute", "140 words per minute"],
		[0.25, "per minute", "0.3 per minute"],
		[7, "score", "7.0 of 10"],
		[12, "", "12 "],
	])("of %j in %j reads %j", (value, unit, text) => {
		const read = reads({ value, unit });
		expect(read && `${read.number} ${read.unit}`).toBe(text);
	});

	it("of a long time is in words", () => {
		expect([0, 9.9, 10, 72].map(long_time)).toEqual(["0.0 s", "9.9 s", "10 s", "1 min 12 s"]);
	});
});

describe("the moments of a figure", () => {
	const MOMENTS = [
		[5, 6],
		[20, 21],
		[40, 45],
	];
	const begin = () => {
		const moments = { visit: vi.fn() };
		const statistics = use_statistics({ call: { gone: false }, moments });
		statistics.take({ figures: [] });
		return { statistics, visited: () => moments.visit.mock.calls.map(([time]) => time) };
	};

	it("are gone through round and round, in both directions", () => {
		const { statistics, visited } = begin();
		[1, 1, 1, 1, -1].forEach((way) => statistics.visit("pauses", MOMENTS, way));
		expect(visited()).toEqual([5, 20, 40, 5, 40]);
	});

	it("begin with the last one backwards, each figure for itself", () => {
		const { statistics, visited } = begin();
		statistics.visit("pauses", MOMENTS, -1);
		statistics.visit("questions", MOMENTS);
		expect(visited()).toEqual([40, 5]);
	});

	it("begin again where the figures have changed, and only there", () => {
		const { statistics, visited } = begin();
		statistics.visit("pauses", MOMENTS);
		statistics.take({ figures: [] });
		statistics.visit("pauses", MOMENTS);
		statistics.take({ figures: [1] });
		statistics.visit("pauses", MOMENTS);
		expect(visited()).toEqual([5, 20, 5]);
	});

	it("may be none", () => {
		const { statistics, visited } = begin();
		statistics.visit("pauses", []);
		expect(visited()).toEqual([]);
	});
});

describe("a participant", () => {
	const call = { call_owner: "eve@example.com" };
	const about = (person) => about_person({ name: "Ada", ...person }, call);

	it("is told by how to reach them, but not twice", () => {
		expect(about({ email: "a@x.pl", phone: "+48 1" })).toBe("a@x.pl · +48 1");
		expect(about_person({ name: "+48 1", phone: "+48 1" }, call)).toBe("");
	});

	it("is told by the record where that is called otherwise", () => {
		const party = { doctype: "Contact", name: "c", kind: "Contact", title: "Ada" };
		expect(about({ party })).toBe("Contact");
		expect(about({ party: { ...party, title: "Ada Ł." } })).toBe("Ada Ł. · Contact");
		expect(about({ party: { doctype: "Lead", name: "l", title: "" } })).toBe(
			"Connected with a record that you may not see"
		);
	});

	it("may be the owner of the call", () => {
		const party = { doctype: "User", kind: "User", title: "Ada", name: "eve@example.com" };
		expect(about({ party })).toBe("Owner of the call");
		expect(about({ party: { ...party, name: "bob@example.com" } })).toBe("Colleague");
	});

	it("was found in ways that are said once", () => {
		const party = {};
		expect(how_found({ party, matched_by: "Phone", voice_by: "Channel" })).toBe(
			"Found by phone number. Recognised by the channel of the recording"
		);
		expect(how_found({ party, matched_by: "Channel", voice_by: "Channel" })).toBe(
			"Recognised by the channel of the recording"
		);
		expect(how_found({ party: null, matched_by: "Phone", voice_by: "By hand" })).toBe("");
		expect(how_found({ party, matched_by: "Something new" })).toBe("");
	});

	it("has a side and a kind, or none", () => {
		expect([side_name("Owner"), side_name(""), side_name("x")]).toEqual([
			"Our side",
			"Unknown",
			"Unknown",
		]);
		expect([kind_name("Lead"), kind_name("x")]).toEqual(["Lead", ""]);
	});
});
