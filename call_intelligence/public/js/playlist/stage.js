// The review of the current item's call, and what is kept of where one is in it.
import { more_keys } from "./keyboard";
import { post_last } from "./last_words";

// while it plays the place is kept this often
const KEEP_EVERY = 15;
// a place this near to the beginning of a part is its beginning
const NEAR_START = 2;
// and so near to its end it has been heard
const NEAR_END = 1.5;

/** Shows one item at a time in `element`; `keys` is what listens to the keys of the review. */
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
	 * @param {{play?: boolean, again?: boolean, toggle?: boolean}} options  again: from its beginning, wherever one has been;
	 *   toggle: play or pause, should it be here already
	 */
	async show(item, { play = false, again = false, toggle = false } = {}) {
		const here = this.review && this.item && same_part(this.item, item);
		if (here && toggle) return this.review.toggle();
		if (here && !again) return play ? this.review.play() : null;
		this.keep();
		this.item = item;
		this.kept = null;
		await frappe.require(["call_review.bundle.css", "call_review.bundle.js"]);
		// somebody has gone on to another item meanwhile, or left
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

	/** The sound as the review tells it: {time, playing}, at least once a second while it plays. */
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

	/** Tells the server where one is, unless nothing has been heard since. */
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

/** Of a whole call as well: from its beginning to its end. */
function part_of({ start, end, seconds }) {
	return { start: start || 0, end: end || (start || 0) + seconds };
}

function same_part(one, other) {
	return one.name === other.name && one.start === other.start && one.end === other.end;
}

/** Where one stopped, if that is somewhere in the middle. */
function place_in(item) {
	const { start, end } = part_of(item);
	const inside = item.place > start + NEAR_START && item.place < end - NEAR_END;
	return inside ? item.place : start;
}
