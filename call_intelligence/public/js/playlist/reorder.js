// Moving an item of a list by its handle, with a mouse, a pen or a finger.

// distance from the edge of the window at which the page scrolls
const EDGE = 70;
const SPEED = 12;

/**
 * @param {PointerEvent} event pressed on the handle of an item
 * @param {HTMLElement} list whose children are the items, in their order
 * @param {{over: function(number): void, drop: function(number): void, cancel: function(): void}} tell
 * over and drop get the target index
 */
export function drag(event, list, from, tell) {
	if (event.button) return;
	event.preventDefault();
	const handle = event.currentTarget;
	const began = event.clientY;
	let y = began;
	let to = from;
	let moved = false;
	let frame = null;

	handle.setPointerCapture(event.pointerId);
	handle.addEventListener("pointermove", move);
	handle.addEventListener("pointerup", drop);
	handle.addEventListener("pointercancel", cancel);
	window.addEventListener("keydown", on_key, true);

	function move(event) {
		y = event.clientY;
		if (!moved && Math.abs(y - began) < 4) return;
		moved = true;
		look();
		if (!frame) frame = requestAnimationFrame(scroll);
	}

	function look() {
		const boxes = [...list.children].map((child) => child.getBoundingClientRect());
		// it goes after all items whose middle is above the pointer
		const above = boxes.filter((box) => box.top + box.height / 2 < y).length;
		const index = above > from ? above - 1 : above;
		const next = Math.max(0, Math.min(boxes.length - 1, index));
		if (next === to) return;
		to = next;
		tell.over(to);
	}

	function scroll() {
		frame = null;
		const box = scrolled(list);
		const top = box ? box.getBoundingClientRect().top : 0;
		const bottom = box ? box.getBoundingClientRect().bottom : window.innerHeight;
		const by = y < top + EDGE ? -SPEED : y > bottom - EDGE ? SPEED : 0;
		if (!by) return;
		(box || window).scrollBy(0, by);
		look();
		frame = requestAnimationFrame(scroll);
	}

	function drop() {
		end();
		if (moved && to !== from) tell.drop(to);
		else tell.cancel();
	}

	function cancel() {
		end();
		tell.cancel();
	}

	function on_key(event) {
		if (event.key !== "Escape") return;
		event.preventDefault();
		event.stopImmediatePropagation();
		cancel();
	}

	function end() {
		cancelAnimationFrame(frame);
		handle.removeEventListener("pointermove", move);
		handle.removeEventListener("pointerup", drop);
		handle.removeEventListener("pointercancel", cancel);
		window.removeEventListener("keydown", on_key, true);
	}
}

/** The scroll container of the list; null: the page. */
function scrolled(element) {
	for (let box = element; box && box !== document.body; box = box.parentElement) {
		const { overflowY } = getComputedStyle(box);
		if (["auto", "scroll"].includes(overflowY) && box.scrollHeight > box.clientHeight)
			return box;
	}
	return null;
}
