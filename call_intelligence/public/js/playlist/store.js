// Everything the components of one playlist share: what the server tells of it, which item is heard, and who has heard what.
import { markRaw, reactive } from "vue";
import { get, post } from "../shared/server";
import { post_last } from "./last_words";
import { say_failure, say_with_undo } from "./notices";

/** Sent when somebody has changed the items; it says nothing but which playlist. */
const EVENT = "call_intelligence_playlist";

// whether the next item begins by itself, in this browser
const AUTO = "call_intelligence:playlist_auto";
// as long as an item that was removed can be brought back
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
		/** as playlists.get has it; null until it is there */
		this.playlist = null;
		this.permissions = {};
		this.items = [];
		this.following = false;
		this.followers = 0;
		/** how many items belong to calls that this user does not see */
		this.hidden = 0;
		/** those among them that one may take out: [{name, position}] */
		this.hidden_items = [];
		/** for owner and managers: {"user", "full_name", "count", "may_share"} of people who miss some */
		this.hidden_for = [];
		/** the item that an address has led to, until one has heard it or gone on to another */
		this.wanted = options.item || null;
		/** name of the item in the player */
		this.current = null;
		/** a new object each time an item is asked for: {item, play} */
		this.asked = null;
		/** the sound, as the review tells it */
		this.playing = false;
		/** stops the sound: whoever opens a call wants to hear that one */
		this.pause = () => {};
		/** the next item begins by itself */
		this.auto = kept_auto();
		/** the last item has come to its end */
		this.finished = false;
		this.busy = false;
		/** the last change: true or false once the server has answered */
		this.settled = Promise.resolve(true);
		/** for owner and managers, once somebody wants to know: rows of playlists.heard */
		this.heard = null;
		this.wants_heard = false;
		/** the item that is gone from the screen and not yet from the server */
		this.removed = null;
	}

	// ---- what is there

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
		// what was marked here a moment ago may be on its way still
		const marked = new Map(this.items.map((item) => [item.name, item]));
		this.items = (data.items || [])
			.filter(({ name }) => !this.removed || name !== this.removed.item.name)
			.map((item) => {
				const before = marked.get(item.name);
				return before && before.listened ? { ...item, listened: true } : item;
			});
		if (this.current && !this.at(this.current)) this.current = null;
	}

	/** For whom some items are hidden: asked for by itself, as it takes a query for each person. */
	async load_hidden_for() {
		if (!this.permissions.write || this.gone) return;
		try {
			this.hidden_for = (await get("playlists.hidden_for", { playlist: this.name })).people;
		} catch (error) {
			// the page is of use without it
			this.hidden_for = [];
		}
	}

	/** Others may add and move items while one listens; without realtime it shows with the next load. */
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

	/** Owner and managers see who has heard what. */
	get sees_listeners() {
		return Boolean(this.permissions.write);
	}

	// ---- hearing it

	/** Where one stopped last time: in the middle of an item, else at the first that has not been heard; without sound only if need be. */
	first_to_hear() {
		const { items, wanted } = this;
		const unheard = items.filter((item) => !item.listened);
		const ready = unheard.filter((item) => item.media_ready);
		const begun = ready.find((item) => item.place);
		return (this.at(wanted) || begun || ready[0] || unheard[0] || items[0]).name;
	}

	/** To an item that an address leads to, after the first. */
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

	next(options) {
		if (this.next_item) this.go(this.next_item.name, options);
	}

	previous(options) {
		if (this.previous_item) this.go(this.previous_item.name, options);
	}

	/** From where one stopped; from the beginning once all has been heard that has sound. */
	play_all() {
		const ready = this.items.filter((item) => item.media_ready);
		const all = ready.length > 0 && ready.every((item) => item.listened);
		const name = all ? ready[0].name : this.first_to_hear();
		this.go(name, { play: true, again: all });
	}

	/** The part in the player has come to its end. */
	ended() {
		const { item } = this;
		this.wanted = null;
		// heard again: only the place near its end is to be forgotten
		if (item && item.listened) this.keep(item.name, 0);
		else if (item) this.mark(item, true);
		// what has no sound yet would keep the others waiting
		const next = this.items.slice(this.index + 1).find(({ media_ready }) => media_ready);
		if (!next) this.finished = true;
		else if (this.auto) this.go(next.name, { again: next.listened });
	}

	set_auto(auto) {
		this.auto = auto;
		try {
			localStorage.setItem(AUTO, auto ? "1" : "0");
		} catch (error) {
			// this page still knows it
		}
	}

	// ---- what has been heard

	/** Keeps the place; listened: true, false to take the mark away, null to leave it as it is. */
	async keep(item, seconds, listened = null) {
		const row = this.at(item);
		if (row) row.place = seconds;
		const flag = listened === null ? 0 : listened ? 1 : -1;
		try {
			await post("playlists.progress", { item, seconds, listened: flag });
			if (flag && this.wants_heard) this.load_heard();
		} catch (error) {
			// a mark that somebody has made by hand and that is not kept must not look as if it were
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

	/** @returns {object[]} who has heard the item, or begun to */
	heard_of(item) {
		return (this.heard || []).filter((row) => row.item === item);
	}

	// ---- changing it

	async move(name, to) {
		const from = this.items.findIndex((item) => item.name === name);
		const target = this.items[to];
		if (from < 0 || !target || from === to) return;
		await this.finish_removal();
		const items = [...this.items];
		items.splice(to, 0, ...items.splice(from, 1));
		const before = this.items;
		this.items = items;
		// others may be between them that one does not see: the place of the one that stood there is what is meant
		if (!(await this.change("playlists.move_item", { item: name, position: target.position })))
			this.items = before;
	}

	/** @returns {Promise<boolean>} false: refused, and said so */
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

	/** Takes the item off the screen, and a few seconds later out of the playlist. */
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

	/** Of one that is hidden there is nothing that could be brought back. */
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
		// the dialog shows the words of a refusal
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

/** Of items: there may be several of one call. */
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
	} catch (error) {
		return true;
	}
}
