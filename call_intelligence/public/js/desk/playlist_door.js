// "Add to playlist" for a call or a part of one; loads the dialog on demand.
frappe.provide("call_intelligence");

/**
 * Opens the dialog.
 * @param {{parts: {call: string, call_title?: string, start?: number, end?: number, title?: string, clip?: string}[], review?: object,
 * around?: {start, end}, on_done?: function(object): void}} options  parts: without times a whole call; review: for a single
 * call, data that its review has loaded, see playlist/add/dialog.js; around: the initial part, if one is chosen; on_done gets
 *   the answer of playlists.add
 */
call_intelligence.add_to_playlist = async (options) => {
	await frappe.require(["call_playlist_add.bundle.css", "call_playlist_add.bundle.js"]);
	call_intelligence.open_playlist_dialog(options);
};
