// The area to drop or choose recordings.
import { escape, file_size } from "../shared/format";

const ICON =
	'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3"/></svg>';

/** @param {function(File[]): void} on_files */
export function make_drop_zone(parent, limits, on_files) {
	const $zone = $(`<div class="ci-drop text-color text-center">
		${ICON}
		<div>${escape(__("Drop recordings here or"))}
			<button type="button" class="ci-drop-choose ci-strong">${escape(__("choose files"))}</button></div>
		<div class="ci-drop-hint ci-muted">${escape(hint(limits))}</div>
		<input type="file" multiple hidden>
	</div>`).appendTo(parent);
	const $input = $zone.find("input");
	// no `accept`: recordings have any name or extension, and the server checks the content
	$input.on("change", () => {
		on_files([...$input[0].files]);
		// allows choosing the same file again after it was removed
		$input.val("");
	});
	$zone.find(".ci-drop-choose").on("click", () => $input[0].click());

	// a file dropped elsewhere would replace the page, and lose all input
	const $area = $zone.closest(".modal");
	let depth = 0;
	const over = (change) => {
		depth = Math.max(0, depth + change);
		$zone.toggleClass("ci-is-over", depth > 0);
	};
	$area.on("dragenter", () => over(1));
	$area.on("dragleave", () => over(-1));
	$area.on("dragover", (event) => event.preventDefault());
	$area.on("drop", (event) => {
		event.preventDefault();
		depth = 0;
		over(0);
		on_files([...event.originalEvent.dataTransfer.files]);
	});
	return $zone;
}

function hint({ max_file_bytes, max_hours }) {
	if (!max_file_bytes || !max_hours) return __("Audio or video");
	return __("Audio or video, up to {0} and {1} hours each", [
		file_size(max_file_bytes),
		max_hours,
	]);
}
