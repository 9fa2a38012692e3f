// The part `focus` of the store: a clip that somebody has shared, looked at in its call.
import { reactive } from "vue";
import { post } from "../shared/server";

export function use_focus(store) {
	const focus = reactive({
		/** see clips.open; null: no clip is looked at */
		clip: null,
		/** why the clip that was asked for is not shown */
		failure: "",

		/** Shows a clip of this call, whose opening the server writes down. */
		async open(name) {
			focus.close();
			try {
				const { clip } = await post("clips.open", { clip: name });
				if (store.gone) return;
				if (clip.call !== store.name) throw new Error(__("This part is of another call."));
				if (!clip.live) throw new Error(__("This part is no longer shared."));
				focus.clip = clip;
				focus.narrow();
			} catch (error) {
				focus.failure =
					error.status === 404 ? __("This part is no longer shared.") : error.message;
			}
		},
		/** Only the part again, from its start. */
		narrow() {
			store.set_part({ start: focus.clip.start, end: focus.clip.end });
		},
		widen() {
			store.set_part(null);
		},
		/** Without the banner, the call as always. */
		close() {
			if (focus.clip) store.set_part(null);
			focus.clip = null;
			focus.failure = "";
		},
	});
	return focus;
}
