// The card of a call on the timeline of an associated record, kept up to date while the call is processed.
import { call_link, calls_of, clock, date_time, duration, escape } from "../shared/format";
import { live } from "../shared/live";
import { direction_name, in_progress, state_colour, state_label } from "../shared/states";
import { show_connections } from "./connections";
import { paint, player_html } from "./mini_player";

frappe.provide("call_intelligence");
frappe.provide("frappe.templates");

// the server names this template; a function renders it, since it can escape
frappe.templates.call_timeline_card = "{%= call_intelligence.timeline_card(obj) %}";

/** @param {object} call the template_data of the timeline entry  @returns {string} safe markup */
call_intelligence.timeline_card = (call) => {
	if (in_progress(call.status)) follow(call.name);
	// painted after it is in the page
	setTimeout(paint);
	return `<article class="ci-card ci-stack ci-gap-10 ci-text-md text-color ci-loose" data-call="${escape(
		call.name
	)}" aria-label="${escape(__("Call: {0}", [call.title]))}">${card_body(call)}</article>`;
};

function card_body(call) {
	const link = escape(call_link(call.name));
	return `
		<div class="ci-card-head ci-row align-items-start justify-content-between ci-gap-12">
			<div>
				<a class="ci-card-title ci-text-base text-color ci-strong ci-breaks" href="${link}">${escape(
		call.title || call.name
	)}</a>
				<div class="ci-card-meta ci-muted">${facts(call)}</div>
			</div>
			${state_html(call)}
		</div>
		${progress_html(call)}
		${note_html(call)}
		${call.media_url ? player_html(call, escape) : ""}
		${preview_html(call.preview || [])}
		<div class="ci-card-actions ci-flex ci-gap-16">
			<a href="${link}">${escape(call.status === "Ready" ? __("Review call") : __("Open call"))}</a>
			${more_html(call.more)}
		</div>`;
}

// the timeline shows the newest calls; the list has all
function more_html(more) {
	if (!more) return "";
	const link = calls_of(more.doctype, more.name);
	return `<a href="${escape(link)}">${escape(__("All calls"))}</a>`;
}

function facts(call) {
	return [
		direction_name(call.direction),
		call.call_owner_name || call.call_owner,
		date_time(call.start_time),
		duration(call.duration),
	]
		.filter(Boolean)
		.map((fact) => `<span>${escape(fact)}</span>`)
		.join("");
}

function state_html({ status, progress, next_attempt_at, error }) {
	return `<span class="ci-card-state ci-fixed indicator-pill ${state_colour(
		status
	)}" role="status">${escape(state_label(status, progress, next_attempt_at, error))}</span>`;
}

function progress_html({ status, progress }) {
	if (!in_progress(status)) return "";
	const percent = Math.max(0, Math.min(100, Number(progress) || 0));
	return `<div class="ci-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"
		aria-valuenow="${Math.round(percent)}" aria-label="${escape(__("Progress"))}">
		<span style="width: ${percent}%"></span></div>`;
}

function note_html({ status, error, warning }) {
	if (status === "Failed" && error) {
		return `<div class="ci-card-note ci-is-error ci-breaks">${escape(error)}</div>`;
	}
	return warning ? `<div class="ci-card-note ci-breaks">${escape(warning)}</div>` : "";
}

function preview_html(lines) {
	if (!lines.length) return "";
	const speakers = [];
	const rows = lines.map(({ speaker, text, start }) => {
		if (!speakers.includes(speaker)) speakers.push(speaker);
		const colour = speakers.indexOf(speaker) % 8;
		return `<dt class="ci-speaker-${colour}" title="${clock(start)}">${escape(speaker)}</dt>
			<dd dir="auto">${escape(text)}</dd>`;
	});
	return `<dl class="ci-card-preview">${rows.join("")}</dl>`;
}

// ---- live ----

const followed = new Map();

function cards(call) {
	return $(".ci-card").filter((i, element) => element.dataset.call === call);
}

function follow(call) {
	if (followed.has(call)) return;
	const stop = live.watch(call, (event) => {
		const shown = cards(call);
		if (event.finished || !shown.length) {
			stop();
			followed.delete(call);
		}
		if (event.finished) return refresh_timeline(call);
		shown.each((i, card) => move(card, event));
	});
	followed.set(call, stop);
}

function move(card, event) {
	$(card).find(".ci-card-state").replaceWith(state_html(event));
	const bar = card.querySelector(".ci-bar");
	if (!bar) return;
	bar.firstElementChild.style.width = `${event.progress || 0}%`;
	bar.setAttribute("aria-valuenow", Math.round(event.progress || 0));
}

/** Fetches the timeline entries of the open record and redraws only those of this call. */
async function refresh_timeline(call) {
	const frm = window.cur_frm;
	if (!frm || frm.is_new() || !frm.timeline || frm.doctype === "Call") return;
	const { doctype, docname } = frm;
	await frappe.call({
		method: "frappe.desk.form.load.get_docinfo",
		args: { doctype, name: docname },
	});
	// the user may have left the form meanwhile
	if (window.cur_frm !== frm || frm.docname !== docname) return;
	const entries = (frm.get_docinfo() || {}).additional_timeline_content || [];
	const entry = entries.find(
		({ template, template_data }) =>
			template === "call_timeline_card" && template_data.name === call
	);
	show_connections(frm);
	const shown = cards(call);
	if (!entry) return;
	if (!shown.length) return frm.timeline.refresh();
	shown.html(card_body(entry.template_data));
	paint();
	if (in_progress(entry.template_data.status)) follow(call);
}

call_intelligence.refresh_timeline = refresh_timeline;

// the dashboard is cleared and redrawn with every refresh of the form, before this
$(document).on("form-refresh", (event, frm) => {
	if (!frm.is_new() && is_association(frm.doctype)) setTimeout(() => show_connections(frm));
});

// a call that was just added to the open record
live.listen((event) => {
	const frm = window.cur_frm;
	if (!frm || !frm.timeline || frm.doctype === "Call" || !frm.$wrapper.is(":visible")) return;
	if (!is_association(frm.doctype) || cards(event.call).length) return;
	if (!followed.has(event.call)) new_call(event.call);
});

const new_call = frappe.utils.debounce((call) => refresh_timeline(call), 500);

function is_association(doctype) {
	const boot = frappe.boot.call_intelligence;
	return Boolean(boot && boot.association_doctypes && boot.association_doctypes[doctype]);
}
