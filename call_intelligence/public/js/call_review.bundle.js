// Loaded by the Call form: plays a call and shows its transcript.
import { createApp, watch } from "vue";
import CallReview from "./review/CallReview.vue";
import { take_deep_link } from "./shared/deep_link";
import { listen_to_keys } from "./review/keyboard";
import { create_review } from "./review/stores";
import { provide_stores } from "./shared/stores";

frappe.provide("call_intelligence");

/**
 * Mounts the review of one call in an element.
 * @param {HTMLElement} element
 * @param {{on_finished?, on_moved?, on_changed?, part?, on_part_ended?, lean?: boolean}} options  on_finished: processing ended
 * while the review was open; on_moved: called with the answer of calls.status after an event about the call;
 * on_changed: data that the form below also shows has changed
 * part: {start, end} in seconds to show: it is looped, and the rest is dimmed; on_part_ended: called at its end instead of
 * looping (without a part: at the end of the call); lean: only player, transcript and comments, and no deep links
 * @param {{keys?: HTMLElement, more_keys?: [string[], string][], on_sound?: function({time, playing}): void}} options  for embedding
 * in other pages: the element that receives its keys, keys to list with its own, and a callback that gets the position
 * every second
 * @returns {{call, refresh, follow_link, seek: function(number), set_part: function({start, end}|null), play, toggle, playback,
 * single_keys: boolean, destroy}}  playback: see player/playback.js; other bundles can read it, but not watch it
 */
call_intelligence.mount_review = (element, call, options = {}) => {
	const stores = create_review(call, options);
	const { links, moments, playback, preferences } = stores;
	const app = createApp(CallReview);
	provide_stores(app, stores);
	app.config.globalProperties.__ = window.__;
	app.mount(element);
	const stop_listening = listen_to_keys(options.keys || element, stores);
	if (options.on_sound) tell_of_sound(playback, options.on_sound);
	stores.call.load();
	return {
		call,
		refresh: () => stores.call.load(),
		follow_link: () => links.follow(take_deep_link()),
		seek: (seconds) => playback.seek(seconds),
		play: () => play_when_ready(stores),
		toggle: () => playback.toggle(),
		get single_keys() {
			return preferences.get("single_keys");
		},
		set_part: (part) => moments.set_part(part),
		playback,
		destroy() {
			stop_listening();
			stores.destroy();
			app.unmount();
			element.textContent = "";
		},
	};
};

function tell_of_sound(playback, tell) {
	watch(
		() => [playback.playing, Math.floor(playback.time)],
		() => tell({ time: playback.time, playing: playback.playing })
	);
}

/** Before the call is loaded there is no media element. */
function play_when_ready({ call, playback }) {
	const stop = watch(
		() => playback.media,
		(media) => {
			if (call.gone || !media) return;
			setTimeout(() => stop());
			playback.play();
		},
		{ immediate: true, flush: "post" }
	);
}
