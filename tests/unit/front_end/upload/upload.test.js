import { describe, expect, it, test, vi } from "vitest";
import { inspect, refusal } from "@/upload/checks";
import { offers_html, raw_format } from "@/upload/offers";
import { UploadQueue } from "@/upload/queue";
import { Refusal, serve } from "../server";

const file = (name = "call.mp3", bytes = "sound") =>
	new File([bytes], name, { lastModified: Date.UTC(2026, 2, 1, 12, 0, 0) });
const sized = (size) => ({ name: "call.mp3", size });

describe("what is refused before it is sent", () => {
	const MB = 1024 ** 2;
	const limits = { max_file_bytes: 100 * MB };

	it("is an empty file", () => {
		expect(refusal(sized(0), limits)).toBe("This file is empty.");
	});

	it("is a file that is too large, in numbers that differ", () => {
		expect(refusal(sized(200 * MB), limits)).toBe(
			"This file has 200 MB; at most 100 MB are accepted."
		);
		const [has, at_most] = refusal(sized(100 * MB + 1), limits).match(/\d[\d.,]* \w+/g);
		expect(has).not.toBe(at_most);
	});

	test.each([
		[100 * MB, limits],
		[1, limits],
		[1e15, {}],
		[1e15, undefined],
	])("is not a file of %d bytes within %j", (size, within) => {
		expect(refusal(sized(size), within)).toBe("");
	});
});

describe("what the server is shown of a file", () => {
	it("is its name, its time and its first bytes", async () => {
		const asked = serve({ "uploads.inspect": () => ({ refusal: "" }) });
		await inspect(file("Zażółć.wav", new Uint8Array([0, 255, 128])));
		expect(asked[0].args).toEqual({
			file_name: "Zażółć.wav",
			head: btoa("\x00\xff\x80"),
			modified: "2026-03-01T12:00:00.000Z",
		});
	});

	it("is at most the first 8 KB", async () => {
		const asked = serve({ "uploads.inspect": () => ({}) });
		await inspect(file("long.wav", "a".repeat(20000)));
		expect(atob(asked[0].args.head)).toHaveLength(8192);
	});
});

describe("proposals", () => {
	const entry = (more) => ({
		state: "waiting",
		file: { name: 'a "b" <c>.wav' },
		may_be_raw: false,
		raw: null,
		starts: [],
		start: null,
		people: [],
		chosen: new Set(),
		...more,
	});
	const start = { value: "2026-03-01 09:05:00", is_day: false, origin: "name" };
	const person = { display_name: "<i>Ada</i>", origin: "name", doctype: "Contact", name: "Ada" };

	it("are none where the server has none, or the file is on its way", () => {
		expect(offers_html(entry({}))).toBe("");
		["looking", "sending", "creating", "done"].forEach((state) =>
			expect(offers_html(entry({ state, starts: [start], people: [person] }))).toBe("")
		);
	});

	it("are pressed where they are taken", () => {
		const pressed = (html) => [...html.matchAll(/aria-pressed="(\w+)"/g)].map(([, is]) => is);
		expect(pressed(offers_html(entry({ starts: [start], people: [person] })))).toEqual([
			"false",
			"false",
		]);
		const taken = { starts: [start], start: start.value, people: [person] };
		expect(pressed(offers_html(entry({ ...taken, chosen: new Set([person]) })))).toEqual([
			"true",
			"true",
		]);
	});

	it("show what is in the file's name as text", () => {
		const html = offers_html(entry({ starts: [start], people: [person], may_be_raw: true }));
		expect(html).toContain("&lt;i&gt;Ada&lt;/i&gt;");
		expect(html).not.toContain("<c>");
		expect(html).toContain('aria-label="Date of a &quot;b&quot; &lt;c&gt;.wav"');
	});

	it("of a refused file are only what raw sound it may be", () => {
		const html = offers_html(
			entry({ state: "refused", may_be_raw: true, starts: [start], people: [person] })
		);
		expect(html).toContain("<select");
		expect(html).not.toContain("<button");
	});

	it("have the format of raw sound that was chosen", () => {
		const raw = raw_format("1");
		expect(raw).toEqual({ raw_format: "alaw", sample_rate: 8000 });
		expect(offers_html(entry({ may_be_raw: true, raw }))).toMatch(
			/<option value="1" selected>A-law, 8 kHz/
		);
		expect(raw_format("")).toBeNull();
	});
});

