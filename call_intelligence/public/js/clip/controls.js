// Play, jump and speed, with the same keys as the review.
import { clock } from "../shared/format";
import { el, icon } from "./dom";
import { RATES } from "./sound";

const SKIP = 15;
const STEP = 5;
const TYPED_INTO = "input, textarea, select";
const PRESSED = "button, a[href], summary, select";

export class Controls {
	constructor(sound, texts) {
		Object.assign(this, { sound, texts });
		const button = (kind, label, act, ...children) =>
			el(
				"button",
				{
					type: "button",
					class: kind,
					"aria-label": label,
					title: label,
					on: { click: act },
				},
				...children
			);
		const jump = (name, seconds) =>
			button(
				"clip-skip",
				texts.t(name),
				() => sound.skip(seconds),
				icon(name),
				el("span", { "aria-hidden": "true" }, String(SKIP))
			);
		this.play = button("clip-play", texts.t("play"), () => sound.toggle());
		this.time = el("span", { class: "clip-time" });
		this.rate = el(
			"select",
			{
				class: "clip-rate",
				"aria-label": texts.t("speed"),
				title: texts.t("speed"),
				on: { change: () => sound.set_rate(Number(this.rate.value)) },
			},
			...RATES.map((rate) => el("option", { value: rate, selected: rate === 1 }, `${rate}×`))
		);
		this.element = el(
			"div",
			{ class: "clip-controls" },
			this.time,
			el(
				"div",
				{ class: "clip-buttons" },
				jump("back", -SKIP),
				this.play,
				jump("forward", SKIP)
			),
			this.rate
		);
		sound.listeners.push(() => this.show());
		this.show();
	}

	show() {
		const { sound, texts } = this;
		const shown = `${clock(sound.time)} / ${clock(sound.duration)}`;
		if (this.time.textContent !== shown) this.time.textContent = shown;
		const name = sound.playing ? "pause" : "play";
		if (this.shown === name) return;
		this.shown = name;
		this.play.replaceChildren(icon(name));
		this.play.setAttribute("aria-label", texts.t(name));
		this.play.title = texts.t(name);
	}
}

/** The keys of the page, except while typing. @param {import("./sound").ClipSound} sound */
export function listen_to_keys(sound) {
	document.addEventListener("keydown", (event) => {
		if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
		if (event.target.closest && event.target.closest(TYPED_INTO)) return;
		const act = action(event, sound);
		if (!act) return;
		event.preventDefault();
		act();
	});
}

function action(event, sound) {
	// a held key must not alternate play and pause
	const toggle = event.repeat ? () => {} : () => sound.toggle();
	switch (event.key) {
		case " ":
			// the key presses the focused button
			return event.target.closest && event.target.closest(PRESSED) ? null : toggle;
		case "ArrowLeft":
			return () => sound.skip(-STEP);
		case "ArrowRight":
			return () => sound.skip(STEP);
	}
	if (event.shiftKey) return null;
	switch (letter(event)) {
		case "j":
			return () => sound.skip(-SKIP);
		case "k":
			return toggle;
		case "l":
			return () => sound.skip(SKIP);
	}
	return null;
}

/** The Latin letter of a key: by the layout, else by its position. */
function letter(event) {
	if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
	const found = /^Key([A-Z])$/.exec(event.code);
	return found ? found[1].toLowerCase() : "";
}
