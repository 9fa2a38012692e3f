// The list of files in the upload dialog: one row per file, redrawn when the file's state changes.
import { call_link, escape, file_size } from "../shared/format";
import { offers_html, press_offers, raw_format } from "./offers";

export class FileList {
	/**
	 * @param {{remove: function(number): void, retry: function(number): void, choose_start: function(number, number): object,
	 *   choose_person: function(number, number): object, choose_raw: function(number, object|null): void}} actions
	 */
	constructor(parent, actions) {
		this.$list = $('<ul class="ci-files ci-stack ci-gap-8 ci-scrolls"></ul>')
			.attr("aria-label", __("Files"))
			.appendTo(parent)
			.on("click", "[data-remove]", (event) => {
				const row = event.currentTarget.closest(".ci-file");
				actions.remove(Number(row.dataset.id));
				row.remove();
			})
			.on("click", "[data-retry]", (event) => actions.retry(id_of(event.currentTarget)))
			.on("click", "[data-start]", ({ currentTarget }) =>
				this.press(
					actions.choose_start(id_of(currentTarget), Number(currentTarget.dataset.start))
				)
			)
			.on("click", "[data-person]", ({ currentTarget }) =>
				this.press(
					actions.choose_person(
						id_of(currentTarget),
						Number(currentTarget.dataset.person)
					)
				)
			)
			.on("change", "[data-raw]", ({ currentTarget }) => {
				const id = id_of(currentTarget);
				actions.choose_raw(id, raw_format(currentTarget.value));
				// it was redrawn
				this.$list.find(`[data-id="${id}"] [data-raw]`).trigger("focus");
			});
	}

	/** @param {import("./queue").Entry} entry */
	show(entry) {
		let $row = this.$list.find(`[data-id="${entry.id}"]`);
		if (!$row.length) {
			$row = $(`<li class="ci-file" data-id="${entry.id}"></li>`).appendTo(this.$list);
		}
		if ($row.attr("data-state") === entry.state && entry.state === "sending") {
			return this.move($row, entry);
		}
		$row.attr("data-state", entry.state)
			.attr("class", `ci-file ci-is-${entry.state}`)
			.html(row_html(entry));
	}

	/** Shows which proposals are chosen. */
	press(entry) {
		press_offers(this.$list.find(`[data-id="${entry.id}"]`), entry);
	}

	/** Scrolls to the first file that was refused, else to the list. */
	bring_into_view() {
		const [row] = this.$list.find(".ci-is-failed, .ci-is-refused");
		(row || this.$list[0]).scrollIntoView({ block: "center" });
	}

	// a redraw at every percent would take the focus from the row's buttons
	move($row, entry) {
		$row.find(".ci-file-state").text(state_text(entry));
		$row.find(".ci-bar")
			.attr("aria-valuenow", percent(entry))
			.children()
			.css("width", `${percent(entry)}%`);
	}
}

function id_of(element) {
	return Number(element.closest(".ci-file").dataset.id);
}

function row_html(entry) {
	const name = escape(entry.file.name);
	return `
		<div>
			<div class="ci-file-name ci-medium ci-breaks" dir="auto">${name}</div>
			<div class="ci-file-state ci-muted ci-breaks" role="status">${state_html(entry)}</div>
		</div>
		<div class="ci-file-buttons ci-row ci-gap-6">${buttons_html(entry, name)}</div>
		${offers_html(entry)}
		${entry.state === "sending" ? bar_html(entry, name) : ""}
		${entry.warnings
			.map(
				(text) =>
					`<div class="ci-file-warning ci-text-sm ci-warn ci-all-columns">${linked(
						text
					)}</div>`
			)
			.join("")}`;
}

function state_html(entry) {
	if (entry.state !== "done") return escape(state_text(entry));
	const link = `<a href="${escape(call_link(entry.call))}" target="_blank">${escape(
		entry.call
	)}</a>`;
	return entry.duplicate
		? __("This recording is already here: {0}", [link])
		: __("Uploaded: {0}", [link]);
}

// a warning may name the existing call of the same recording
function linked(text) {
	return escape(text).replace(
		/\bCALL-\d{4}-\d{5,}\b/g,
		(call) => `<a href="${escape(call_link(call))}" target="_blank">${call}</a>`
	);
}

function state_text(entry) {
	const size = file_size(entry.file.size);
	if (entry.state === "sending") return __("{0} % of {1}", [percent(entry), size]);
	if (["looking", "creating"].includes(entry.state)) return __("Checking…");
	return entry.message || size;
}

function buttons_html({ state }, name) {
	const retry = `<button type="button" class="btn btn-xs btn-default" data-retry>${__(
		"Try again"
	)}</button>`;
	const remove = `<button type="button" class="ci-icon-button" data-remove aria-label="${__(
		"Remove {0}",
		[name]
	)}">×</button>`;
	if (state === "failed") return retry + remove;
	return ["looking", "waiting", "refused", "sending"].includes(state) ? remove : "";
}

function bar_html(entry, name) {
	return `<div class="ci-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"
		aria-valuenow="${percent(entry)}" aria-label="${name}"><span style="width: ${percent(
		entry
	)}%"></span></div>`;
}

function percent(entry) {
	return Math.round(entry.fraction * 100);
}
