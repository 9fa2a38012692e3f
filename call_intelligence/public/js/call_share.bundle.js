// Loaded to share a part of a call: see share/door.js.
import { open_share_dialog } from "./share/open";
import { post } from "./shared/server";

frappe.provide("call_intelligence");

call_intelligence.open_share_dialog = open_share_dialog;

/** For the list and the form of clips. @param {object} clip a Call Clip  @param {function(object): void} done gets the server's answer */
call_intelligence.revoke_clip = async (clip, done) => {
	try {
		done((await post("clips.revoke", { clip: clip.name })).clip);
	} catch (error) {
		frappe.show_alert({
			message: frappe.utils.escape_html(error.message),
			indicator: "red",
		});
	}
};
