// One media element for the whole page. Cards only display it, so they may be redrawn or scrolled away without interrupting it.
import { find_problem } from "../shared/player/media_problem";
import { Sound } from "../shared/player/sound";
import { clock } from "../shared/format";

const ICONS = {
	play: '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4.5 2.2v11.6a.6.6 0 0 0 .9.5l9-5.8a.6.6 0 0 0 0-1l-9-5.8a.6.6 0 0 0-.9.5z"/></svg>',
	pause: '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2h2.6v12H4zM9.4 2H12v12H9.4z"/></svg>',
};

const media = new Audio();
media.preload = "none";
const sound = new Sound(media, { moved: paint, refused: tell_problem });
let playing_call = null;
let route = null;

/** @param {{name, media_url, duration}} call  @returns {string} markup; activate it with `bind_players` */
export function player_html(call, escape) {
	const length = Math.max(1, Math.round(call.duration || 0));
	return `<div class="ci-mini ci-row ci-gap-12" data-call="${escape(
		call.name
	)}" data-src="${escape(call.media_url)}">
		<button type="button" class="ci-play" aria-label="${escape(__("Play"))}">${ICONS.play}</button>
		<input type="range" class="ci-slider" min="0" max="${length}" step="1" value="0"
			aria-label="${escape(__("Position in the call"))}" aria-valuetext="${clock(0)}">
		<span class="ci-mini-time ci-muted ci-fixed ci-number">${clock(0)} / ${clock(call.duration)}</span>
	</div>`;
}

function players(call) {
	return $(".ci-mini").filter((i, element) => element.dataset.call === call);
}

/** Shows the position in every card of its call. */
export function paint() {
	if (!playing_call) return;
	const time = Math.floor(sound.time);
	const playing = !media.paused;
	players(playing_call).each((i, element) => {
		const seek = element.querySelector(".ci-slider");
		const button = element.querySelector(".ci-play");
		// don't move the thumb while the user drags it
		if (!seek.matches(":active")) show_time(element, time);
		if (button.dataset.playing !== String(playing)) {
			button.dataset.playing = String(playing);
			button.innerHTML = playing ? ICONS.pause : ICONS.play;
			button.setAttribute("aria-label", playing ? __("Pause") : __("Play"));
		}
	});
}

function show_time(element, time) {
	const seek = element.querySelector(".ci-slider");
	seek.value = time;
	seek.style.setProperty("--ci-done", `${(100 * time) / seek.max}%`);
	seek.setAttribute("aria-valuetext", clock(time));
	element.querySelector(".ci-mini-time").textContent = `${clock(time)} / ${clock(seek.max)}`;
}

function take(element) {
	const { call, src } = element.dataset;
	if (playing_call === call) return;
	sound.pause();
	paint();
	playing_call = call;
	route = frappe.get_route_str();
	sound.load(src);
}

function toggle(element) {
	take(element);
	sound.toggle();
}

async function tell_problem() {
	const address = media.src;
	const { kind, message } = await find_problem(media);
	// another call may have been started meanwhile
	if (kind === "format" && media.src === address && sound.take_sound()) return sound.play();
	if (media.src === address) {
		// A failed element must reload its source before it plays; the next click does that.
		sound.pause();
		paint();
		playing_call = null;
	}
	if (kind !== "preparing") return frappe.show_alert({ message, indicator: "red" });
	frappe.show_alert({
		message: __("The sound is being prepared. Press play again in a moment."),
		indicator: "blue",
	});
}

function seek_to(element, time) {
	take(element);
	sound.seek(time);
	show_time(element, time);
}

["play", "pause", "seeked", "ended"].forEach((name) => media.addEventListener(name, paint));

$(document)
	.on("click", ".ci-mini .ci-play", (event) => toggle(event.target.closest(".ci-mini")))
	.on("input", ".ci-slider", (event) =>
		show_time(event.target.closest(".ci-mini"), Number(event.target.value))
	)
	.on("change", ".ci-slider", (event) =>
		seek_to(event.target.closest(".ci-mini"), Number(event.target.value))
	)
	// stop when another record is opened: a voice without a visible player would startle
	.on("page-change", () => {
		if (!media.paused && frappe.get_route_str() !== route) sound.pause();
	});
