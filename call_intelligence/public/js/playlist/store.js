// State shared by the components of one playlist: the server's data, the current item, and who has listened to what.
import { markRaw, reactive } from "vue";
import { get, post } from "../shared/server";
import { post_last } from "./last_words";
import { say_failure, say_with_undo } from "./notices";

/** Sent when another user has changed the items; contains only the playlist's name. */
const EVENT = "call_intelligence_playlist";

// whether the next item starts automatically, stored in this browser
const AUTO = "call_intelligence:playlist_auto";
// how long a removal can be undone
const UNDO_SECONDS = 7;

export function create_playlist(name, options) {
	const store = reactive(new PlaylistStore(name, options));
	store.listen();
	return store;
}

/** Used through `reactive`. */
class PlaylistStore {
	/** @param {{item?, on_changed?, on_permissions?}} options  see mount_playlist */
	constructor(name, options = {}) {
		this.name = name;
		this.options = markRaw(options);
		this.loading = true;
		this.failure = "";
		/** the answer of playlists.get; null until loaded */
		this.playlist = null;
		this.permissions = {};
		this.items = [];
		this.following = false;
		this.followers = 0;
		/** number of items of calls that this user does not see */
		this.hidden = 0;
		/** those of them that the user may remove: [{name, position}] */
		this.hidden_items = [];
		/** for owner and managers: {"user", "full_name", "count", "may_share"} of users with hidden items */
		this.hidden_for = [];
		/** the item that the address names, until it was heard or another was chosen */
		this.wanted = options.item || null;
		/** name of the item in the player */
		this.current = null;
		/** a new object for each request: {item, play} */
		this.asked = null;
		/** the player's state, as reported by the review */
		this.playing = false;
		/** stops the sound, for example when another call is opened */
		this.pause = () => {};
		/** the next item starts automatically */
		this.auto = kept_auto();
		/** the last item has ended */
		this.finished = false;
		this.busy = false;
		/** the last change: true or false once the server has answered */
		this.settled = Promise.resolve(true);
		/** for owner and managers, on demand: rows of playlists.heard */
		this.heard = null;
		this.wants_heard = false;
		/** the item removed from the screen but not yet on the server */
		this.removed = null;
	}

	// ---- data

	async load() {
		try {
			this.take(await get("playlists.get", { playlist: this.name }));
			this.failure = "";
		} catch (error) {
			if (!this.playlist) this.failure = error.message;
			else say_failure(error);
		}
		this.loading = false;
		this.load_hidden_for();
		if (!this.current && this.items.length) this.go(this.first_to_hear(), { play: false });
	}

	take(data) {
		this.playlist = data.playlist;
		this.permissions = data.permissions || {};
		if (this.options.on_permissions) this.options.on_permissions(this.permissions);
		this.following = Boolean(data.following);
		this.followers = data.followers || 0;
		this.hidden = data.hidden || 0;
		this.hidden_items = data.hidden_items || [];
		// marks set here a moment ago may not have reached the server yet
		const marked = new Map(this.items.map((item) => [item.name, item]));
		this.items = (data.items || [])
			.filter(({ name }) => !this.removed || name !== this.removed.item.name)
			.map((item) => {
				const before = marked.get(item.name);
				return before && before.listened ? { ...item, listened: true } : item;
			});
		if (this.current && !this.at(this.current)) this.current = null;
	}

	/** Users with hidden items: a separate request, since it takes a query per user. */
	async load_hidden_for() {
		if (!this.permissions.write || this.gone) return;
		try {
			this.hidden_for = (await get("playlists.hidden_for", { playlist: this.name })).people;
		} catch {
			// the page works without it
			this.hidden_for = [];
		}
	}

	/** Others may add and move items meanwhile; without realtime this shows with the next load. */
	listen() {
		const look = frappe.utils.debounce(() => !this.gone && !this.busy && this.load(), 600);
		this.heard_event = (event) => event && event.playlist === this.name && look();
		if (frappe.realtime) frappe.realtime.on(EVENT, this.heard_event);
		this.on_leave = () => {
			const { removed } = this;
			if (removed) post_last("playlists.remove_item", { item: removed.item.name });
			this.removed = null;
		};
		window.addEventListener("pagehide", this.on_leave);
	}

