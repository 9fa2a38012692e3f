// Shows user text, which the server has sanitised; times in it become buttons that seek.
import { clock } from "../format";
import { parse_time } from "../times";

// 1:23 or 1:02:03, not inside anything longer
const TIME = /(^|[^\d:.,/\w])((?:\d{1,2}:)?\d{1,2}:[0-5]\d)(?![\d:]|[.,]\d|\w)/g;
const NOT_INSIDE = "a, code, pre, button, .mention";

/**
 * @param {string} html safe markup
 * @param {number} duration seconds; later times are not moments of this recording
 * @returns {string} the same with <button class="ci-moment" data-time="83">
 */
export function with_times(html, duration) {
	if (!html) return "";
	const page = new DOMParser().parseFromString(html, "text/html");
	const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
	const found = [];
	while (texts.nextNode()) {
		const node = texts.currentNode;
		if (!node.parentElement.closest(NOT_INSIDE)) found.push(node);
	}
	found.forEach((node) => put_times(page, node, duration));
	return page.body.innerHTML;
}

function put_times(page, node, duration) {
	const text = node.nodeValue;
	const parts = [];
	let done = 0;
	TIME.lastIndex = 0;
	for (let match = TIME.exec(text); match; match = TIME.exec(text)) {
		const seconds = parse_time(match[2]);
		if (seconds > duration) continue;
		const at = match.index + match[1].length;
		parts.push(
			page.createTextNode(text.slice(done, at)),
			time_button(page, match[2], seconds)
		);
		done = at + match[2].length;
	}
	if (parts.length) node.replaceWith(...parts, page.createTextNode(text.slice(done)));
}

function time_button(page, text, seconds) {
	const button = page.createElement("button");
	button.type = "button";
	button.className = "ci-moment";
	button.dataset.time = seconds;
	button.textContent = text;
	button.setAttribute("aria-label", __("Go to {0}", [clock(seconds)]));
	return button;
}

/** The text of safe markup, in one line. */
export function words_of(html) {
	const { body } = new DOMParser().parseFromString(html || "", "text/html");
	body.querySelectorAll("p, li, div, br, h1, h2, h3, blockquote").forEach((block) =>
		block.append(" ")
	);
	return body.textContent.replace(/\s+/g, " ").trim();
}

/** Normalises text regardless of markup: the editor and the server write the same text differently. */
export function same_words(one, other) {
	return bare(one) === bare(other);
}

function bare(html) {
	const { body } = new DOMParser().parseFromString(html || "", "text/html");
	// includes the editor's wrapper of a mention
	return body.textContent.replace(/\s+/g, "");
}

/** Mentions in the editor's markup. @returns {{users: string[], groups: string[]}} */
export function mentions_in(html) {
	const { body } = new DOMParser().parseFromString(html || "", "text/html");
	const found = { users: new Set(), groups: new Set() };
	body.querySelectorAll(".mention[data-id]").forEach(({ dataset }) =>
		found[dataset.isGroup === "true" ? "groups" : "users"].add(dataset.id)
	);
	return { users: [...found.users], groups: [...found.groups] };
}
