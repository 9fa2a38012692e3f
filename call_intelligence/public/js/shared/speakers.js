// Names and colours of the speakers of one call.

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

/** The speaker of a key, even if the server did not describe it. */
export function speaker_of(known, key) {
	return (
		known.get(key) || { key, label: speaker_label(key), colour: "unknown", talk_share: null }
	);
}

/** Choices of speakers for an utterance: [[key, label], ...]; "new": a voice that was missed. */
export function speaker_choices(known, segment) {
	const keys = [...known.keys()];
	// its current one, in any case
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
