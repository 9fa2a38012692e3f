// Shows the review of the current item's call, and saves the listening position.
import { more_keys } from "./keyboard";
import { post_last } from "./last_words";

// interval of saving the position while playing
const KEEP_EVERY = 15;
// a position this near to the beginning of a part counts as its beginning
const NEAR_START = 2;
// and this near to its end the item counts as heard
const NEAR_END = 1.5;

/** Shows one item at a time in `element`; `keys` is the element that receives the keys of the review. */
export class Stage {
	constructor(element, store, keys) {
		this.element = element;
		this.store = store;
		this.keys = keys;
		this.review = null;
		this.item = null;
		this.time = 0;
		this.kept = null;
		this.on_leave = () => this.keep({ leaving: true });
		window.addEventListener("pagehide", this.on_leave);
		store.pause = () => this.review && this.review.playback.pause();
	}

	/**
	 * @param {{play?: boolean, again?: boolean, toggle?: boolean}} options  again: from the beginning, ignoring the saved position;
	 * toggle: play or pause, if it is already shown
	 */
	async show(item, { play = false, again = false, toggle = false } = {}) {
		const here = this.review && this.item && same_part(this.item, item);
		if (here && toggle) return this.review.toggle();
		if (here && !again) return play ? this.review.play() : null;
		this.keep();
		this.item = item;
		this.kept = null;
		await frappe.require(["call_review.bundle.css", "call_review.bundle.js"]);
		// the user has meanwhile moved on to another item, or left
		if (this.gone || this.item !== item) return;
		const at = again ? part_of(item).start : place_in(item);
		if (this.review && this.review.call === item.call) {
			this.review.set_part(part_of(item));
		} else {
			this.clear();
			this.mount(item);
		}
		this.review.seek(at);
		this.time = at;
		if (play || toggle) this.review.play();
	}

	mount(item) {
		const host = document.createElement("div");
		this.element.append(host);
		this.review = call_intelligence.mount_review(host, item.call, {
			part: part_of(item),
			lean: true,
			keys: this.keys,
			more_keys: more_keys(),
			on_part_ended: () => this.ended(),
			on_sound: (sound) => this.heard(sound),
		});
	}

	/** The position reported by the review: {time, playing}, at least once a second while it plays. */
	heard({ time, playing }) {
		const { store } = this;
		const stopped = store.playing && !playing;
		store.playing = playing;
		this.time = time;
		store.time = time;
		if (!this.item || !(playing || stopped)) return;
		if (this.kept === null) this.kept = time;
		if (stopped || Math.abs(time - this.kept) >= KEEP_EVERY) this.keep();
	}

	ended() {
		this.kept = null;
		this.store.playing = false;
		this.store.ended();
	}

	/** Saves the position on the server, unless nothing was heard since. */
	keep({ leaving = false } = {}) {
		const { item, time, kept } = this;
		if (!item || kept === null || kept === time) return;
		this.kept = time;
		const { start, end } = part_of(item);
		if (time < start || time > end - NEAR_END) return;
		const seconds = Math.round(time * 10) / 10;
		if (leaving) post_last("playlists.progress", { item: item.name, seconds });
		else this.store.keep(item.name, seconds);
	}

	get single_keys() {
		return !this.review || this.review.single_keys;
	}

	clear() {
		if (this.review) this.review.destroy();
		this.review = null;
		this.element.textContent = "";
	}

	destroy() {
		this.gone = true;
		this.keep();
		window.removeEventListener("pagehide", this.on_leave);
		this.clear();
	}
}

/** For a whole call: from its beginning to its end. */
function part_of({ start, end, seconds }) {
	return { start: start || 0, end: end || (start || 0) + seconds };
}

function same_part(one, other) {
	return one.name === other.name && one.start === other.start && one.end === other.end;
}

/** The saved position, if it is somewhere in the middle. */
function place_in(item) {
	const { start, end } = part_of(item);
	const inside = item.place > start + NEAR_START && item.place < end - NEAR_END;
	return inside ? item.place : start;
}
