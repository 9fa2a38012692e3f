// The media element as state: position, playing or not, errors.
import { markRaw } from "vue";
import { find_problem } from "../shared/player/media_problem";
import { Sound, clip } from "../shared/player/sound";
import { end_of_silence } from "./silence";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];
// interval of saving the position while playing, in case the browser crashes
const KEEP_EVERY = 15;
// milliseconds; each poll for sound being prepared waits longer than the one before
const LOOK_AFTER = 3000;
const LOOK_AT_MOST = 30000;

/** Used through `reactive`: components read `time`, `playing`, `rate`, `volume`, `problem`, `waiting`, `loop`, `part`. */
export class Playback {
	/** @param {import("../review/preferences").Preferences} preferences */
	constructor(preferences) {
		this.preferences = preferences;
		/** name of the recording, under which its position is saved */
		this.recording = "";
		this.time = 0;
		this.duration = 0;
		this.playing = false;
		this.waiting = false;
		/** {kind, message} when it cannot be played, else null */
		this.problem = null;
		/** the browser does not play the format of this video: only its sound is played */
		this.sound_alone = false;
		/** {start, end} in seconds that is looped; else null */
		this.loop = null;
		/** {start, end}: the part of the call shown, looped unless `on_part_ended` is given; else null */
		this.part = null;
		/** the position is in the part; after a seek elsewhere the call plays on there */
		this.in_part = false;
		/** called at the end of the part, or of the call without one, instead of looping */
		this.on_part_ended = null;
		/** stretches to skip while `skip_silence` is on */
		this.silences = [];
		/** counts seeks; the transcript follows each seek */
		this.seeks = 0;
		this.media = null;
		/** the media element as used by all players */
		this.sound = null;
		this.heard = false;
		this.kept_at = 0;
		/** a voice being played briefly: {key, end, resume}; position and other state stay unchanged */
		this.sample = null;
		/** temporary factor of the speed, for example while typing along */
		this.tempo = 1;
	}

	get rate() {
		return this.preferences.get("rate");
	}

	get volume() {
		return this.preferences.get("volume");
	}

	get muted() {
		return this.preferences.get("muted");
	}

	get skip_silence() {
		return this.preferences.get("skip_silence");
	}

	get failed() {
		return Boolean(this.problem);
	}

	/** @param {string} name under which its position is saved */
	set_recording(name) {
		this.recording = name;
	}

	/** @param {number} seconds of the recording; 0 if unknown */
	set_duration(seconds) {
		this.duration = seconds || 0;
	}

	/** @param {{start, end}[]} silences stretches without speech */
	set_silences(silences) {
		this.silences = markRaw(silences);
	}

	/** @param {HTMLMediaElement} media */
	attach(media) {
		const on = (name, handler) =>
			media.addEventListener(name, (event) => this.media && handler(event));
		this.media = media;
		const mine = () => this.media === media;
		this.sound = markRaw(
			new Sound(media, {
				goes: () => mine() && Boolean(this.playing || this.sample),
				moved: () => mine() && this.moved(),
				refused: (error) => mine() && this.refused(error),
				limit: () => (mine() ? this.limit : null),
				reached: () => this.reached(),
			})
		);
		this.apply();
		on("play", () => {
			if (!this.sample) Object.assign(this, { playing: true, heard: true });
			this.sound.follow();
		});
		on("pause", () => {
			// at the end of the recording, or from outside, such as a headset
			if (this.sample) return this.stop_sample(false);
			this.playing = false;
			this.keep_place();
		});
		on("waiting", () => (this.waiting = true));
		["playing", "canplay", "seeked", "pause"].forEach((name) =>
			on(name, () => (this.waiting = false))
		);
		on("seeking", () => this.read_time());
		on("ended", () => {
			if (this.loop) this.restart();
			else if (this.in_part) this.end_part();
			else if (this.on_part_ended) this.on_part_ended();
		});
		on("error", () => this.fail());
		on("loadedmetadata", () => {
			this.problem = null;
			if (this.takes_copy()) return;
			// loading resets the speed
			this.apply();
			if (!this.duration && Number.isFinite(media.duration)) this.duration = media.duration;
		});
		if (this.time) media.currentTime = this.time;
	}

