// The store `transcript`: what was said and by whom, and where the reader is.
import { markRaw, reactive } from "vue";
import { describe_speakers } from "../shared/speakers";

/** `segments` and `speakers` stay raw: thousands of words need no watching. */
export function use_transcript() {
	const transcript = reactive({
		segments: markRaw([]),
		/** {key: {label, colour, ...}}, see shared/speakers.js */
		speakers: new Map(),
		/** of the loaded segments; the server does not send it again */
		version: null,
		/** where it should scroll: {index, follow}; a new object each time */
		target: null,
		/** it scrolls with the sound until the reader scrolls it */
		following: true,

		/** Takes the answer of review.get. */
		take({ speakers, segments, transcript_version }) {
			transcript.set_speakers(speakers);
			// null: the loaded transcript is current
			if (segments !== null) transcript.segments = markRaw(segments || []);
			transcript.version = transcript_version;
		},
		set_speakers(speakers) {
			transcript.speakers = markRaw(describe_speakers(speakers));
		},
		/** Takes the result of an edit. */
		set_segments(segments, version) {
			transcript.segments = markRaw(segments);
			transcript.version = version;
		},

		/** Scrolls to an utterance; follow: from there it scrolls with the sound. */
		show(index, { follow = true } = {}) {
			if (index >= 0) transcript.target = { index, follow };
		},
		/** It scrolls with the sound, or stays where the reader has scrolled it. */
		follow_sound(following) {
			transcript.following = following;
		},
	});
	return transcript;
}
