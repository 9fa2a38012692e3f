// Which panel shows what. Wide: notes and comments below the player, the transcript beside it; narrow: all in one panel.

/** Room in pixels from which the transcript stands beside the player. */
const WIDE = 820;

/** Used through `reactive`. */
export class Tabs {
	constructor() {
		this.wide = true;
		/** what each panel shows; a narrow screen has only `main` */
		this.side = "comments";
		this.main = "transcript";
		/** how often somebody asked for a tab: who asks wants to see it */
		this.asked = 0;
	}

	/** @param {number} width pixels that the review has */
	measure(width) {
		if (width) this.wide = width >= WIDE;
	}

	/** @param {"side"|"main"} panel */
	panel_of(tab) {
		return this.wide && tab.side ? "side" : "main";
	}

	/** The tab of `tabs` that the panel shows. */
	active(panel, tabs) {
		return tabs.find((tab) => tab.name === this[panel]) || tabs[0];
	}

	/** @param {{name: string, side: boolean}} tab */
	select(tab) {
		this[this.panel_of(tab)] = tab.name;
		// the same tab is found again when the window grows or shrinks
		if (tab.side) this.side = tab.name;
	}

	/** @param {"transcript"|"notes"|"comments"} name */
	open(name) {
		this.select({ name, side: name !== "transcript" });
		this.asked += 1;
	}
}
