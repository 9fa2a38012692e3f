// Progress of calls, from wherever it comes: pushed by the server, or asked for where nothing is pushed.
import { get } from "./server";
import { in_progress } from "./states";

const EVENT = "call_intelligence_progress";
const TICK = 3000;
// a push may be missed even on an open socket (room not joined, worker elsewhere): ask now and then
const TRUST = 15000;

class Live {
	constructor() {
		/** call -> {callbacks: Set, heard: ms} */
		this.watched = new Map();
		this.listeners = new Set();
		this.attached = false;
		this.timer = null;
	}

	/**
	 * Tells about one call until it has come to an end; works without realtime.
	 * @param {function({call, status, stage, progress, error, finished}): void} callback
	 * @returns {function(): void} stops watching
	 */
	watch(call, callback) {
		const entry = this.watched.get(call) || { callbacks: new Set(), heard: Date.now() };
		entry.callbacks.add(callback);
		this.watched.set(call, entry);
		this.wake();
		return () => {
			entry.callbacks.delete(callback);
			if (!entry.callbacks.size) this.watched.delete(call);
		};
	}

	/** Tells about every call that the server pushes to this page; silent without realtime. */
	listen(callback) {
		this.listeners.add(callback);
		this.wake();
		return () => this.listeners.delete(callback);
	}

	get connected() {
		const socket = frappe.realtime && frappe.realtime.socket;
		return Boolean(socket && socket.connected);
	}

	wake() {
		this.attach();
		if (!this.timer) this.timer = setInterval(() => this.tick(), TICK);
	}

	attach() {
		const realtime = frappe.realtime;
		if (this.attached || !realtime || !realtime.socket) return;
		realtime.on(EVENT, (event) => this.tell(event));
		this.attached = true;
	}

	tell(event) {
		if (!event || !event.call) return;
		const entry = this.watched.get(event.call);
		if (entry) {
			entry.heard = Date.now();
			entry.callbacks.forEach((callback) => callback(event));
			if (event.finished) this.watched.delete(event.call);
		}
		this.listeners.forEach((callback) => callback(event));
	}

	async tick() {
		this.attach();
		if (!this.watched.size && !this.listeners.size) {
			clearInterval(this.timer);
			this.timer = null;
			return;
		}
		if (document.hidden || this.asking) return;
		this.asking = true;
		const patience = this.connected ? TRUST : TICK;
		const silent = [...this.watched].filter(
			([, entry]) => Date.now() - entry.heard >= patience
		);
		// a few at a time, so that a page with many cards does not flood the server
		for (const [call, entry] of silent.slice(0, 5)) {
			entry.heard = Date.now();
			try {
				const answer = await get("calls.status", { call });
				this.tell({ ...answer, finished: answer.finished || !in_progress(answer.status) });
			} catch (error) {
				if ([403, 404].includes(error.status)) this.watched.delete(call);
			}
		}
		this.asking = false;
	}
}

// several bundles import this file; there must be one clock and one listener for the page
frappe.provide("call_intelligence");
export const live = call_intelligence.live || (call_intelligence.live = new Live());
