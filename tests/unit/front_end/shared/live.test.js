import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refusal, serve } from "../server";

describe("the progress of calls", () => {
	let live;
	let told;
	beforeEach(async () => {
		vi.useFakeTimers();
		vi.resetModules();
		globalThis.call_intelligence = {};
		({ live } = await import("@/shared/live"));
		told = vi.fn();
	});
	afterEach(() => {
		clearInterval(live.timer);
		vi.useRealTimers();
	});
	const seconds = (count) => vi.advanceTimersByTimeAsync(1000 * count);

	it("is asked for until the call has come to an end", async () => {
		const asked = serve({
			"calls.status": (args, before) => ({
				status: before ? "Ready" : "Transcribing",
				progress: 40,
			}),
		});
		live.watch("CALL-1", told);
		await seconds(30);
		expect(told.mock.calls.map(([{ status, finished }]) => [status, finished])).toEqual([
			["Transcribing", false],
			["Ready", true],
		]);
		expect(asked).toHaveLength(2);
	});

	it("is no longer asked for by who has stopped, or may not see the call", async () => {
		const asked = serve({ "calls.status": () => new Refusal(403) });
		live.watch("CALL-1", told)();
		await seconds(30);
		expect(asked).toHaveLength(0);
		live.watch("CALL-2", told);
		await seconds(30);
		expect(asked).toHaveLength(1);
		expect(told).not.toHaveBeenCalled();
	});

	it("is asked for again after a broken line", async () => {
		const asked = serve({
			"calls.status": (args, before) => (before ? { status: "Ready" } : new Refusal(0)),
		});
		live.watch("CALL-1", told);
		await seconds(30);
		expect(asked).toHaveLength(2);
		expect(told).toHaveBeenCalledTimes(1);
	});

	it("is asked for once for many steps that are told at once", async () => {
		const asked = serve({ "calls.status": () => ({ status: "Transcribing" }) });
		let say;
		frappe.realtime = {
			socket: { connected: true },
			on: (event, callback) => (say = callback),
		};
		const moved = vi.fn();
		live.listen(moved);
		live.watch("CALL-1", told);
		for (let i = 0; i < 10; i++) say({ call: "CALL-1" });
		say({ call: "CALL-2" });
		await seconds(1);
		expect(asked).toHaveLength(1);
		expect(moved).toHaveBeenCalledTimes(11);
	});

	it("is asked for of a few calls at a time, and not in a page that nobody sees", async () => {
		const asked = serve({ "calls.status": () => ({ status: "Queued" }) });
		for (let i = 0; i < 12; i++) live.watch(`CALL-${i}`, told);
		document.hidden = true;
		await seconds(10);
		expect(asked).toHaveLength(0);
		document.hidden = false;
		await seconds(3);
		expect(asked).toHaveLength(5);
	});
});
