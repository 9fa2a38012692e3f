// The transcript: marks the current word, plays from a clicked word.
import {
	SEGMENT,
	WORD,
	blank_before,
	is_gap,
	segment_at,
	word_at,
	words_of,
} from "../shared/transcript";
import { clock } from "../shared/format";
import { el } from "./dom";

// ms without automatic scrolling after the reader has scrolled
const LEFT_ALONE = 5000;

export class Transcript {
	/**
	 * @param {Object} part see clips/parts.py
	 * @param {function(string): {name: string, colour: number|string}} speaker
	 */
	constructor(part, speaker, sound, texts) {
		Object.assign(this, { part, speaker, sound, texts });
		this.rows = part.segments.map((segment, index) => this.utterance(segment, index));
		this.now = { row: -1, word: -1 };
		this.scrolled = 0;
		this.element = el(
			"section",
			{ class: "clip-transcript", "aria-label": texts.t("transcript") },
			el("h2", {}, texts.t("transcript")),
			this.rows.length
				? el("ol", {}, ...this.rows)
				: el("p", { class: "clip-nothing" }, texts.t("no_transcript"))
		);
		sound.listeners.push(() => this.follow());
		["wheel", "touchmove"].forEach((event) =>
			window.addEventListener(event, () => (this.scrolled = Date.now()), { passive: true })
		);
	}

	utterance(segment, index) {
		const { segments } = this.part;
		const start = segment[SEGMENT.START];
		const key = segment[SEGMENT.SPEAKER];
		const goes_on = index && segments[index - 1][SEGMENT.SPEAKER] === key;
		const { name, colour } = this.speaker(key);
		const play_from = (seconds) => {
			this.sound.seek(seconds);
			this.sound.play();
		};
		const words = words_of(segment).flatMap((word, number) => [
			blank_before(word, number),
			el(
				"span",
				{ class: "clip-word", on: { click: () => play_from(word[WORD.START]) } },
				word[WORD.TEXT]
			),
		]);
		const label = this.texts.t("play_from", clock(start));
		return el(
			"li",
			{ class: goes_on ? "clip-utterance clip-goes-on" : "clip-utterance" },
			el(
				"div",
				{ class: "clip-who" },
				el("span", { class: `clip-speaker clip-colour-${colour}`, dir: "auto" }, name),
				el(
					"button",
					{
						type: "button",
						class: "clip-from",
						"aria-label": label,
						title: label,
						on: { click: () => play_from(start) },
					},
					clock(start)
				)
			),
			is_gap(segment)
				? el("p", { class: "clip-nothing" }, this.texts.t("not_understood"))
				: el("p", { dir: "auto" }, ...words)
		);
	}

	follow() {
		const { segments } = this.part;
		const { time } = this.sound;
		const row = segment_at(segments, time);
		const heard = row >= 0 && time <= segments[row][SEGMENT.END] + 1;
		const word = heard ? word_at(segments[row], time) : -1;
		if (row === this.now.row && word === this.now.word) return;
		this.mark(this.now, false);
		if (row !== this.now.row) this.show(row);
		this.now = { row, word };
		this.mark(this.now, true);
	}

	mark({ row, word }, on) {
		if (row < 0) return;
		this.rows[row].classList.toggle("clip-is-now", on);
		const words = word < 0 ? [] : this.rows[row].querySelectorAll(".clip-word");
		if (words[word]) words[word].classList.toggle("clip-is-spoken", on);
	}

	show(row) {
		if (row < 0 || !this.sound.playing || Date.now() - this.scrolled < LEFT_ALONE) return;
		const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
		this.rows[row].scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
	}
}
