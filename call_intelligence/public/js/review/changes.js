// What others change while one looks: the server tells it, or is asked now and then where nothing can be told.
import { live } from "../shared/live";

// without a connection
const EVERY = 20000;
// with one: the server remembers for a while who looks, and may have forgotten
const TRUST = 300000;

/**
 * @param {string} call
 * @param {string} event
 * @param {function(): void} ask fetches what there is now
 * @returns {function(): void} stops
 */
export function follow_changes(call, event, ask) {
	let attached = null;
	let asked = Date.now();
	let connected = live.connected;
	const again = () => {
		asked = Date.now();
		ask();
	};
	const told = (message) => message && message.call === call && again();
	const attach = () => {
		const realtime = frappe.realtime;
		if (attached || !realtime || !realtime.socket) return;
		realtime.on(event, told);
		attached = realtime;
	};
	const look = () => {
		attach();
		if (document.hidden) return;
		// what was told while the line was down has not been heard
		const back = live.connected && !connected;
		connected = live.connected;
		if (back || Date.now() - asked >= (connected ? TRUST : EVERY)) again();
	};
	const timer = setInterval(look, 2000);
	document.addEventListener("visibilitychange", look);
	attach();
	return () => {
		clearInterval(timer);
		document.removeEventListener("visibilitychange", look);
		if (attached) attached.off(event, told);
	};
}
