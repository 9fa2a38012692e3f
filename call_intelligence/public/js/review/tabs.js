// Which panel shows which tab. Wide: notes and comments below the player, the transcript next to it; narrow: all in one panel.

/** Width in pixels from which the transcript is next to the player. */
const WIDE = 820;

/** Used through `reactive`. */
export class Tabs {
	constructor() {
		this.wide = true;
		/** the tab of each panel; a narrow screen has only `main` */
		this.side = "comments";
		this.main = "transcript";
		/** counts requests to open a tab, to scroll it into view */
		this.asked = 0;
	}

	/** @param {number} width of the review in pixels */
	measure(width) {
		if (width) this.wide = width >= WIDE;
	}

	/** @param {"side"|"main"} panel */
	panel_of(tab) {
		return this.wide && tab.side ? "side" : "main";
	}

	/** The tab of `tabs` shown in the panel. */
	active(panel, tabs) {
		return tabs.find((tab) => tab.name === this[panel]) || tabs[0];
	}

	/** @param {{name: string, side: boolean}} tab */
	select(tab) {
		this[this.panel_of(tab)] = tab.name;
		// the same tab is kept when the window is resized
		if (tab.side) this.side = tab.name;
	}

	/** @param {string} name of a tab; all but the transcript are at the side */
	open(name) {
		this.select({ name, side: name !== "transcript" });
		this.asked += 1;
	}
}
