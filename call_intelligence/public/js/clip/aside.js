// For colleagues only: each voice's share of the part, and the comments on it.
import { clock } from "../shared/format";
import { el } from "./dom";

export function aside(part, speaker, sound, texts) {
	const sections = [
		part.speakers.length > 1 && talk_time(part, speaker, texts),
		part.comments.length && comments(part, sound, texts),
	].filter(Boolean);
	return sections.length ? el("aside", { class: "clip-aside" }, ...sections) : null;
}

function talk_time(part, speaker, texts) {
	return section(
		texts.t("talk_time"),
		el(
			"ul",
			{ class: "clip-talk" },
			...part.speakers.map(({ key, talk_share, talk_seconds }) => {
				const { name, colour } = speaker(key);
				const bar = el("span", { class: `clip-bar clip-fill-${colour}` });
				bar.style.inlineSize = `${Math.max(1, talk_share)}%`;
				return el(
					"li",
					{},
					el(
						"span",
						{ class: "clip-talk-line" },
						el("span", { class: "clip-talk-name", dir: "auto" }, name),
						el("span", {}, `${Math.round(talk_share)} % · ${clock(talk_seconds)}`)
					),
					el("span", { class: "clip-track", "aria-hidden": "true" }, bar)
				);
			})
		)
	);
}

function comments(part, sound, texts) {
	const first = part.comments.filter((comment) => !comment.reply_to);
	first.sort((one, other) => one.at - other.at);
	return section(
		texts.t("comments"),
		el(
			"ol",
			{ class: "clip-comments" },
			...first.map((comment) => thread(comment, part, sound, texts))
		)
	);
}

function thread(comment, part, sound, texts) {
	const answers = part.comments.filter((answer) => answer.reply_to === comment.name);
	const label = texts.t("play_from", clock(comment.at));
	const from = el(
		"button",
		{
			type: "button",
			class: "clip-from",
			"aria-label": label,
			title: label,
			on: {
				click: () => {
					sound.seek(comment.at);
					sound.play();
				},
			},
		},
		clock(comment.at)
	);
	return el(
		"li",
		{},
		el(
			"div",
			{ class: "clip-comment-head" },
			el("strong", { dir: "auto" }, comment.author_name),
			from,
			comment.resolved && el("span", { class: "clip-resolved" }, texts.t("resolved"))
		),
		el("p", { dir: "auto" }, comment.text),
		answers.length > 0 &&
			el(
				"ul",
				{},
				...answers.map((answer) =>
					el(
						"li",
						{},
						el("strong", { dir: "auto" }, texts.t("answer_of", answer.author_name)),
						el("p", { dir: "auto" }, answer.text)
					)
				)
			)
	);
}

function section(title, ...children) {
	return el(
		"section",
		{ class: "clip-card", "aria-label": title },
		el("h2", {}, title),
		...children
	);
}