	detach() {
		if (!this.media) return;
		this.sample = null;
		this.media.pause();
		this.keep_place();
		this.media = null;
		this.sound = null;
		this.playing = false;
	}

	/** Applies the user's preferences to the element. */
	apply() {
		const { media } = this;
		if (!media) return;
		media.preservesPitch = true;
		media.playbackRate = this.rate * this.tempo;
		media.defaultPlaybackRate = media.playbackRate;
		media.volume = this.volume;
		media.muted = this.muted;
	}

	/** If the browser measures another length than the server, its seeks would also be off. */
	takes_copy() {
		const { sound, time } = this;
		const plays = !this.media.paused;
		if (!sound.take_copy(this.duration, time)) return false;
		this.time = time;
		this.sample = null;
		if (plays) this.play();
		return true;
	}

	read_time() {
		// without media the element reports 0
		if (!this.media || this.problem || this.sample) return;
		// a seek to 8.12 reads 8.119999, which would still be the previous utterance
		this.time = Math.round(this.media.currentTime * 1000) / 1000;
	}

	/** The second at which the sound stops or starts again; null: at the end of the recording. */
	get limit() {
		if (this.sample) return this.sample.end;
		if (!this.playing) return null;
		if (this.loop) return this.loop.end;
		return this.in_part ? this.part.end : null;
	}

	reached() {
		if (this.sample) this.stop_sample();
		else if (this.loop) this.restart();
		else this.end_part();
	}

	moved() {
		if (this.sample) return;
		this.read_time();
		if (!this.playing) return;
		const ends = this.limit !== null && (this.loop || this.time >= this.limit);
		if (this.skip_silence && !ends && !this.media.seeking) {
			const next = end_of_silence(this.silences, this.time);
			if (next !== null) this.sound.seek(next);
		}
		if (Math.abs(this.time - this.kept_at) > KEEP_EVERY) this.keep_place();
	}

	toggle() {
		if (this.sample) return this.stop_sample();
		return this.playing ? this.pause() : this.play();
	}

	play() {
		if (!this.media) return;
		if (this.problem) return this.try_again();
		// after its end the part starts again
		if (this.part && Math.abs(this.time - this.part.end) < 0.2) this.seek(this.part.start);
		this.sound.play();
	}

	refused({ name }) {
		this.sample = null;
		// NotAllowed: the browser requires a click first
		if (name !== "NotAllowedError") this.fail();
	}

	pause() {
		if (this.media) this.sound.pause();
	}

	/** @param {number} seconds clipped to the recording */
	seek(seconds) {
		const to = clip(seconds, this.duration || Infinity);
		if (this.sample) this.stop_sample(this.sample.resume, to);
		// seeking elsewhere ends the loop
		if (this.loop && (to < this.loop.start - 0.1 || to > this.loop.end)) this.loop = null;
		this.time = to;
		this.in_part = Boolean(this.part) && to >= this.part.start - 0.1 && to < this.part.end;
		this.seeks += 1;
		if (this.media) this.sound.seek(to);
		this.keep_place();
	}

	skip(seconds) {
		const to = this.time + seconds;
		// don't leave the part by accident
		if (!this.in_part) this.seek(to);
		else if (to < this.part.end) this.seek(Math.max(to, this.part.start));
		else if (this.playing) this.end_part();
		else this.seek(this.part.start);
	}

	// ---- voice samples

	/** Plays start..end at normal speed, then restores position and playing state. */
	play_sample(key, start, end) {
		if (!this.media) return;
		if (this.problem) return this.try_again();
		const resume = this.sample ? this.sample.resume : this.playing;
		this.sample = { key, end, resume };
		this.playing = false;
		this.media.playbackRate = 1;
		this.sound.seek(start);
		if (this.media.paused) this.sound.play();
	}

