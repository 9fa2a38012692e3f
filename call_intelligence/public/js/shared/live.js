// Progress of calls. The server announces that a call has changed, and returns the progress to users who may see it; without
// realtime, pages poll.
import { get } from "./server";
import { in_progress } from "./states";

const EVENT = "call_intelligence_progress";
const TICK = 3000;
// an event may be missed even on an open socket (room not joined, worker elsewhere): poll now and then
const TRUST = 15000;
// many events in a second are one request
const AT_ONCE = 700;

class Live {
	constructor() {
		/** call -> {callbacks: Set, heard: ms, soon: timer} */
		this.watched = new Map();
		this.listeners = new Set();
		this.attached = false;
		this.timer = null;
	}

	/**
	 * Calls back about one call until it has finished; works without realtime.
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

	/**
	 * Calls back with the name of every call announced on this page; silent without realtime.
	 * @param {function({call}): void} callback
	 * @returns {function(): void} stops listening
	 */
	listen(callback) {
		this.listeners.add(callback);
		this.wake();
		return () => this.listeners.delete(callback);
	}

	/** Polls a waiting call, which also makes the server queue lost work again when its scheduler is dormant. */
	look(call) {
		get("calls.status", { call }).catch(() => {});
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
		realtime.on(EVENT, (event) => event && this.moved(event.call));
		this.attached = true;
	}

	moved(call) {
		this.listeners.forEach((callback) => callback({ call }));
		const entry = this.watched.get(call);
		if (!entry || entry.soon) return;
		entry.soon = setTimeout(() => {
			entry.soon = null;
			this.ask(call, entry);
		}, AT_ONCE);
	}

	async ask(call, entry) {
		entry.heard = Date.now();
		try {
			const answer = await get("calls.status", { call });
			const finished = answer.finished || !in_progress(answer.status);
			entry.callbacks.forEach((callback) => callback({ ...answer, finished }));
			if (finished) this.watched.delete(call);
		} catch (error) {
			if ([403, 404].includes(error.status)) this.watched.delete(call);
		}
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
			await this.ask(call, entry);
		}
		this.asking = false;
	}
}

// several bundles import this file; the page must have only one timer and one listener
frappe.provide("call_intelligence");
export const live = call_intelligence.live || (call_intelligence.live = new Live());
