// The tabs of the review, in order. A tab with `side` is below the player if there is room for two columns.
import CommentsPanel from "../comments/CommentsPanel.vue";
import InsightsPanel from "../insights/InsightsPanel.vue";
import NotesPanel from "../notes/NotesPanel.vue";
import StatsPanel from "../statistics/StatsPanel.vue";
import TranscriptPanel from "../transcript/TranscriptPanel.vue";

/**
 * lean: also shown in the lean review.
 * @returns {{name, label, side, lean?: boolean, component, hidden?: function(stores): boolean, count?: function(stores): number, unread?: function(stores): number}[]}
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
			count: ({ notes }) => (notes.saved.content ? 1 : 0),
		},
		{
			name: "comments",
			label: __("Comments"),
			side: true,
			lean: true,
			component: CommentsPanel,
			count: ({ comments }) => comments.count,
			unread: ({ comments }) => comments.unread,
		},
		{
			name: "insights",
			label: __("Insights"),
			side: true,
			component: InsightsPanel,
			// for users with the seat
			hidden: ({ terms }) => !terms.available,
			count: ({ terms }) => terms.count,
		},
		{
			name: "stats",
			label: __("Stats"),
			side: true,
			component: StatsPanel,
		},
	];
}
