// The stretch of the call shown by the waveform, the lanes and the markers: all of it, or a zoomed part.

// minimum width in seconds
const CLOSEST = 8;
// zoom factor of the buttons
export const STEP = 2;

/** Used through `reactive`; seconds throughout. */
export class TimelineView {
	constructor() {
		this.duration = 0;
		/** 1: the whole call */
		this.zoom = 1;
		this.start = 0;
		/** the view follows the playhead until the user scrolls it */
		this.following = true;
	}

	get length() {
		return this.duration / this.zoom;
	}

	get end() {
		return this.start + this.length;
	}

	get closest() {
		return Math.max(1, this.duration / CLOSEST);
	}

	set_duration(duration) {
		this.duration = duration || 0;
		this.zoom_to(this.zoom);
	}

	/** 0 at the left edge of the view, 1 at its right edge */
	fraction_of(time) {
		return this.length ? (time - this.start) / this.length : 0;
	}

	time_at(fraction) {
		return Math.max(0, Math.min(this.duration, this.start + fraction * this.length));
	}

	shows(time) {
		return time >= this.start && time <= this.end;
	}

	/** @param {number} time keeps its place on the screen */
	zoom_to(zoom, time = this.start + this.length / 2) {
		const fraction = this.fraction_of(time);
		this.zoom = Math.max(1, Math.min(this.closest, zoom));
		this.move_to(time - fraction * this.length);
	}

	move_to(start) {
		this.start = Math.max(0, Math.min(this.duration - this.length, start));
	}

	/** The user has scrolled: the view stops following the playhead. */
	look_at(start) {
		this.following = false;
		this.move_to(start);
	}

	/** Turns the page when the playhead leaves it. */
	follow(time) {
		if (this.shows(time)) this.following = true;
		else if (this.following) this.move_to(time - this.length * 0.08);
	}

	/** The user has sought to a time. */
	bring(time) {
		this.following = true;
		if (!this.shows(time)) this.move_to(time - this.length / 2);
	}
}
