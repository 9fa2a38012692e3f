// Opens what the address names, else the position where the user stopped listening.
import { SEGMENT } from "../shared/transcript";
import { take_deep_link } from "../shared/deep_link";

export function use_links({
	call,
	comments,
	focus,
	moments,
	playback,
	preferences,
	tabs,
	transcript,
}) {
	/** what the address names, see take_deep_link; null: nothing left, undefined: not read yet */
	let pending;
	let returned = false;

	// a moment can only be shown after the call is loaded
	function try_link() {
		const link = pending;
		if (!link || !call.doc) return;
		if (link.comment || link.tab) {
			pending = { ...link, comment: null, tab: null };
			if (link.tab) tabs.open(link.tab);
			if (link.comment) comments.open(link.comment);
		}
		if (link.shared) {
			pending = { ...pending, shared: null };
			focus.open(link.shared);
		}
		if (link.clip) playback.set_loop(link.clip.start, link.clip.end);
		const time = time_of(link);
		if (time === null) return;
		moments.go(time);
		if (transcript.segments.length || !call.processing) pending = null;
	}

	function time_of({ clip, time, segment }) {
		const row =
			segment && transcript.segments.find((entry) => entry[SEGMENT.NAME] === segment);
		if (row) return row[SEGMENT.START];
		return clip ? clip.start : time;
	}

	// the saved position, once, unless the address names a moment
	function return_to_place() {
		if (!call.recording || returned) return;
		returned = true;
		if (call.lean) return moments.show_now();
		const asked = Object.values(pending || {});
		if (asked.some((value) => value !== null && value !== undefined)) return;
		const place = preferences.place_of(call.recording.name);
		if (place !== null) playback.seek(place);
	}

	return {
		/** The call has been loaded, perhaps again. */
		loaded() {
			if (pending === undefined) pending = call.lean ? null : take_deep_link();
			return_to_place();
			try_link();
		},
		/** Another address of the same call. */
		follow(link) {
			if (Object.values(link).every((value) => value === null)) return;
			pending = link;
			try_link();
		},
	};
}