	at(name) {
		return this.items.find((item) => item.name === name);
	}

	get index() {
		return this.items.findIndex(({ name }) => name === this.current);
	}

	get item() {
		return this.items[this.index] || null;
	}

	get next_item() {
		return this.items[this.index + 1] || null;
	}

	get previous_item() {
		return this.items[this.index - 1] || null;
	}

	get listened() {
		return this.items.filter((item) => item.listened).length;
	}

	/** For owner and managers: who has listened to what. */
	get sees_listeners() {
		return Boolean(this.permissions.write);
	}

	// ---- playing

	/** The last position: in the middle of an item, else the first unheard item; items without sound only if there are no others. */
	first_to_hear() {
		const { items, wanted } = this;
		const unheard = items.filter((item) => !item.listened);
		const ready = unheard.filter((item) => item.media_ready);
		const begun = ready.find((item) => item.place);
		return (this.at(wanted) || begun || ready[0] || unheard[0] || items[0]).name;
	}

	/** Shows the item named by a later address. */
	lead_to(name) {
		this.wanted = name;
		this.go(name, { play: false });
	}

	go(name, { play = true, again = false } = {}) {
		if (!this.at(name)) return;
		if (name !== this.wanted) this.wanted = null;
		this.current = name;
		this.finished = false;
		this.asked = { item: name, play, again };
	}

	/** Plays or pauses the current item. */
	toggle() {
		this.asked = { item: this.current, toggle: true };
	}

	next(options) {
		if (this.next_item) this.go(this.next_item.name, options);
	}

	previous(options) {
		if (this.previous_item) this.go(this.previous_item.name, options);
	}

	/** From the last position; from the beginning if all items with sound were heard. */
	play_all() {
		const ready = this.items.filter((item) => item.media_ready);
		const all = ready.length > 0 && ready.every((item) => item.listened);
		const name = all ? ready[0].name : this.first_to_hear();
		this.go(name, { play: true, again: all });
	}

	/** The part in the player has ended. */
	ended() {
		const { item } = this;
		this.wanted = null;
		// heard again: only reset the position near its end
		if (item && item.listened) this.keep(item.name, 0);
		else if (item) this.mark(item, true);
		// skip items without sound, so that they don't block the others
		const next = this.items.slice(this.index + 1).find(({ media_ready }) => media_ready);
		if (!next) this.finished = true;
		else if (this.auto) this.go(next.name, { again: next.listened });
	}

	set_auto(auto) {
		this.auto = auto;
		try {
			localStorage.setItem(AUTO, auto ? "1" : "0");
		} catch {
			// still set for this page
		}
	}

	// ---- listening positions

	/** Saves the position; listened: true, false removes the mark, null leaves it unchanged. */
	async keep(item, seconds, listened = null) {
		const row = this.at(item);
		if (row) row.place = seconds;
		const flag = listened === null ? 0 : listened ? 1 : -1;
		try {
			await post("playlists.progress", { item, seconds, listened: flag });
			if (flag && this.wants_heard) this.load_heard();
		} catch (error) {
			// a mark set by the user that could not be saved must not be shown
			if (listened !== null && row) row.listened = !listened;
			if (listened !== null) say_failure(error);
		}
	}

	mark(item, listened) {
		const row = this.at(item.name);
		if (!row || row.listened === listened) return;
		row.listened = listened;
		return this.keep(row.name, 0, listened);
	}

	async load_heard() {
		this.wants_heard = true;
		try {
			this.heard = markRaw(await get("playlists.heard", { playlist: this.name }));
		} catch (error) {
			say_failure(error);
		}
	}

	/** @returns {object[]} who has listened to the item, or begun to */
	heard_of(item) {
		return (this.heard || []).filter((row) => row.item === item);
	}

	// ---- changes

