// State of the share dialog: the part, recipients and message; and existing clips of the call.
import { reactive, watch } from "vue";
import { get, post } from "../shared/server";

const DATE_TIME = "YYYY-MM-DD HH:mm:ss";
const FIELDS = ["title", "message", "only_this_part", "chosen", "expires", "expires_date"];
/** call -> unsent input, until the page is left */
const unsent = new Map();

/**
 * @param {{call: string, start: number, end: number}} what
 * @returns {object} used by ShareDialog and its parts
 */
export function use_sharing({ call, start, end }) {
	const sharing = reactive({
		call,
		start,
		end,
		/** false while the input is not a part */
		valid: true,
		title: "",
		message: "",
		only_this_part: false,
		/** [{doctype, name, label}] */
		chosen: [],
		/** "": never, a number of days, or "date" with expires_date */
		expires: "",
		expires_date: "",
		...unsent.get(call),
		/** answer of clips.options; null until loaded */
		options: null,
		/** chosen people who do not see the call: [{user, full_name}] */
		unseeing: [],
		busy: "",
		failure: "",
		/** {key: the request, clip: its name, address, copied} of Copy link */
		link: null,
		/** people left out when sharing: [full name] */
		left_out: [],

		get may_share() {
			return Boolean(sharing.options && sharing.options.may_share);
		},
		get clips() {
			return sharing.options ? sharing.options.clips : [];
		},

		async load() {
			try {
				sharing.options = await get("clips.options", { call });
				sharing.failure = "";
			} catch (error) {
				sharing.failure = error.message;
			}
		},
		/** @param {string} name of a field of the input */
		set(name, value) {
			sharing[name] = value;
		},
		/** @param {{start: number, end: number}} part */
		set_part(part) {
			Object.assign(sharing, part);
		},
		people: (text) => get("clips.people", { call, text }),

		/** Shares with the chosen people. @returns {Promise<string[]|null>} names of those notified; null: failed, or some left out */
		async share() {
			if (!sharing.chosen.length) {
				sharing.failure = __("Choose somebody to share this with, or copy the link.");
				return null;
			}
			const answer = await send("share", () => post("clips.share", wanted(1)));
			if (!answer) return null;
			sharing.chosen = [];
			sharing.message = "";
			sharing.title = "";
			unsent.delete(call);
			sharing.left_out = answer.left_out.map(({ full_name }) => full_name);
			return sharing.left_out.length ? null : answer.told;
		},

		async copy_link() {
			const asked = wanted(0);
			const key = JSON.stringify(asked);
			// the same request again: use the existing link
			if (!sharing.link || sharing.link.key !== key) {
				const answer = await send("copy", () => post("clips.share", asked));
				if (!answer) return;
				sharing.left_out = answer.left_out.map(({ full_name }) => full_name);
				sharing.link = { key, clip: answer.clip.name, address: answer.link };
			}
			sharing.link.copied = await copy(sharing.link.address);
		},

		/** @returns {Promise<string|null>} the link, returned only this once */
		async create_link(days, password) {
			const { start, end, title, message } = sharing;
			const answer = await send("link", () =>
				post("clips.create_link", { call, start, end, title, message, days, password })
			);
			return answer && answer.link;
		},

		async revoke(clip) {
			try {
				replace((await post("clips.revoke", { clip: clip.name })).clip);
				// its link no longer works
				if (sharing.link && sharing.link.clip === clip.name) sharing.link = null;
			} catch (error) {
				frappe.show_alert({
					message: frappe.utils.escape_html(error.message),
					indicator: "red",
				});
			}
		},

		keep() {
			const kept = {};
			FIELDS.forEach((field) => (kept[field] = sharing[field]));
			unsent.set(call, kept);
		},
	});

	/** Arguments of clips.share. */
	function wanted(notify) {
		const of = (doctype) =>
			sharing.chosen.filter((one) => one.doctype === doctype).map(({ name }) => name);
		return {
			call,
			start: sharing.start,
			end: sharing.end,
			users: of("User"),
			groups: of("User Group"),
			message: sharing.message,
			title: sharing.title,
			only_this_part: sharing.only_this_part ? 1 : 0,
			expires_on: expiry(),
			notify,
		};
	}

	/** The end of the user's day, or a number of days from now; in the time zone of the site, as the server expects. */
	function expiry() {
		const { expires, expires_date } = sharing;
		if (expires === "date") {
			return expires_date
				? frappe.datetime.convert_to_system_tz(`${expires_date} 23:59:59`)
				: null;
		}
		if (!expires) return null;
		// rounded to the minute, so that repeated requests are equal
		const now = moment(frappe.datetime.system_datetime()).startOf("minute");
		return now.add(Number(expires), "days").format(DATE_TIME);
	}

	async function send(what, request) {
		if (sharing.busy) return null;
		if (!sharing.valid) {
			sharing.failure = __("Please correct the times of the part first.");
			return null;
		}
		Object.assign(sharing, { busy: what, failure: "", left_out: [] });
		let answer = null;
		try {
			answer = await request();
			replace(answer.clip);
		} catch (error) {
			// keep all input
			sharing.failure = error.message;
		}
		sharing.busy = "";
		return answer;
	}

	function replace(clip) {
		const { options } = sharing;
		if (!options || !clip) return;
		const at = options.clips.findIndex(({ name }) => name === clip.name);
		if (at >= 0) options.clips.splice(at, 1, clip);
		else options.clips.unshift(clip);
	}

	// chosen people who do not see the call, including members of groups: only the server knows them
	let asked = 0;
	async function look_at_chosen() {
		const mine = ++asked;
		if (!sharing.chosen.length) {
			sharing.unseeing = [];
			return;
		}
		const { users, groups } = wanted(0);
		try {
			const answer = await get("clips.who_cannot_see", {
				call,
				users: JSON.stringify(users),
				groups: JSON.stringify(groups),
			});
			if (mine === asked) sharing.unseeing = answer.people;
		} catch {
			// the answer to sharing has it again
		}
	}
	watch(
		() => sharing.chosen.map(({ doctype, name }) => `${doctype} ${name}`).join(),
		look_at_chosen,
		{
			immediate: true,
		}
	);

	return sharing;
}

/** @returns {Promise<boolean>} false if the browser refuses, for example too long after the click */
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}
