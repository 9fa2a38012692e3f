// Adds a call, or a part of one, to a playlist: see ../desk/playlist_door.js.
import { around, review_of } from "../share/door";

/**
 * @param {{call, focus, playback, transcript}} stores of the review
 * @param {{start: number, end: number}|null} part null: the loop, the part shown, or the whole call
 */
export function add_to_playlist(stores, part = null) {
	const { call, focus, playback } = stores;
	const wanted = part || playback.loop || playback.part;
	const added = { call: call.name, call_title: call.doc.title };
	if (wanted) Object.assign(added, { start: wanted.start, end: wanted.end });
	const { clip } = focus;
	if (clip && wanted === playback.part)
		Object.assign(added, { clip: clip.name, title: clip.title });
	return call_intelligence.add_to_playlist({
		parts: [added],
		review: review_of(stores),
		around: around(stores),
	});
}
