// The tabs of the review, in their order. A tab with `side` stands below the player where there is room for two columns.
import TranscriptPanel from "./components/TranscriptPanel.vue";

/** @returns {{name, label, side, component, count?: function(store): number, unread?: function(store): number}[]} */
export function review_tabs() {
	return [
		{
			name: "transcript",
			label: __("Transcript"),
			side: false,
			component: TranscriptPanel,
		},
	];
}
