// The sound, and the listeners of its position.

export const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];

export class Sound {
	/** @param {number} duration seconds */
	constructor(duration) {
		this.duration = duration;
		this.audio = new Audio();
		this.audio.preload = "metadata";
		this.rate = 1;
		/** called with this sound whenever its position or state changes */
		this.listeners = [];
		this.on_trouble = () => {};
		const tell = () => this.tell();
		["timeupdate", "seeked", "pause", "ended", "ratechange", "loadedmetadata"].forEach(
			(event) => this.audio.addEventListener(event, tell)
		);
		this.audio.addEventListener("play", () => this.follow());
		this.audio.addEventListener("error", () => {
			if (this.audio.getAttribute("src")) this.on_trouble();
		});
	}

	/** @param {string} url null removes the sound */
	load(url) {
		if (!url) {
			this.audio.pause();
			this.audio.removeAttribute("src");
			return;
		}
		const time = this.time;
		this.audio.src = url;
		this.audio.playbackRate = this.rate;
		if (time) this.audio.currentTime = time;
	}

	get loaded() {
		return this.audio.hasAttribute("src");
	}

	get time() {
		return Math.min(this.audio.currentTime, this.duration);
	}

	get playing() {
		return !this.audio.paused && !this.audio.ended;
	}

	toggle() {
		if (this.playing) this.audio.pause();
		else this.play();
	}

	play() {
		if (!this.loaded) return;
		// stopped before playback began
		const begun = this.audio.play();
		if (begun) begun.catch(() => this.tell());
	}

	seek(seconds) {
		if (!this.loaded) return;
		this.audio.currentTime = Math.max(0, Math.min(this.duration, seconds));
		this.tell();
	}

	skip(seconds) {
		this.seek(this.time + seconds);
	}

	set_rate(rate) {
		this.rate = rate;
		this.audio.playbackRate = rate;
	}

	tell() {
		this.listeners.forEach((listener) => listener(this));
	}

	// timeupdate fires four times a second, too rarely for words
	follow() {
		this.tell();
		if (this.playing) requestAnimationFrame(() => this.follow());
	}
}
