// The waveform in the colours of the speakers; click, touch or keyboard seeks. Time runs from left to right
// in every language.
import { decode_peaks, talking_at } from "../shared/transcript";
import { clock } from "../shared/format";
import { el } from "./dom";

const BAR = 3;
const GAP = 1;
const STEP = 5;
const QUIET = 0.05;

export class Waveform {
	/**
	 * @param {Object} part see clips/parts.py
	 * @param {Map<string, number|string>} colours of the speakers by key
	 */
	constructor(part, colours, sound, texts) {
		Object.assign(this, { part, colours, sound, texts });
		this.peaks = decode_peaks(part.peaks);
		this.canvas = el("canvas", { "aria-hidden": "true" });
		this.element = el(
			"div",
			{
				class: "clip-waveform",
				role: "slider",
				tabindex: 0,
				"aria-label": texts.t("place"),
				"aria-valuemin": 0,
				"aria-valuemax": Math.round(part.duration),
				on: {
					pointerdown: (event) => this.drag(event),
					keydown: (event) => this.press(event),
				},
			},
			this.canvas
		);
		sound.listeners.push(() => this.draw());
		new ResizeObserver(() => this.measure()).observe(this.element);
		window
			.matchMedia("(prefers-color-scheme: dark)")
			.addEventListener("change", () => this.measure());
	}

	measure() {
		const { width, height } = this.element.getBoundingClientRect();
		const dots = window.devicePixelRatio || 1;
		this.canvas.width = Math.round(width * dots);
		this.canvas.height = Math.round(height * dots);
		this.size = { width, height, dots };
		const style = getComputedStyle(this.element);
		const paint = (name) => style.getPropertyValue(name).trim();
		this.paints = { head: paint("--clip-text"), nobody: paint("--ci-wave") };
		this.colours.forEach((colour, key) => {
			this.paints[key] =
				colour === "unknown" ? paint("--ci-muted") : paint(`--ci-speaker-${colour}`);
		});
		this.bars = this.measured_bars();
		this.draw();
	}

	/** [{height 0..1, paint}] from left to right */
	measured_bars() {
		const { duration, segments } = this.part;
		const count = Math.max(1, Math.floor(this.size.width / (BAR + GAP)));
		const bars = [];
		for (let i = 0; i < count; i++) {
			const [from, to] = [(i / count) * duration, ((i + 1) / count) * duration];
			const [who] = talking_at(segments, (from + to) / 2);
			bars.push({
				height: Math.max(QUIET, this.loudest(from, to)),
				paint: this.paints[who] || this.paints.nobody,
			});
		}
		return bars;
	}

	loudest(from, to) {
		if (!this.peaks) return 0;
		const rate = this.part.peaks.per_second;
		let most = 0;
		for (let i = Math.floor(from * rate); i < Math.max(to, from + 1 / rate) * rate; i++) {
			most = Math.max(most, this.peaks[i] || 0);
		}
		return most;
	}

	draw() {
		if (!this.bars) return;
		const { width, height, dots } = this.size;
		const pen = this.canvas.getContext("2d");
		pen.setTransform(dots, 0, 0, dots, 0, 0);
		pen.clearRect(0, 0, width, height);
		const { time } = this.sound;
		const head = this.part.duration ? (time / this.part.duration) * width : 0;
		this.bars.forEach((bar, i) => {
			const left = i * (BAR + GAP);
			const tall = Math.max(2, bar.height * height);
			pen.fillStyle = bar.paint;
			pen.globalAlpha = left + BAR / 2 <= head ? 1 : 0.4;
			pen.fillRect(left, (height - tall) / 2, BAR, tall);
		});
		pen.globalAlpha = 1;
		pen.fillStyle = this.paints.head;
		pen.fillRect(Math.min(width - 2, Math.max(0, head - 1)), 0, 2, height);
		this.element.setAttribute("aria-valuenow", Math.round(time));
		this.element.setAttribute(
			"aria-valuetext",
			this.texts.t("time_of", clock(time), clock(this.part.duration))
		);
	}

	drag(event) {
		if (event.button) return;
		const seek = ({ clientX }) => {
			const { left, width } = this.element.getBoundingClientRect();
			this.sound.seek(((clientX - left) / width) * this.part.duration);
		};
		const move = (moved) => seek(moved);
		this.element.setPointerCapture(event.pointerId);
		this.element.addEventListener("pointermove", move);
		const stop = () => this.element.removeEventListener("pointermove", move);
		this.element.addEventListener("pointerup", stop, { once: true });
		this.element.addEventListener("pointercancel", stop, { once: true });
		seek(event);
	}

	press(event) {
		if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
		const { sound } = this;
		const act = {
			ArrowUp: () => sound.skip(STEP),
			ArrowDown: () => sound.skip(-STEP),
			PageUp: () => sound.skip(3 * STEP),
			PageDown: () => sound.skip(-3 * STEP),
			Home: () => sound.seek(0),
			End: () => sound.seek(sound.duration),
		}[event.key];
		// the other arrows are keys of the page
		if (!act) return;
		event.preventDefault();
		act();
	}
}
