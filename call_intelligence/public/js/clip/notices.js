// Notices shown in place of a clip.
import { el, icon } from "./dom";

export function loading(texts) {
	return el(
		"div",
		{ class: "clip-loading", role: "status", "aria-label": texts.t("loading") },
		el("span"),
		el("span"),
		el("span")
	);
}

export function gone(texts) {
	return notice("gone", texts.t("gone_title"), el("p", {}, texts.t("gone")));
}

/** @param {string} words the error message  @param {function(): void} again */
export function problem(texts, words, again) {
	return el(
		"div",
		{ class: "clip-notice", role: "alert" },
		el("p", {}, words),
		el(
			"button",
			{ type: "button", class: "clip-button", on: { click: again } },
			texts.t("again")
		)
	);
}

/** @param {string} wrong what was wrong with the previous password, or ""  @param {function(string): void} enter */
export function password_form(texts, wrong, enter) {
	const field = el("input", {
		type: "password",
		id: "clip-password",
		autocomplete: "off",
		required: true,
		"aria-invalid": wrong ? "true" : false,
		"aria-describedby": wrong ? "clip-wrong" : false,
	});
	const send = el("button", { type: "submit", class: "clip-button" }, texts.t("open"));
	const form = el(
		"form",
		{
			on: {
				submit: (event) => {
					event.preventDefault();
					if (!field.value) return;
					send.disabled = true;
					enter(field.value);
				},
			},
		},
		el("p", {}, texts.t("protected")),
		el("label", { for: "clip-password" }, texts.t("password")),
		field,
		wrong && el("p", { class: "clip-wrong", id: "clip-wrong", role: "alert" }, wrong),
		send
	);
	const shown = notice("lock", texts.t("protected_title"), form);
	// after it is in the page
	setTimeout(() => field.focus());
	return shown;
}

function notice(picture, title, ...children) {
	return el("div", { class: "clip-notice" }, icon(picture), el("h1", {}, title), ...children);
}
