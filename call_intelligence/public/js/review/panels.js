// The tabs of the review, in order. A tab with `side` is below the player if there is room for two columns.
import CommentsPanel from "../comments/CommentsPanel.vue";
import InsightsPanel from "../insights/InsightsPanel.vue";
import NotesPanel from "../notes/NotesPanel.vue";
import StatsPanel from "../statistics/StatsPanel.vue";
import TranscriptPanel from "../transcript/TranscriptPanel.vue";

/**
 * lean: also shown in the lean review.
 * @returns {{name, label, side, lean?: boolean, component, hidden?: function(store): boolean, count?: function(store): number, unread?: function(store): number}[]}
 */
export function review_tabs() {
	return [
		{
			name: "transcript",
			label: __("Transcript"),
			side: false,
			lean: true,
			component: TranscriptPanel,
		},
		{
			name: "notes",
			label: __("Notes"),
			side: true,
			component: NotesPanel,
			// one text, so it is either there or not
			count: (store) => (store.notes.saved.content ? 1 : 0),
		},
		{
			name: "comments",
			label: __("Comments"),
			side: true,
			lean: true,
			component: CommentsPanel,
			count: (store) => store.comments.count,
			unread: (store) => store.comments.unread,
		},
		{
			name: "insights",
			label: __("Insights"),
			side: true,
			component: InsightsPanel,
			// for users with the seat
			hidden: (store) => !store.terms.available,
			count: (store) => store.terms.count,
		},
		{
			name: "stats",
			label: __("Stats"),
			side: true,
			component: StatsPanel,
		},
	];
}
