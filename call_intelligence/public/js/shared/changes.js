// Follows changes by other users: by realtime events, or by polling.
import { live } from "./live";

// polling interval without a connection
const EVERY = 20000;
// with one: the server forgets viewers after a while
const TRUST = 300000;

/**
 * @param {string} call
 * @param {string} event
 * @param {function(): void} ask fetches the current data
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
		// events sent while disconnected were missed
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
