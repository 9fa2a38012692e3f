// Keys of the review. Single keys work while the review has the focus, except while typing; Alt+J, K and L on the whole page.
import { show_keys } from "../shared/keyboard_help";
import { share } from "../share/door";
import { SEGMENT, segment_at } from "../shared/transcript";

const SKIP = 15;
const STEP = 5;
// seconds into an utterance after which "previous" goes to its beginning
const JUST_BEGUN = 1.5;

const TYPED_INTO =
	'input:not([type="range"]):not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable]:not([contenteditable="false"])';
const PRESSED =
	"button, a[href], summary, input, [role=button], [role=tab], [role=menuitem], [role=option]";
const MOVED = "input, [role=slider], [role=tab], [role=tablist], [role=menu], [role=listbox]";

/**
 * @param {HTMLElement} root the review; becomes focusable, so that a click anywhere in it focuses it
 * @param {object} stores of the review
 * @returns {function(): void} stops listening
 */
export function listen_to_keys(root, stores) {
	root.tabIndex = -1;
	root.dataset.ciKeys = "";
	const on_key = (event) => press(event, stores);
	const on_alt_key = (event) => press_with_alt(event, stores, root);
	root.addEventListener("keydown", on_key);
	// before Desk's own Alt keys, which click elements by their first letter
	window.addEventListener("keydown", on_alt_key, true);
	return () => {
		root.removeEventListener("keydown", on_key);
		window.removeEventListener("keydown", on_alt_key, true);
	};
}

function press(event, stores) {
	if (event.defaultPrevented || event.isComposing) return;
	if (event.altKey || event.ctrlKey || event.metaKey) return;
	if (!stores.preferences.get("single_keys")) return;
	if (typing(event) || document.querySelector(".modal.show")) return;
	const act = action(event, stores);
	if (act) take(event, act);
}

function action(event, stores) {
	const { playback } = stores;
	const on = (selector) => event.target.closest(selector);
	switch (event.key) {
		case " ":
			// the key presses the focused button
			return on(PRESSED) ? null : once(event, () => playback.toggle());
		case "ArrowLeft":
		case "ArrowRight": {
			const way = event.key === "ArrowLeft" ? -1 : 1;
			if (event.shiftKey) return selecting() ? null : () => go_to_utterance(stores, way);
			return on(MOVED) ? null : () => playback.skip(way * STEP);
		}
		case "/":
			return () => stores.search.focus();
		case "?":
			return () => show_keys(stores.preferences, stores.call.more_keys);
	}
	if (letter(event) === "t" && stores.terms.count) {
		return () => stores.terms.step(event.shiftKey ? -1 : 1);
	}
	if (event.shiftKey) return null;
	switch (letter(event)) {
		case "c":
			return once(event, () => stores.comments.compose({ at: playback.time }));
		case "s":
			return stores.call.may_share ? once(event, () => share(stores)) : null;
		default:
			return action_of_letter(event, playback);
	}
}

function action_of_letter(event, playback) {
	switch (letter(event)) {
		case "j":
			return () => playback.skip(-SKIP);
		case "k":
			return once(event, () => playback.toggle());
		case "l":
			return () => playback.skip(SKIP);
		default:
			return null;
	}
}

function press_with_alt(event, stores, root) {
	if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
	if (event.getModifierState("AltGraph")) return;
	// other pages of Desk have their own keys, but playback can be stopped there
	if (!root.offsetParent && !stores.playback.playing) return;
	// a Polish Mac writes ł with Alt+L: in text fields it is a letter
	const written = is_letter(event.key) && !/^[a-z]$/i.test(event.key);
	if (written && typing(event)) return;
	const act = action_of_letter(event, stores.playback);
	if (act) take(event, act);
}

function typing({ target }) {
	// nothing has the focus: the event is from the document itself
	return Boolean(target.closest && target.closest(TYPED_INTO));
}

function take(event, act) {
	event.preventDefault();
	// Desk has shortcuts of its own
	event.stopImmediatePropagation();
	act();
}

// a held key must not alternate play and pause
function once(event, act) {
	return event.repeat ? () => {} : act;
}

/** The Latin letter of a key: by the layout, else by its position (other alphabets, Alt on a Mac). */
function letter(event) {
	if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
	const found = /^Key([A-Z])$/.exec(event.code);
	return found ? found[1].toLowerCase() : "";
}

// only letters have two cases, unlike ∆ and ˚, which other Macs write with Alt
function is_letter(key) {
	return key.length === 1 && key.toLowerCase() !== key.toUpperCase();
}

function selecting() {
	return !window.getSelection().isCollapsed;
}

function go_to_utterance({ playback, transcript }, way) {
	const { segments } = transcript;
	const now = segment_at(segments, playback.time);
	const current = segments[now];
	const begun = current && playback.time - current[SEGMENT.START] < JUST_BEGUN;
	const to = segments[way > 0 ? now + 1 : begun ? now - 1 : now];
	if (to) playback.seek(to[SEGMENT.START]);
}
