// Loaded by the Call form: the place where a call is heard and read.
import { createApp, watch } from "vue";
import CallReview from "./review/components/CallReview.vue";
import { take_deep_link } from "./review/deep_link";
import { listen_to_keys } from "./review/keyboard";
import { create_review } from "./review/store";

frappe.provide("call_intelligence");

/**
 * Puts the review of one call into an element.
 * @param {HTMLElement} element
 * @param {{on_finished?, on_moved?, on_changed?, part?, on_part_ended?, lean?: boolean}} options  on_finished: processing came to
 *   an end while one watched; on_moved: called with the answer of calls.status when the call is said to have moved;
 *   on_changed: something that the form below shows is different now
 *   part: {start, end} in seconds to look at: it is played over and over, and what is outside is dimmed; on_part_ended: called at
 *   its end instead (without a part: at the end of the call); lean: only player, transcript and comments, and no deep links
 * @param {{keys?: HTMLElement, more_keys?: [string[], string][], on_sound?: function({time, playing}): void}} options  for who
 *   puts a review among other things: what listens to its keys, keys to be listed with its own, and who is told at each second
 *   where the sound is
 * @returns {{call, refresh, follow_link, seek: function(number), set_part: function({start, end}|null), play, toggle, playback,
 *   single_keys: boolean, destroy}}  playback: see review/playback.js; other bundles look at it, and cannot watch it
 */
call_intelligence.mount_review = (element, call, options = {}) => {
	const store = create_review(call, options);
	const app = createApp(CallReview, { store });
	app.config.globalProperties.__ = window.__;
	app.mount(element);
	const stop_listening = listen_to_keys(options.keys || element, store);
	if (options.on_sound) tell_of_sound(store, options.on_sound);
	store.load();
	return {
		call,
		refresh: () => store.load(),
		follow_link: () => store.follow_link(take_deep_link()),
		seek: (seconds) => store.playback.seek(seconds),
		play: () => play_when_ready(store),
		toggle: () => store.playback.toggle(),
		get single_keys() {
			return store.preferences.get("single_keys");
		},
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

function tell_of_sound({ playback }, tell) {
	watch(
		() => [playback.playing, Math.floor(playback.time)],
		() => tell({ time: playback.time, playing: playback.playing })
	);
}

/** There is no sound before the call has been loaded. */
function play_when_ready(store) {
	const stop = watch(
		() => store.playback.media,
		(media) => {
			if (store.gone || !media) return;
			setTimeout(() => stop());
			store.playback.play();
		},
		{ immediate: true, flush: "post" }
	);
}
