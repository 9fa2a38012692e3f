// The store `comments`: threads, the comment being written, unread comments.
import { computed, reactive } from "vue";
import { get, post } from "../shared/server";
import { follow_changes } from "../shared/changes";
import { words_of } from "../shared/writing/rich_text";
import { segment_at } from "../shared/transcript";

const LABEL = 80;

/** First comments with their replies, in the order of the call or newest first. */
export function threads_of(list, order) {
	const replies = new Map();
	list.forEach((comment) => {
		if (!comment.reply_to) return;
		if (!replies.has(comment.reply_to)) replies.set(comment.reply_to, []);
		replies.get(comment.reply_to).push(comment);
	});
	const threads = list
		.filter((comment) => !comment.reply_to)
		.map((first) => ({ first, replies: replies.get(first.name) || [] }));
	if (order === "newest") return threads.reverse();
	// comments on the whole call come before its moments
	const place = ({ first }) => (first.at === null ? -1 : first.at);
	return threads.sort((one, other) => place(one) - place(other));
}

/** Used through `reactive`. */
export function use_comments({ call, playback, preferences, tabs, transcript }) {
	const threads = computed(() => threads_of([...comments.list], comments.order));
	const comments = reactive({
		list: [],
		/** "time" | "newest" */
		order: computed(() => (preferences.get("comments_newest") ? "newest" : "time")),
		show_resolved: false,
		/** the comment being written: {at}; null: none */
		composing: null,
		/** whether a new comment is being sent */
		sending: false,
		/** counts requests to write, to focus the field */
		asked: 0,
		/** name of the comment that a link names */
		highlighted: "",
		/** a new object for each request to scroll to the highlighted comment */
		target: null,
		threads,
		shown: computed(() =>
			threads.value.filter(({ first }) => comments.show_resolved || !first.resolved)
		),
		resolved: computed(() => threads.value.filter(({ first }) => first.resolved).length),
		count: computed(() => comments.list.filter(({ deleted }) => !deleted).length),
		unread: computed(() => comments.list.filter(({ unread }) => unread).length),
		/** for the waveform */
		markers: computed(() =>
			threads.value
				.filter(({ first }) => first.at !== null && !first.resolved && !first.deleted)
				.map(({ first }) => ({
					time: first.at,
					kind: "comment",
					label: `${first.author_name}: ${words_of(first.content).slice(0, LABEL)}`,
					go: () => comments.open(first.name),
				}))
		),

		take(list) {
			if (!list || call.gone) return;
			taken += 1;
			// unchanged comments stay the same objects
			const known = new Map(comments.list.map((comment) => [comment.name, comment]));
			comments.list = list.map((comment) => {
				const before = known.get(comment.name);
				return before && same(before, comment) ? before : comment;
			});
			follow();
		},
		async load() {
			const before = taken;
			try {
				const answer = await get("comments.get", { call: call.name });
				// the answer to a later action arrived first and is newer
				if (before === taken) comments.take(answer.comments);
			} catch {
				// the next change or poll tries again
			}
		},

		/** Opens the tab to write about a moment. @param {{at: number|null}} about null: the whole call */
		compose({ at = null } = {}) {
			tabs.open("comments");
			// text being sent would be shown again, and sent twice
			if (comments.sending) return;
			comments.composing = { at: at === null ? null : Math.round(at * 100) / 100 };
			comments.asked += 1;
		},
		stop_composing() {
			comments.composing = null;
		},
		set_sending(sending) {
			comments.sending = sending;
		},
		set_order(order) {
			preferences.set("comments_newest", order === "newest");
		},
		toggle_resolved() {
			comments.show_resolved = !comments.show_resolved;
		},
		/** The highlighted comment is on the screen. */
		arrived() {
			comments.target = null;
		},
		/** Shows one comment and its moment. */
		async open(name) {
			const known = () => comments.list.find((one) => one.name === name);
			// a notification may arrive before the list here
			if (!known()) await comments.load();
			const comment = known();
			if (!comment) {
				frappe.show_alert({
					message: __("This comment has been deleted."),
					indicator: "orange",
				});
				return;
			}
			const first = comments.list.find((one) => one.name === comment.reply_to) || comment;
			if (first.resolved) comments.show_resolved = true;
			if (first.at !== null) {
				playback.seek(first.at);
				transcript.show(segment_at(transcript.segments, first.at));
			}
			tabs.open("comments");
			comments.highlighted = name;
			comments.target = { name };
		},

		async add(content, { at = null, reply_to = null } = {}) {
			const answer = await post("comments.add", { call: call.name, content, at, reply_to });
			comments.take(answer.comments);
			return answer.name;
		},
		async edit(name, content) {
			comments.take((await post("comments.edit", { comment: name, content })).comments);
		},
		remove: (name) => act("comments.remove", { comment: name }),
		resolve: (name, resolved) =>
			act("comments.resolve", { comment: name, resolved: Number(resolved) }),
		/** The user has seen these comments. */
		async mark_read(names) {
			const fresh = comments.list.filter(
				({ name, unread }) => unread && names.includes(name)
			);
			if (!fresh.length) return;
			fresh.forEach((comment) => (comment.unread = false));
			try {
				await post("comments.mark_read", {
					call: call.name,
					names: fresh.map(({ name }) => name),
				});
			} catch {
				// they stay unread until the next visit
			}
		},
		destroy: () => stop && stop(),
	});

	let taken = 0;
	let stop = null;
	function follow() {
		if (!stop) {
			stop = follow_changes(call.name, "call_intelligence_comments", () => comments.load());
		}
	}

	async function act(method, args) {
		try {
			comments.take((await post(method, args)).comments);
		} catch (error) {
			frappe.show_alert({
				message: frappe.utils.escape_html(error.message),
				indicator: "red",
			});
		}
	}

	return comments;
}

// comments read here stay read until the server confirms
function same(before, after) {
	return JSON.stringify({ ...before, unread: 0 }) === JSON.stringify({ ...after, unread: 0 });
}
