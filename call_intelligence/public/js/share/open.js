// Opens the share dialog: with the player and transcript of an open review, or elsewhere with the name of the call.
import { createApp } from "vue";
import { describe_speakers } from "../shared/speakers";
import { name_dialog } from "../shared/dialog_names";
import { escape } from "../shared/format";
import { get } from "../shared/server";
import ShareDialog from "./ShareDialog.vue";
import { SHORTEST } from "./part";

// the default part
const USUAL = 30;

let shown = null;

/**
 * @param {{call: string, start?: number, end?: number, review?: object}} what  review: {title, segments, speakers, duration, peaks,
 * playback, media_url} of an open review; missing data is requested from the server
 */
export async function open_share_dialog({ call, start = null, end = null, review = null }) {
	if (shown) return;
	const dialog = new frappe.ui.Dialog({
		title: __("Share a part of the call"),
		size: "extra-large",
		fields: [{ fieldtype: "HTML", fieldname: "body" }],
	});
	shown = dialog;
	dialog.$wrapper.addClass("ci-share-dialog");
	name_dialog(dialog);
	const before = document.activeElement;
	let app = null;
	dialog.$wrapper.on("hidden.bs.modal", () => {
		shown = null;
		if (app) app.unmount();
		dialog.$wrapper.remove();
		// return the focus, so that the keys keep working
		if (before && before.isConnected) before.focus({ preventScroll: true });
	});
	const in_place = new Promise((done) => dialog.$wrapper.one("shown.bs.modal", done));
	dialog.show();
	const [body] = dialog.get_field("body").$wrapper;
	try {
		const known = review || (await review_of(call));
		if (shown !== dialog) return;
		const part = fitting(start, end, known.duration);
		app = createApp(ShareDialog, {
			call: { ...known, name: call },
			...part,
			onDone: () => dialog.hide(),
		});
		app.config.globalProperties.__ = window.__;
		const mounted = app.mount(body);
		await in_place;
		// on a phone the keyboard would cover the dialog
		if (shown === dialog && !window.matchMedia("(hover: none)").matches) mounted.focus();
	} catch (error) {
		body.innerHTML = `<p class="ci-share-failure ci-notice-bad ci-round-sm ci-pad-8-12 ci-breaks" role="alert">${escape(
			error.message
		)}</p>`;
	}
}

/** The picker's data of a call that is not on the screen. */
export async function review_of(call) {
	const data = await get("review.get", { call });
	const { recording } = data;
	return {
		title: data.call.title,
		segments: data.segments || [],
		speakers: describe_speakers(data.speakers),
		duration: (recording && recording.duration) || data.call.duration || 0,
		peaks: recording && recording.peaks,
		playback: null,
		media_url: recording && recording.playable ? recording.media_url : "",
	};
}

function fitting(start, end, duration) {
	const first = Math.max(0, Math.min(start || 0, Math.max(0, duration - SHORTEST)));
	const last = end > first ? end : first + USUAL;
	return { start: first, end: Math.min(Math.max(last, first + SHORTEST), duration) };
}
