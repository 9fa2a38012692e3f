// The sound of a clip, and the listeners of its position.
import { Sound } from "../shared/player/sound";

export const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];

export class ClipSound extends Sound {
	/** @param {number} duration seconds */
	constructor(duration) {
		super(new Audio(), { moved: () => this.tell(), refused: () => this.tell() });
		this.duration = duration;
		this.media.preload = "metadata";
		this.rate = 1;
		/** called with this sound whenever its position or state changes */
		this.listeners = [];
		this.on_trouble = () => {};
		["seeked", "pause", "ended", "ratechange", "loadedmetadata"].forEach((event) =>
			this.media.addEventListener(event, () => this.tell())
		);
		this.media.addEventListener("play", () => this.follow());
		this.media.addEventListener("error", () => {
			if (this.loaded) this.on_trouble();
		});
	}

	load(address) {
		super.load(address, this.time);
		this.media.playbackRate = this.rate;
	}

	get time() {
		return Math.min(super.time, this.duration);
	}

	play() {
		if (this.loaded) super.play();
	}

	seek(seconds) {
		if (!this.loaded) return;
		super.seek(seconds, this.duration);
		this.tell();
	}

	skip(seconds) {
		this.seek(this.time + seconds);
	}

	set_rate(rate) {
		this.rate = rate;
		this.media.playbackRate = rate;
	}

	tell() {
		this.listeners.forEach((listener) => listener(this));
	}
}