describe("the files of a dialog", () => {
	const SEEN = { refusal: "", may_be_raw: false, starts: [], people: [] };
	const named = (value, more) => ({ value, origin: "name", is_day: false, ...more });

	async function queue_of(answer, files = [file()], more = {}) {
		serve({ "uploads.inspect": () => answer });
		const changed = vi.fn();
		const dialog = { date_is_set: () => false, is_known: () => false, ...more };
		const queue = new UploadQueue({ max_file_bytes: 1000 }, changed, dialog);
		queue.add(files);
		await Promise.all(queue.entries.map(({ looked }) => looked));
		return { queue, changed };
	}
	const states = (queue) => queue.entries.map(({ state }) => state);

	it("wait once the server has seen them; what is refused here it never sees", async () => {
		const { queue } = await queue_of(SEEN, [file(), file("empty.mp3", ""), file("b.mp3")]);
		expect(states(queue)).toEqual(["waiting", "refused", "waiting"]);
		expect(queue.unfinished).toBe(2);
	});

	it("are refused where the server says so, and wait where it could not be asked", async () => {
		const { queue } = await queue_of({ ...SEEN, refusal: "This is a picture." });
		expect(queue.entries[0]).toMatchObject({
			state: "refused",
			message: "This is a picture.",
		});
		expect(states((await queue_of(new Refusal(0))).queue)).toEqual(["waiting"]);
		expect(states((await queue_of(new Refusal(503))).queue)).toEqual(["waiting"]);
		expect(states((await queue_of(new Refusal(417))).queue)).toEqual(["refused"]);
	});

	it("take a time in the name by themselves, but no day, and not over what was typed", async () => {
		const time = named("2026-03-01 09:05:00");
		const start_of = async (starts, more) =>
			(await queue_of({ ...SEEN, starts }, [file()], more)).queue.entries[0].start;
		expect(await start_of([time])).toBe(time.value);
		expect(await start_of([{ ...time, is_day: true }])).toBeNull();
		expect(await start_of([{ ...time, origin: "modified" }])).toBeNull();
		expect(await start_of([time], { date_is_set: () => true })).toBeNull();
		expect(await start_of([])).toBeNull();
	});

	it("propose the same minute once, and nobody who is there already", async () => {
		const { queue } = await queue_of(
			{
				...SEEN,
				starts: [
					named("2026-03-01 09:05:00"),
					named("2026-03-01 09:05:59", { origin: "modified" }),
					named("2026-03-01 09:06:00", { origin: "modified" }),
				],
				people: [{ name: "Ada" }, { name: "Bob" }],
			},
			[file()],
			{ is_known: ({ name }) => name === "Bob" }
		);
		const [entry] = queue.entries;
		expect(entry.starts.map(({ value }) => value.slice(11))).toEqual(["09:05:00", "09:06:00"]);
		expect(entry.people).toEqual([{ name: "Ada" }]);
	});

	it("take and leave proposals, which become details of their calls", async () => {
		const ada = { doctype: "Contact", name: "ada", display_name: "Ada", email: "a@x.pl" };
		const number = { phone: "+48 1" };
		const { queue } = await queue_of({
			...SEEN,
			starts: [named("2026-03-01 09:05:00")],
			people: [ada, number],
		});
		const [entry] = queue.entries;
		queue.choose_person(entry.id, 0);
		queue.choose_person(entry.id, 1);
		queue.details = { start_time: "typed", associations: [], participants: [{ phone: "1" }] };
		expect(queue.details_of(entry)).toEqual({
			start_time: "2026-03-01 09:05:00",
			associations: [{ doctype: "Contact", name: "ada" }],
			participants: [
				{ phone: "1" },
				{ display_name: "Ada", email: "a@x.pl", phone: "", side: "Customer" },
				{ display_name: "", email: "", phone: "+48 1", side: "Customer" },
			],
		});
		queue.choose_person(entry.id, 0);
		queue.choose_start(entry.id, 0);
		expect(queue.details_of(entry)).toMatchObject({ start_time: "typed", associations: [] });
	});

	it("forget the times that were taken when one is typed for all", async () => {
		const { queue } = await queue_of({ ...SEEN, starts: [named("2026-03-01 09:05:00")] });
		expect(queue.forget_starts()).toEqual(queue.entries);
		expect(queue.entries[0].start).toBeNull();
		expect(queue.forget_starts()).toEqual([]);
	});

	it("may be said to be raw sound, and no longer", async () => {
		const { queue } = await queue_of({ ...SEEN, refusal: "Unknown.", may_be_raw: true });
		const [{ id }] = queue.entries;
		queue.choose_raw(id, raw_format("0"));
		expect(queue.entries[0]).toMatchObject({ state: "waiting", message: "" });
		queue.choose_raw(id, null);
		expect(queue.entries[0]).toMatchObject({ state: "refused", message: "Unknown." });
	});

	it("are not told of any more once they are removed", async () => {
		const { queue, changed } = await queue_of(SEEN);
		const [entry] = queue.entries;
		queue.remove(entry.id);
		changed.mockClear();
		queue.update(entry, { fraction: 1 });
		queue.remove(entry.id);
		expect(changed).not.toHaveBeenCalled();
		expect(queue.unfinished).toBe(0);
	});
});
