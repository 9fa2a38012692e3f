// The store `moments`: goes to a moment or a part of the call, in the sound and in the transcript at once.
import { segment_at } from "../shared/transcript";

// a part may begin a little before the first word in it
const WITHIN = 0.05;

export function use_moments({ playback, tabs, transcript }) {
	const show_text = (time) => transcript.show(segment_at(transcript.segments, time));
	return {
		go(time) {
			playback.seek(time);
			show_text(time);
		},
		/** And brings the transcript to the front in a single panel. */
		visit(time) {
			playback.seek(time);
			if (!tabs.wide) tabs.open("transcript");
			show_text(time);
		},
		/** Scrolls the transcript to the position of the sound. */
		show_now() {
			show_text(playback.time + WITHIN);
		},
		/** Shows a part, which is looped; null: the whole call. @param {{start, end}|null} part */
		set_part(part) {
			playback.set_part(part);
			if (part) show_text(part.start + WITHIN);
		},
	};
}
