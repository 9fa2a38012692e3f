// The store `markers`: what the waveform marks.
import { computed, reactive } from "vue";

export function use_markers({ search, comments, terms }) {
	return reactive({
		/** [{time, kind: "comment" | "hit" | "term" | "term-now", label, go}] */
		all: computed(() => [...search.markers, ...comments.markers, ...terms.markers]),
	});
}
