import { nextTick } from "vue";

/** Scrolls to the error message: a dialog may be taller than the screen. */
export async function show_failure(dialog) {
	await nextTick();
	const words = dialog.$wrapper.find(".ci-add-failure").last().get(0);
	if (words) words.scrollIntoView({ block: "center" });
}
