// How an item reads, in the list and above the player.
import { clock, duration } from "../shared/format";

export function title_of({ title, call_title, call }) {
	return title || call_title || call;
}

/** "1:12 – 1:40" of a part, nothing of a whole call. */
export function times_of({ start, end }) {
	// in one line
	return end ? `${clock(start)}\u00a0–\u00a0${clock(end)}` : "";
}

/** How long one listens. */
export function length_of({ seconds }) {
	return duration(Math.max(1, Math.round(seconds)));
}

/** 0..100: how far one has come in the item. */
export function progress_of({ listened, place, start, seconds }) {
	if (listened) return 100;
	if (!place || !seconds) return 0;
	return Math.max(0, Math.min(100, (100 * (place - (start || 0))) / seconds));
}
