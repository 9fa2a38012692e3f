// Who is who: names and colours of the speakers of one call.

import { SEGMENT } from "./transcript";

const COLOURS = 8;

/** @param {{key, name, side, talk_seconds, talk_share}[]} speakers  @returns {Map<string, object>} by key */
export function describe_speakers(speakers) {
	const known = new Map();
	(speakers || []).forEach((speaker, index) => {
		known.set(speaker.key, {
			...speaker,
			label: speaker.name || speaker_label(speaker.key),
			colour: speaker.key === "unknown" ? "unknown" : index % COLOURS,
		});
	});
	return known;
}

/** The speaker of a key, also of one that the server did not describe. */
export function speaker_of(known, key) {
	return (
		known.get(key) || { key, label: speaker_label(key), colour: "unknown", talk_share: null }
	);
}

/** Who an utterance may be given to: [[key, label], ...]; "new": a voice that was missed. */
export function speaker_choices(known, segment) {
	const keys = [...known.keys()];
	// the one it has, whatever that is
	const own = segment[SEGMENT.SPEAKER];
	if (own !== "unknown" && !known.has(own)) keys.push(own);
	return [
		...keys.map((key) => [key, speaker_of(known, key).label]),
		["unknown", speaker_label("unknown")],
		["new", __("New speaker")],
	];
}

function speaker_label(key) {
	const number = /^S(\d+)$/.exec(key || "");
	return number ? __("Speaker {0}", [number[1]]) : __("Unknown speaker");
}
