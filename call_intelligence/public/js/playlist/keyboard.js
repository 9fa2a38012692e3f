// Keys of the playlist in addition to those of the review: N and P for the next and the previous item.
const TYPED_INTO =
	'input:not([type="range"]):not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable]:not([contenteditable="false"])';

/** Shown in the review's list of keys. */
export function more_keys() {
	return [[["N", "P"], __("Next or previous item of the playlist")]];
}

/**
 * @param {HTMLElement} root the playlist
 * @param {function(): boolean} wanted whether single keys are turned on
 * @returns {function(): void} stops listening
 */
export function listen_to_keys(root, store, wanted) {
	const on_key = (event) => {
		if (event.defaultPrevented || event.isComposing || event.repeat) return;
		if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
		if (!wanted() || event.target.closest(TYPED_INTO)) return;
		if (document.querySelector(".modal.show")) return;
		const key = letter(event);
		if (key === "n") store.next();
		else if (key === "p") store.previous();
		else return;
		event.preventDefault();
		// Desk has shortcuts of its own
		event.stopImmediatePropagation();
	};
	root.addEventListener("keydown", on_key);
	return () => root.removeEventListener("keydown", on_key);
}

/** By the layout, else by the position of the key, for other alphabets. */
function letter(event) {
	if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
	const found = /^Key([A-Z])$/.exec(event.code);
	return found ? found[1].toLowerCase() : "";
}
