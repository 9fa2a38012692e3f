// Adds a call, or a part of one, to a playlist: see ../desk/playlist_door.js.
import { around, review_of } from "../share/door";

/**
 * @param {import("../review/store").ReviewStore} store
 * @param {{start: number, end: number}|null} part null: the loop, the part shown, or the whole call
 */
export function add_to_playlist(store, part = null) {
	const wanted = part || store.playback.loop || store.part;
	const added = { call: store.name, call_title: store.call.title };
	if (wanted) Object.assign(added, { start: wanted.start, end: wanted.end });
	const { clip } = store.focus;
	if (clip && wanted === store.part)
		Object.assign(added, { clip: clip.name, title: clip.title });
	return call_intelligence.add_to_playlist({
		parts: [added],
		review: review_of(store),
		around: around(store),
	});
}
