// The tabs of the review, in their order. A tab with `side` stands below the player where there is room for two columns.
import CommentsPanel from "./components/CommentsPanel.vue";
import InsightsPanel from "./components/InsightsPanel.vue";
import NotesPanel from "./components/NotesPanel.vue";
import StatsPanel from "./components/StatsPanel.vue";
import TranscriptPanel from "./components/TranscriptPanel.vue";

/**
 * lean: shown as well where only what one hears and reads is.
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
			// one text, so that there is something or nothing
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
			// for those who have the seat
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
