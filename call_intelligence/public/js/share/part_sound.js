// Plays a part of a call: with the player of a review, if there is one, else with its own media element.
import { markRaw } from "vue";
import { Sound } from "../shared/player/sound";

const KEY = "part";

/** Used through `reactive`: components read `playing`, `time` and `problem`. */
export class PartSound {
	/**
	 * @param {import("../player/playback").Playback|null} playback of a review on the same page; it is from another bundle
	 * with its own Vue, so its state can be read but not watched
	 * @param {string} media_url used without a review
	 * @param {number} duration seconds of the call
	 */
	constructor(playback, media_url, duration = 0) {
		this.playback = playback;
		this.media_url = media_url;
		this.duration = duration;
		this.own = null;
		this.playing = false;
		this.time = 0;
		this.end = 0;
		this.problem = "";
	}

	get possible() {
		return this.playback ? Boolean(this.playback.media) : Boolean(this.media_url);
	}

	toggle(start, end) {
		if (this.playing) this.stop();
		else this.play(start, end);
	}

	play(start, end) {
		Object.assign(this, { playing: true, time: start, end, problem: "" });
		if (this.playback) {
			this.playback.play_sample(KEY, start, end);
			// if the review's player can't play, show its message here too
			if (!this.sampling) return this.fail();
			this.frame();
		} else this.play_own(start);
	}

	play_own(start) {
		if (!this.own) {
			const media = new Audio(this.media_url);
			this.own = markRaw(
				new Sound(media, {
					goes: () => this.playing,
					moved: () => this.playing && this.read_time(media),
					refused: () => this.fail(),
					limit: () => (this.playing ? this.end : null),
					reached: () => this.stop(),
				})
			);
			media.addEventListener("error", () => this.fail());
			media.addEventListener("ended", () => this.stop());
			media.addEventListener("loadedmetadata", () => {
				if (this.own.take_copy(this.duration, this.time) && this.playing) this.own.play();
			});
		}
		this.own.seek(start);
		this.own.play();
		this.own.follow();
	}

	get sampling() {
		return Boolean(this.playback.sample) && this.playback.sample.key === KEY;
	}

	frame() {
		if (!this.playing) return;
		this.tick();
		requestAnimationFrame(() => this.frame());
	}

	tick() {
		const { playback } = this;
		if (!this.sampling) {
			this.playing = false;
			if (playback.problem) this.fail();
			return;
		}
		playback.sample.end = this.end;
		this.read_time(playback.media);
	}

	read_time(media) {
		// until it has loaded or sought, currentTime is the old position
		if (!media.seeking) this.time = media.currentTime;
	}

	/** The part has changed while playing. */
	change(start, end) {
		if (!this.playing) return;
		this.end = end;
		if (this.time < start - 0.3 || this.time >= end) this.stop();
	}

	stop() {
		this.playing = false;
		if (this.own) this.own.pause();
		else if (this.playback && this.sampling) this.playback.stop_sample();
	}

	fail() {
		this.playing = false;
		this.problem = __("The recording could not be played.");
	}

	destroy() {
		this.stop();
		if (!this.own) return;
		this.own.load(null);
		this.own = null;
		this.media_url = "";
	}
}
