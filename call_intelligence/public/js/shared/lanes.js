// Draws who speaks when: one path per speaker, so that thousands of utterances stay one element each.
import { speaker_of } from "./speakers";
import { SEGMENT } from "./transcript";

/**
 * @param {Map<string, object>} speakers as described by speakers.js
 * @param {number} length seconds shown; anything thinner than a line at that length is drawn as one line
 * @returns {{key, label, colour, share: string, path: string}[]} x in seconds, y from 0 to 1
 */
export function lanes_of(segments, speakers, length) {
	const shortest = (length || 1) / 500;
	const paths = new Map();
	speakers.forEach((speaker, key) => paths.set(key, []));
	segments.forEach((segment) => {
		const key = segment[SEGMENT.SPEAKER];
		if (!paths.has(key)) paths.set(key, []);
		const spoken = Math.max(shortest, segment[SEGMENT.END] - segment[SEGMENT.START]);
		const width = spoken.toFixed(2);
		paths.get(key).push(`M${segment[SEGMENT.START].toFixed(2)} 0h${width}v1h-${width}z`);
	});
	return [...paths]
		.filter(([, parts]) => parts.length)
		.map(([key, parts]) => {
			const { label, colour, talk_share } = speaker_of(speakers, key);
			const share = talk_share ? `${Math.round(talk_share)} %` : "";
			return { key, label, colour, share, path: parts.join("") };
		});
}
