// The server's proposals for one file, from its name and first bytes: buttons to accept them.
import { date, date_time, escape } from "../shared/format";

// the most common raw format
const RAW = [
	["mulaw", 8000, "µ-law"],
	["alaw", 8000, "A-law"],
	["g722", 16000, "G.722"],
	["mulaw", 16000, "µ-law"],
	["alaw", 16000, "A-law"],
];

/** @param {import("./queue").Entry} entry */
export function offers_html(entry) {
	if (!["waiting", "refused", "failed"].includes(entry.state)) return "";
	const groups = [raw_html(entry), starts_html(entry), people_html(entry)].filter(Boolean);
	return groups.length
		? `<div class="ci-file-offers ci-stack ci-gap-6 ci-all-columns">${groups.join("")}</div>`
		: "";
}

/** Updates the buttons of a row without a redraw, which would take the focus from them. */
export function press_offers($row, entry) {
	$row.find("[data-start]").each((i, button) =>
		button.setAttribute("aria-pressed", entry.starts[i].value === entry.start)
	);
	$row.find("[data-person]").each((i, button) =>
		button.setAttribute("aria-pressed", entry.chosen.has(entry.people[i]))
	);
}

function raw_html({ may_be_raw, raw, file }) {
	if (!may_be_raw) return "";
	const options = RAW.map(([format, rate, label], i) => {
		const is_chosen = raw && raw.raw_format === format && raw.sample_rate === rate;
		const text = __("{0}, {1} kHz", [label, rate / 1000]);
		return `<option value="${i}" ${is_chosen ? "selected" : ""}>${escape(text)}</option>`;
	});
	return `<select class="form-control input-xs ci-file-raw" data-raw aria-label="${escape(
		__("Format of {0}", [file.name])
	)}">
		<option value="">${escape(__("Format of the raw sound"))}</option>${options.join("")}
	</select>`;
}

/** @returns the argument for calls.create; null for none */
export function raw_format(index) {
	const found = index === "" ? null : RAW[index];
	return found && { raw_format: found[0], sample_rate: found[1] };
}

function starts_html({ state, starts, start, file }) {
	if (state === "refused" || !starts.length) return "";
	const buttons = starts.map((one, i) => {
		const origin = {
			name: one.is_day ? __("day in its name") : __("in its name"),
			modified: __("last changed"),
		}[one.origin];
		const text = one.is_day ? date(one.value) : date_time(one.value);
		return button_html(`data-start="${i}"`, one.value === start, text, origin);
	});
	return group_html(__("Date"), __("Date of {0}", [file.name]), buttons);
}

function people_html({ state, people, chosen, file }) {
	if (state === "refused" || !people.length) return "";
	const origins = {
		number: __("number in its name"),
		"e-mail": __("e-mail address in its name"),
		name: __("in its name"),
	};
	const buttons = people.map((person, i) => {
		const kind = person.doctype ? `${__(person.doctype)}, ` : "";
		const text = person.display_name || person.phone || person.email;
		return button_html(
			`data-person="${i}"`,
			chosen.has(person),
			text,
			kind + origins[person.origin]
		);
	});
	return group_html(__("Participants"), __("Participants of {0}", [file.name]), buttons);
}

function group_html(label, name, buttons) {
	return `<div class="ci-offers ci-wrap ci-gap-6" role="group" aria-label="${escape(name)}">
		<span class="ci-offers-label ci-muted">${escape(label)}</span>${buttons.join("")}
	</div>`;
}

function button_html(key, is_pressed, text, origin) {
	return `<button type="button" class="ci-offer mw-100 text-color ci-start ci-breaks ci-pointer" ${key} aria-pressed="${is_pressed}"
		><span dir="auto">${escape(text)}</span> <small>${escape(origin)}</small></button>`;
}