	/** Returns to the call, at its position or at `to`. */
	stop_sample(resume = this.sample.resume, to = this.time) {
		this.sample = null;
		this.sound.seek(to);
		this.apply();
		if (!resume) return this.media.pause();
		this.playing = true;
		if (this.media.paused) this.play();
	}

	// ---- loop

	/** Loops start..end; seeks to the start unless it is already inside. */
	set_loop(start, end) {
		if (!(end > start)) return;
		this.loop = { start, end };
		if (this.time < start || this.time >= end) this.seek(start);
	}

	clear_loop() {
		this.loop = null;
	}

	restart() {
		this.time = this.loop.start;
		this.sound.seek(this.loop.start);
		if (this.media.paused) this.play();
	}

	// ---- a part of the call

	/** @param {{start: number, end: number}|null} part seeks to its start; null: the whole call, at the same position */
	set_part(part) {
		if (this.sample) this.stop_sample(false);
		this.loop = null;
		this.part = part && part.end > part.start ? { start: part.start, end: part.end } : null;
		this.in_part = false;
		if (this.part) this.seek(this.part.start);
	}

	end_part() {
		if (!this.on_part_ended) {
			this.seek(this.part.start);
			if (this.media.paused) this.play();
			return;
		}
		this.in_part = false;
		this.pause();
		this.time = this.part.end;
		this.on_part_ended();
	}

	// ---- preferences

	set_rate(rate) {
		this.preferences.set("rate", Math.min(3, Math.max(0.5, rate)));
		this.apply();
	}

	/** Changes the speed temporarily; the preference is kept. */
	set_tempo(tempo) {
		this.tempo = tempo;
		this.apply();
	}

	/** @param {number} volume 0..1 */
	set_volume(volume) {
		this.preferences.set("volume", Math.min(1, Math.max(0, volume)));
		// moving the slider unmutes
		this.preferences.set("muted", false);
		this.apply();
	}

	set_muted(muted) {
		this.preferences.set("muted", muted);
		this.apply();
	}

	set_skip_silence(skip) {
		this.preferences.set("skip_silence", skip);
	}

	keep_place() {
		this.kept_at = this.time;
		// moments opened by a link and shared parts are not saved as positions
		if (!this.heard || this.part) return;
		this.preferences.remember_place(this.recording, this.time, this.duration);
	}

	// ---- errors

	async fail() {
		const { media } = this;
		if (!media || this.problem) return;
		const plays = this.playing;
		this.sample = null;
		this.playing = false;
		this.waiting = false;
		this.problem = { kind: "unknown", message: __("The recording could not be played.") };
		const found = await find_problem(media);
		if (!this.problem || this.media !== media) return;
		if (found.kind === "format" && this.takes_sound(plays)) return;
		this.problem = found;
		if (found.kind === "preparing") this.look_again(media, LOOK_AFTER);
	}

	/** @param {boolean} plays whether the user wants it to play */
	takes_sound(plays) {
		const { media, time } = this;
		if (!this.sound.take_sound(time)) return false;
		this.problem = null;
		this.sound_alone = media.tagName === "VIDEO";
		this.time = time;
		if (plays) this.play();
		return true;
	}

	/** Polls until the sound is there; keeps the position and does not start playing. */
	look_again(media, delay) {
		setTimeout(async () => {
			const waits = () => this.media === media && this.problem?.kind === "preparing";
			if (!waits()) return;
			const found = await find_problem(media);
			if (!waits()) return;
			if (found.kind === "preparing")
				return this.look_again(media, Math.min(2 * delay, LOOK_AT_MOST));
			const { time } = this;
			this.problem = null;
			this.sound.reload(time);
			this.time = time;
		}, delay);
	}

	/** Reloads the recording and continues at the same position. */
	try_again() {
		const { time } = this;
		if (!this.media) return;
		this.problem = null;
		this.waiting = true;
		this.sound.reload(time);
		this.time = time;
		this.play();
	}
}
