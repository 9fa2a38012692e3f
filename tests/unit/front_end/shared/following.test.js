import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { follow_changes } from "@/shared/changes";

// Desk's realtime, as far as used here
function realtime(connected) {
	const heard = new Map();
	return {
		socket: { connected },
		on: (event, callback) => heard.set(event, callback),
		off: (event) => heard.delete(event),
		say: (event, message) => heard.has(event) && heard.get(event)(message),
	};
}

describe("changes that others make", () => {
	let ask;
	let stop;
	beforeEach(() => {
		vi.useFakeTimers();
		ask = vi.fn();
	});
	afterEach(() => {
		stop();
		vi.useRealTimers();
	});

	const begin = () => (stop = follow_changes("CALL-1", "comments", ask));

	it("are asked for when they are told of, and only those of this call", () => {
		frappe.realtime = realtime(true);
		begin();
		frappe.realtime.say("comments", { call: "CALL-2" });
		frappe.realtime.say("comments", undefined);
		expect(ask).not.toHaveBeenCalled();
		frappe.realtime.say("comments", { call: "CALL-1" });
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it("are asked for every 20 seconds where nothing can be told", () => {
		begin();
		vi.advanceTimersByTime(19999);
		expect(ask).not.toHaveBeenCalled();
		vi.advanceTimersByTime(1);
		expect(ask).toHaveBeenCalledTimes(1);
		vi.advanceTimersByTime(40000);
		expect(ask).toHaveBeenCalledTimes(3);
	});

	it("are asked for every five minutes on a line that is up", () => {
		frappe.realtime = realtime(true);
		begin();
		vi.advanceTimersByTime(299000);
		expect(ask).not.toHaveBeenCalled();
		vi.advanceTimersByTime(2000);
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it("are asked for when the line is back", () => {
		frappe.realtime = realtime(false);
		begin();
		vi.advanceTimersByTime(4000);
		frappe.realtime.socket.connected = true;
		vi.advanceTimersByTime(2000);
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it("are not asked for in a page that nobody sees, and at once when it is looked at again", () => {
		begin();
		document.hidden = true;
		vi.advanceTimersByTime(600000);
		expect(ask).not.toHaveBeenCalled();
		document.hidden = false;
		document.dispatchEvent(new Event("visibilitychange"));
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it("are heard on a connection that comes later", () => {
		begin();
		frappe.realtime = realtime(true);
		vi.advanceTimersByTime(2000);
		ask.mockClear();
		frappe.realtime.say("comments", { call: "CALL-1" });
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it("are no longer asked for after the end", () => {
		frappe.realtime = realtime(true);
		begin();
		stop();
		frappe.realtime.say("comments", { call: "CALL-1" });
		document.dispatchEvent(new Event("visibilitychange"));
		vi.advanceTimersByTime(600000);
		expect(ask).not.toHaveBeenCalled();
	});
});
