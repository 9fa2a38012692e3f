// The media element as state: where the sound is, whether it moves, why it cannot.

const RATE_KEY = "call_intelligence:playback_rate";
export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** Used through `reactive`: components read `time`, `playing`, `rate`, `failed`, `waiting`. */
export class Playback {
	constructor() {
		this.time = 0;
		this.duration = 0;
		this.playing = false;
		this.waiting = false;
		this.failed = false;
		/** how often somebody has jumped; the transcript follows each jump */
		this.seeks = 0;
		this.rate = remembered_rate();
		this.media = null;
	}

	/** @param {HTMLMediaElement} media */
	attach(media) {
		const on = (name, handler) => media.addEventListener(name, handler);
		this.media = media;
		media.playbackRate = this.rate;
		on("play", () => {
			this.playing = true;
			this.frame();
		});
		on("pause", () => (this.playing = false));
		on("waiting", () => (this.waiting = true));
		["playing", "canplay", "seeked", "pause"].forEach((name) =>
			on(name, () => (this.waiting = false))
		);
		on("timeupdate", () => this.read_time());
		on("seeking", () => this.read_time());
		on("ratechange", () => (this.rate = media.playbackRate));
		on("error", () => (this.failed = true));
		on("loadedmetadata", () => {
			this.failed = false;
			// loading resets the speed
			media.playbackRate = this.rate;
		});
		if (this.time) media.currentTime = this.time;
	}

	detach() {
		if (this.media) this.media.pause();
		this.media = null;
		this.playing = false;
	}

	read_time() {
		if (this.media) this.time = this.media.currentTime;
	}

	// timeupdate comes four times a second, too rarely for the word being spoken
	frame() {
		if (!this.playing || !this.media) return;
		this.read_time();
		requestAnimationFrame(() => this.frame());
	}

	toggle() {
		return this.playing ? this.pause() : this.play();
	}

	play() {
		if (!this.media) return;
		this.media.play().catch((error) => {
			// NotAllowed: the browser wants a click first; Abort: paused while loading
			if (!["AbortError", "NotAllowedError"].includes(error.name)) this.failed = true;
		});
	}

	pause() {
		if (this.media) this.media.pause();
	}

	/** @param {number} seconds clipped to the recording */
	seek(seconds) {
		const last = this.duration || Infinity;
		this.time = Math.max(0, Math.min(seconds, last));
		this.seeks += 1;
		if (this.media) this.media.currentTime = this.time;
	}

	skip(seconds) {
		this.seek(this.time + seconds);
	}

	set_rate(rate) {
		this.rate = rate;
		if (this.media) this.media.playbackRate = rate;
		remember_rate(rate);
	}
}

function remembered_rate() {
	try {
		const rate = Number(localStorage.getItem(RATE_KEY));
		return RATES.includes(rate) ? rate : 1;
	} catch (error) {
		return 1;
	}
}

function remember_rate(rate) {
	try {
		localStorage.setItem(RATE_KEY, rate);
	} catch (error) {
		// private windows have no storage; the speed is then forgotten
	}
}
