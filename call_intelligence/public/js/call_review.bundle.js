// Loaded by the Call form: the place where a call is heard and read.
import { createApp } from "vue";
import CallReview from "./review/components/CallReview.vue";
import { take_deep_link } from "./review/deep_link";
import { listen_to_keys } from "./review/keyboard";
import { create_review } from "./review/store";

frappe.provide("call_intelligence");

/**
 * Puts the review of one call into an element.
 * @param {HTMLElement} element
 * @param {{on_finished?, on_changed?, part?, on_part_ended?, lean?: boolean}} options  on_finished: processing came to an end while
 *   one watched; on_changed: something that the form below shows is different now
 *   part: {start, end} in seconds to look at: it is played over and over, and what is outside is dimmed; on_part_ended: called at
 *   its end instead (without a part: at the end of the call); lean: only player, transcript and comments, and no deep links
 * @returns {{call, refresh, follow_link, seek: function(number), set_part: function({start, end}|null), playback, destroy}}
 *   playback: see review/playback.js; other bundles look at it, and cannot watch it
 */
call_intelligence.mount_review = (element, call, options = {}) => {
	const store = create_review(call, options);
	const app = createApp(CallReview, { store });
	app.config.globalProperties.__ = window.__;
	app.mount(element);
	const stop_listening = listen_to_keys(element, store);
	store.load();
	return {
		call,
		refresh: () => store.load(),
		follow_link: () => store.follow_link(take_deep_link()),
		seek: (seconds) => store.playback.seek(seconds),
		set_part: (part) => store.set_part(part),
		playback: store.playback,
		destroy() {
			stop_listening();
			store.destroy();
			app.unmount();
			element.textContent = "";
		},
	};
};
