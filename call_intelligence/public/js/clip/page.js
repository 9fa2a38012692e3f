// Loads and shows the clip, and waits for sound that is still being cut.
import { clock } from "../shared/format";
import { aside } from "./aside";
import { Controls, listen_to_keys } from "./controls";
import { el } from "./dom";
import { gone, loading, password_form, problem } from "./notices";
import { is_there, source_of } from "./server";
import { ClipSound } from "./sound";
import { Texts } from "./texts";
import { Transcript } from "./transcript";
import { Waveform } from "./waveform";

const COLOURS = 8;
const POLL = 3000;
const SLOWEST_POLL = 15000;
// openings of external links are counted, so only the sound is polled in between
const LOOKS_EVERY = 10;

export class ClipPage {
	/** @param {HTMLElement} root  @param {Object} setup see clips/page.py */
	constructor(root, setup) {
		this.root = root;
		this.setup = setup;
		this.texts = new Texts(setup);
		this.source = source_of(setup);
		this.mended = false;
	}

	start() {
		if (!this.setup.key) return this.put(gone(this.texts));
		this.put(loading(this.texts), true);
		return this.open();
	}

	async open(password) {
		let answer;
		try {
			answer = await this.source.open(password);
		} catch (error) {
			return this.refused(error, password);
		}
		if (answer.needs_password) return this.put(this.password_form(""));
		this.show(answer);
		// the form that had the focus is removed
		if (password) this.root.querySelector("h1").focus();
	}

	password_form(wrong) {
		return password_form(this.texts, wrong, (password) => this.open(password));
	}

	refused({ status, message }, password) {
		const { texts } = this;
		if (status === 401 && password) {
			return this.put(this.password_form(message || texts.t("wrong_password")));
		}
		if ([401, 403, 404].includes(status)) return this.put(gone(texts));
		const words = texts.t([417, 429].includes(status) ? "too_often" : "problem");
		return this.put(problem(texts, words, () => this.start()));
	}

	/** Access to the clip shown was lost. */
	lost(error) {
		// colleagues may only be logged out: the server then redirects to the login
		if (this.setup.internal) window.location.reload();
		else this.refused(error);
	}

	put(element, busy = false) {
		if (this.sound) this.sound.load(null);
		this.sound = null;
		this.root.replaceChildren(element);
		this.root.setAttribute("aria-busy", busy);
	}

	// ------------------------------------------------------------------------------------------- the clip

	show(part) {
		const { texts } = this;
		document.title = part.title;
		const speakers = new Map(
			part.speakers.map((speaker, index) => [
				speaker.key,
				{
					name: speaker.name,
					colour: speaker.key === "unknown" ? "unknown" : index % COLOURS,
				},
			])
		);
		const speaker = (key) => speakers.get(key) || { name: key, colour: "unknown" };
		const colours = new Map([...speakers].map(([key, { colour }]) => [key, colour]));
		const sound = new ClipSound(part.duration);
		this.waveform = new Waveform(part, colours, sound, texts);
		this.status = el("p", { class: "clip-status", role: "status" });
		this.controls = new Controls(sound, texts);
		const transcript = new Transcript(part, speaker, sound, texts);
		const beside = part.comments ? aside(part, speaker, sound, texts) : null;
		const page = el(
			"div",
			{ class: beside ? "clip-page clip-has-aside" : "clip-page" },
			header(part, texts),
			el(
				"section",
				{ class: "clip-player", "aria-label": texts.t("player") },
				this.waveform.element,
				this.controls.element,
				this.status,
				sound.media
			),
			transcript.element,
			beside,
			el("p", { class: "clip-keys" }, texts.t("keys"))
		);
		this.put(page);
		this.sound = sound;
		if (!this.listens) {
			this.listens = true;
			// registered once, whatever is shown later
			listen_to_keys({
				toggle: () => this.sound && this.sound.toggle(),
				skip: (seconds) => this.sound && this.sound.skip(seconds),
			});
		}
		sound.on_trouble = () => this.mend(sound);
		this.follow(part, sound);
	}

	/** Follows the state of the sound: plays it, waits, or shows that there will be none */
	follow(part, sound) {
		const { state, media_url } = part;
		const ready = state === "Ready";
		this.root.firstElementChild.classList.toggle("clip-is-silent", !ready);
		this.controls.element.toggleAttribute("inert", !ready);
		this.waveform.element.setAttribute("aria-disabled", !ready);
		if (ready) {
			this.status.textContent = "";
			sound.load(media_url);
		} else if (state === "Failed") {
			this.status.textContent = part.error || this.texts.t("failed");
		} else {
			this.status.textContent = this.texts.t("preparing");
			this.wait(part, sound);
		}
	}

	async wait(part, sound, looks = 1) {
		const pause = Math.min(SLOWEST_POLL, POLL * (1 + looks / LOOKS_EVERY));
		await new Promise((resolve) => setTimeout(resolve, pause));
		if (this.sound !== sound) return;
		if (!this.setup.internal && looks % LOOKS_EVERY) {
			if (await is_there(part.media_url)) this.follow({ ...part, state: "Ready" }, sound);
			else this.wait(part, sound, looks + 1);
			return;
		}
		try {
			const { state, error, media_url } = await this.source.look();
			if (state === "Preparing") this.wait(part, sound, looks + 1);
			else this.follow({ ...part, state, error, media_url }, sound);
		} catch (error) {
			if ([401, 403, 404].includes(error.status)) this.lost(error);
			else this.wait(part, sound, looks + 1);
		}
	}

	/** Playback failed: the clip may have ended, or the permission to fetch the sound expired. */
	async mend(sound) {
		if (this.sound !== sound) return;
		try {
			const part = await this.source.look();
			if (this.mended || part.needs_password) {
				this.status.textContent = this.texts.t("no_sound");
				return;
			}
			this.mended = true;
			this.follow(part, sound);
		} catch (error) {
			if (error.status) this.lost(error);
			else this.status.textContent = this.texts.t("no_sound");
		}
	}
}

function header(part, texts) {
	const facts = [
		part.shared_by_name && texts.t("shared_by", part.shared_by_name),
		part.start_time && texts.t("call_of", texts.date_time(part.start_time)),
		clock(part.duration),
		part.expires_on && texts.t("until", texts.date_time(part.expires_on), texts.zone),
	].filter(Boolean);
	return el(
		"header",
		{ class: "clip-header" },
		el("h1", { tabindex: -1 }, el("bdi", {}, part.title)),
		el(
			"ul",
			{ class: "clip-facts" },
			...facts.map((fact) => el("li", {}, el("bdi", {}, fact)))
		),
		part.message &&
			el(
				"blockquote",
				{ class: "clip-message", "aria-label": texts.t("message") },
				el("p", { dir: "auto" }, part.message)
			)
	);
}
