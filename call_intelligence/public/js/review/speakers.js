// Who is who: names and colours of the speakers of one call.

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

function speaker_label(key) {
	const number = /^S(\d+)$/.exec(key || "");
	return number ? __("Speaker {0}", [number[1]]) : __("Unknown speaker");
}
