// The store `focus`: a shared clip, shown in its call.
import { reactive } from "vue";
import { post } from "../shared/server";

export function use_focus({ call, moments }) {
	const focus = reactive({
		/** answer of clips.open; null: no clip */
		clip: null,
		/** why the requested clip is not shown */
		failure: "",

		/** Shows a clip of this call; the server records the opening. */
		async open(name) {
			focus.close();
			try {
				const { clip } = await post("clips.open", { clip: name });
				if (call.gone) return;
				if (clip.call !== call.name) throw new Error(__("This part is of another call."));
				if (!clip.live) throw new Error(__("This part is no longer shared."));
				focus.clip = clip;
				focus.narrow();
			} catch (error) {
				focus.failure =
					error.status === 404 ? __("This part is no longer shared.") : error.message;
			}
		},
		/** Returns to the part, at its start. */
		narrow() {
			moments.set_part({ start: focus.clip.start, end: focus.clip.end });
		},
		widen() {
			moments.set_part(null);
		},
		/** Closes the banner and shows the whole call. */
		close() {
			if (focus.clip) moments.set_part(null);
			focus.clip = null;
			focus.failure = "";
		},
	});
	return focus;
}
