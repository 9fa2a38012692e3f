// A media element as all players use it: the review's, a clip's page, the timeline card and the picker of a part. Without Vue and
// without Desk, since the page of a clip has neither.
import { takes_copy, takes_sound } from "./true_length";

/** One media element. */
export class Sound {
	/**
	 * @param {HTMLMediaElement} media
	 * @param {object} player what it is used by
	 * @param {function(): void} player.moved the position may have changed: with each frame while it plays, and several times a
	 * second in a background tab
	 * @param {function(Error): void} player.refused the browser does not begin to play
	 * @param {function(): boolean} [player.goes] whether it plays, by default that of the element
	 * @param {function(): number|null} [player.limit] the second at which it ends, before the recording does; null: none
	 * @param {function(): void} [player.reached] called at the limit
	 */
	constructor(media, { moved, refused, goes, limit = () => null, reached = () => {} }) {
		Object.assign(this, { media, moved, refused, limit, reached });
		this.goes = goes || (() => this.playing);
		this.following = false;
		media.addEventListener("timeupdate", () => this.look());
	}

	get loaded() {
		return this.media.hasAttribute("src");
	}

	get playing() {
		return !this.media.paused && !this.media.ended;
	}

	get time() {
		return this.media.currentTime;
	}

	play() {
		const begun = this.media.play();
		// Abort: paused, or given another source, while loading
		if (begun) begun.catch((error) => error.name === "AbortError" || this.refused(error));
	}

	pause() {
		this.media.pause();
	}

	toggle() {
		if (this.media.paused) this.play();
		else this.pause();
	}

	/** @param {number} seconds clipped to 0..last  @returns {number} the new position */
	seek(seconds, last = Infinity) {
		const to = clip(seconds, last);
		this.media.currentTime = to;
		return to;
	}

	/** Looks with each frame while it plays: timeupdate fires four times a second, too rarely for words. */
	follow() {
		if (this.following) return;
		this.following = true;
		const frame = () => {
			this.following = this.goes();
			if (!this.following) return;
			this.look();
			requestAnimationFrame(frame);
		};
		frame();
	}

	look() {
		this.moved();
		const end = this.limit();
		if (end !== null && this.time >= end) this.reached();
	}

	// ---- sources: the position is kept by the element until the source is loaded

	/** @param {string} address null removes the sound */
	load(address, time = 0) {
		if (!address) {
			this.pause();
			this.media.removeAttribute("src");
			this.media.load();
			return;
		}
		this.media.src = address;
		if (time) this.seek(time);
	}

	reload(time = this.time) {
		this.media.load();
		this.seek(time);
	}

	/** Loads the copy if the browser measures another length than the server. @returns {boolean} whether it does */
	take_copy(seconds, time = this.time) {
		if (!takes_copy(this.media, seconds)) return false;
		this.seek(time);
		return true;
	}

	/** Loads the copy, for a format that the browser does not play. @returns {boolean} whether it does */
	take_sound(time = this.time) {
		if (!takes_sound(this.media)) return false;
		this.seek(time);
		return true;
	}
}

/** @returns {number} seconds within 0..last */
export function clip(seconds, last = Infinity) {
	return Math.max(0, Math.min(seconds, last));
}
