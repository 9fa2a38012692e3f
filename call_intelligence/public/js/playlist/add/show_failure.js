import { nextTick } from "vue";

/** Brings the words of a refusal onto the screen: a dialog may be longer than it. */
export async function show_failure(dialog) {
	await nextTick();
	const words = dialog.$wrapper.find(".ci-add-failure").last().get(0);
	if (words) words.scrollIntoView({ block: "center" });
}