	async move(name, to) {
		const from = this.items.findIndex((item) => item.name === name);
		const target = this.items[to];
		if (from < 0 || !target || from === to) return;
		await this.finish_removal();
		const items = [...this.items];
		items.splice(to, 0, ...items.splice(from, 1));
		const before = this.items;
		this.items = items;
		// hidden items may be in between: the position of the target item is meant
		if (!(await this.change("playlists.move_item", { item: name, position: target.position })))
			this.items = before;
	}

	/** @returns {Promise<boolean>} false: refused, with a message shown */
	change(method, args) {
		this.settled = this.send(method, args);
		return this.settled;
	}

	async send(method, args) {
		this.busy = true;
		try {
			this.take(await post(method, args));
			if (this.options.on_changed) this.options.on_changed();
			return true;
		} catch (error) {
			say_failure(error);
			return false;
		} finally {
			this.busy = false;
		}
	}

	/** Removes the item from the screen, and a few seconds later from the playlist. */
	async remove(name) {
		await this.finish_removal();
		const index = this.items.findIndex((item) => item.name === name);
		if (index < 0) return;
		const [item] = this.items.splice(index, 1);
		const timer = setTimeout(() => this.finish_removal(), UNDO_SECONDS * 1000);
		this.removed = markRaw({ item, index, timer });
		if (this.current === name) {
			const other = this.items[index] || this.items[index - 1];
			this.current = null;
			if (other) this.go(other.name, { play: false });
		}
		say_with_undo(__("Removed from the playlist."), UNDO_SECONDS, () => this.bring_back(item));
	}

	/** Removes a hidden item, which can't be undone. */
	remove_hidden(name) {
		return this.change("playlists.remove_item", { item: name });
	}

	bring_back(item) {
		if (!this.removed || this.removed.item !== item) return;
		clearTimeout(this.removed.timer);
		this.items.splice(this.removed.index, 0, item);
		this.removed = null;
		if (!this.current) this.go(item.name, { play: false });
	}

	async finish_removal() {
		const { removed } = this;
		if (!removed) return;
		clearTimeout(removed.timer);
		const gone = await this.change("playlists.remove_item", { item: removed.item.name });
		if (this.removed !== removed) return;
		this.removed = null;
		if (!gone) this.items.splice(removed.index, 0, removed.item);
		else this.items = this.items.filter(({ name }) => name !== removed.item.name);
	}

	async save_item(item, values) {
		// the dialog shows the error message
		this.take(await post("playlists.update_item", { item, ...values }));
		if (this.options.on_changed) this.options.on_changed();
	}

	async follow(following) {
		const before = this.following;
		this.following = following;
		try {
			await post("playlists.follow", {
				playlist: this.name,
				following: following ? 1 : 0,
			});
			this.followers += following === before ? 0 : following ? 1 : -1;
		} catch (error) {
			this.following = before;
			say_failure(error);
		}
	}

	async share_hidden(person) {
		this.busy = true;
		try {
			const { shared, not_shared } = await post("playlists.share_hidden", {
				playlist: this.name,
				user: person.user,
			});
			frappe.show_alert({
				message: frappe.utils.escape_html(
					words_of_shared(person.full_name, shared, not_shared)
				),
				indicator: not_shared ? "orange" : "green",
			});
		} catch (error) {
			say_failure(error);
		}
		this.busy = false;
		await this.load();
	}

	destroy() {
		this.gone = true;
		if (frappe.realtime) frappe.realtime.off(EVENT, this.heard_event);
		window.removeEventListener("pagehide", this.on_leave);
		this.finish_removal();
	}
}

/** By item, since there may be several of one call. */
function words_of_shared(name, shared, not_shared) {
	const seen =
		shared === 1
			? __("{0} now sees 1 more item.", [name])
			: __("{0} now sees {1} more items.", [name, shared]);
	if (!not_shared) return seen;
	const hidden =
		not_shared === 1
			? __("1 item stays hidden: you can't share its call.")
			: __("{0} items stay hidden: you can't share their calls.", [not_shared]);
	return `${seen} ${hidden}`;
}

function kept_auto() {
	try {
		return localStorage.getItem(AUTO) !== "0";
	} catch {
		return true;
	}
}
