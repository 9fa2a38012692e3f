import { reactive } from "vue";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { threads_of, use_comments } from "@/comments/comments";
import { Refusal, serve } from "../server";

const comment = (name, at, more = {}) => ({ name, at, reply_to: null, resolved: false, ...more });
const names = (threads) =>
	threads.map(({ first, replies }) =>
		[first.name, ...replies.map(({ name }) => name)].join(" ")
	);

describe("threads", () => {
	const LIST = [
		comment("late", 50),
		comment("whole", null),
		comment("r1", null, { reply_to: "late" }),
		comment("early", 0),
		comment("again", 50),
		comment("r2", null, { reply_to: "early" }),
		comment("r3", null, { reply_to: "late" }),
	];

	it("are in the order of the call, what is about all of it first, with their replies as they came", () => {
		expect(names(threads_of(LIST, "time"))).toEqual([
			"whole",
			"early r2",
			"late r1 r3",
			"again",
		]);
	});

	it("have the newest first where that is wished; replies stay in their order", () => {
		expect(names(threads_of(LIST, "newest"))).toEqual([
			"again",
			"early r2",
			"whole",
			"late r1 r3",
		]);
	});

	it("are none without comments, and leave the list as it was", () => {
		expect(threads_of([], "time")).toEqual([]);
		const before = LIST.map(({ name }) => name);
		threads_of(LIST, "newest");
		expect(LIST.map(({ name }) => name)).toEqual(before);
	});
});

describe("the comments of a call", () => {
	let stores;
	let comments;
	let kept;

	beforeEach(() => {
		kept = reactive({ comments_newest: false });
		stores = {
			call: { name: "CALL-1", gone: false },
			playback: { seek: vi.fn() },
			transcript: { segments: [["a", 0, 5, "S1", "x", []]], show: vi.fn() },
			tabs: { open: vi.fn() },
			preferences: { get: (key) => kept[key], set: (key, value) => (kept[key] = value) },
		};
		comments = use_comments(stores);
	});
	afterEach(() => comments.destroy());

	it("count what is there, is unread and is resolved", () => {
		comments.take([
			comment("a", 1, { resolved: true, unread: true }),
			comment("b", 2, { deleted: true }),
			comment("c", 3, { unread: true }),
		]);
		expect([comments.count, comments.unread, comments.resolved]).toEqual([2, 2, 1]);
		expect(names(comments.shown)).toEqual(["b", "c"]);
		comments.toggle_resolved();
		expect(names(comments.shown)).toEqual(["a", "b", "c"]);
	});

	it("keep the order that was chosen", () => {
		comments.take([comment("a", 1), comment("b", 2)]);
		comments.set_order("newest");
		expect(kept.comments_newest).toBe(true);
		expect(names(comments.threads)).toEqual(["b", "a"]);
	});

	it("stay the same objects where nothing has changed, and stay read", async () => {
		serve({ "comments.mark_read": () => null });
		comments.take([comment("a", 1, { unread: true }), comment("b", 2)]);
		const [a, b] = comments.list;
		await comments.mark_read(["a", "b"]);
		expect(comments.unread).toBe(0);
		comments.take([comment("a", 1, { unread: true }), comment("b", 3)]);
		expect(comments.list[0]).toBe(a);
		expect(comments.list[1]).not.toBe(b);
		expect(comments.unread).toBe(0);
	});

	it("tell the server once what was read", async () => {
		const asked = serve({ "comments.mark_read": () => null });
		comments.take([comment("a", 1, { unread: true }), comment("b", 2, { unread: true })]);
		await comments.mark_read(["a"]);
		await comments.mark_read(["a"]);
		expect(asked.map(({ args }) => args)).toEqual([{ call: "CALL-1", names: ["a"] }]);
		expect(comments.unread).toBe(1);
	});

	it("do not fall back to an answer that was overtaken", async () => {
		serve({
			"comments.get": () => ({ comments: [comment("old", 1)] }),
		});
		const loading = comments.load();
		comments.take([comment("old", 1), comment("new", 2)]);
		await loading;
		expect(comments.list.map(({ name }) => name)).toEqual(["old", "new"]);
		await comments.load();
		expect(comments.list.map(({ name }) => name)).toEqual(["old"]);
	});

	it("stay as they are when the line is broken", async () => {
		serve({ "comments.get": () => new Refusal(0), "comments.remove": () => new Refusal(0) });
		comments.take([comment("a", 1)]);
		await comments.load();
		await comments.remove("a");
		expect(comments.list).toHaveLength(1);
		expect(frappe.show_alert.mock.calls[0][0].message).toBe("The connection was lost.");
	});

	it("are written about a moment or about the whole call, one at a time", () => {
		comments.compose({ at: 1.23456 });
		expect(comments.composing).toEqual({ at: 1.23 });
		comments.compose({ at: 0 });
		expect(comments.composing).toEqual({ at: 0 });
		comments.compose();
		expect(comments.composing).toEqual({ at: null });
		comments.set_sending(true);
		comments.compose({ at: 9 });
		expect(comments.composing).toEqual({ at: null });
	});

	it("lead to their moment, a reply to that of its thread", async () => {
		comments.take([
			comment("a", 3, { resolved: true }),
			comment("r", null, { reply_to: "a" }),
			comment("whole", null),
		]);
		await comments.open("r");
		expect(stores.playback.seek).toHaveBeenLastCalledWith(3);
		expect(stores.transcript.show).toHaveBeenLastCalledWith(0);
		expect(comments.show_resolved).toBe(true);
		expect(comments.highlighted).toBe("r");
		await comments.open("whole");
		expect(stores.playback.seek).toHaveBeenCalledTimes(1);
	});

	it("are asked for before one is said to be deleted", async () => {
		const asked = serve({
			"comments.get": (args, before) => ({ comments: before ? [] : [comment("new", 0)] }),
		});
		await comments.open("new");
		expect(comments.highlighted).toBe("new");
		expect(stores.playback.seek).toHaveBeenLastCalledWith(0);
		await comments.open("gone");
		expect(asked).toHaveLength(2);
		expect(frappe.show_alert.mock.calls[0][0].message).toBe("This comment has been deleted.");
	});

	it("take nothing for a call that has been left", () => {
		stores.call.gone = true;
		comments.take([comment("a", 1)]);
		expect(comments.list).toEqual([]);
	});
});
