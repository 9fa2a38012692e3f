// Texts of an item, for the list and the player.
import { clock, duration } from "../shared/format";

export function title_of({ title, call_title, call }) {
	return title || call_title || call;
}

/** "1:12 – 1:40" for a part, empty for a whole call. */
export function times_of({ start, end }) {
	// without line break
	return end ? `${clock(start)}\u00a0–\u00a0${clock(end)}` : "";
}

/** Duration of the item. */
export function length_of({ seconds }) {
	return duration(Math.max(1, Math.round(seconds)));
}

/** 0..100: progress of listening to the item. */
export function progress_of({ listened, place, start, seconds }) {
	if (listened) return 100;
	if (!place || !seconds) return 0;
	return Math.max(0, Math.min(100, (100 * (place - (start || 0))) / seconds));
}
