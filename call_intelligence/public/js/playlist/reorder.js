// Moving the rows of a list by their handles, with the Sortable of Desk.

// distance from the edge of the scrolled box at which it scrolls, and pixels per step
const EDGE = 70;
const SPEED = 12;
// movement of a mere press
const STILL = 4;

/**
 * Sortable moves the dragged row in the page, but the order there is Vue's: at the end the row goes back to its place, and
 * `moved` makes the change.
 * @param {HTMLElement} list whose children are the rows
 * @param {{handle: string, index_of: function(HTMLElement): number, moved: function(HTMLElement, number): void}} options
 * handle: a selector; index_of: the row's place in the data, -1 if it is gone; moved: gets the row and its new index
 * @returns {{destroy: function(): void}}
 */
export function sort_by_handle(list, { handle, index_of, moved }) {
	let given_up = false;

	return new Sortable(list, {
		handle,
		// the same with a mouse, a pen and a finger, and Escape ends it
		forceFallback: true,
		fallbackTolerance: STILL,
		scrollSensitivity: EDGE,
		scrollSpeed: SPEED,
		chosenClass: "ci-is-dragged",
		ghostClass: "ci-is-dragged",
		onStart() {
			given_up = false;
			list.classList.add("ci-is-sorting");
			window.addEventListener("keydown", on_key, true);
		},
		onEnd({ item: row, originalEvent }) {
			window.removeEventListener("keydown", on_key, true);
			list.classList.remove("ci-is-sorting");
			const to = [...list.children].indexOf(row);
			const from = index_of(row);
			// removed meanwhile by another user
			if (to < 0 || from < 0) return;
			put(list, row, from);
			// the system may take the pointer away
			if (/cancel$/.test(originalEvent.type)) given_up = true;
			if (!given_up && to !== from) moved(row, to);
		},
	});

	function on_key(event) {
		if (event.key !== "Escape") return;
		event.preventDefault();
		event.stopImmediatePropagation();
		given_up = true;
		// Sortable waits for one of them, depending on its version
		["pointerup", "mouseup"].forEach((type) => document.dispatchEvent(new Event(type)));
	}
}

function put(list, row, index) {
	const others = [...list.children].filter((child) => child !== row);
	if (index < others.length) others[index].before(row);
	else if (others.length) others[others.length - 1].after(row);
}
