// "Calls" with their count in the connections of every record that calls may be associated with.
//
// Not through the hook override_doctype_dashboards: its DocTypes are fixed, but here Settings define them, and Frappe would count
// without the visibility rule. The timeline cards are already loaded by that rule, and include the count.
import { calls_of, escape } from "../shared/format";

const TEMPLATE = "call_timeline_card";

/** Number of calls of the open record that the user sees. */
export function count_of(docinfo) {
	const cards = ((docinfo || {}).additional_timeline_content || []).filter(
		({ template }) => template === TEMPLATE
	);
	const last = cards[cards.length - 1];
	const more = last && last.template_data.more;
	return more ? more.count : cards.length;
}

/** Draws or redraws the link. */
export function show_connections(frm) {
	const area = frm.dashboard && frm.dashboard.links_area;
	if (!area) return;
	const count = count_of(frm.get_docinfo());
	area.body.find(".ci-connections").remove();
	$(html(frm, count))
		.appendTo(area.body)
		.find(".btn-new")
		.on("click", () => call_intelligence.upload_for(frm));
	area.show();
	frm.dashboard.show();
}

function html(frm, count) {
	const label = count === 1 ? __("1 call") : __("{0} calls", [count]);
	const add = call_intelligence.can_upload()
		? `<button type="button" class="btn btn-new btn-secondary btn-xs icon-btn"
			aria-label="${escape(__("Upload calls"))}" title="${escape(__("Upload calls"))}">
			<svg class="icon icon-sm" aria-hidden="true"><use href="#icon-add"></use></svg></button>`
		: "";
	return `<div class="form-documents ci-connections"><div class="row"><div class="col-md-4">
		<div class="form-link-title"><span>${escape(__("Conversations"))}</span></div>
		<div class="document-link" data-doctype="Call">
			<div class="document-link-badge" data-doctype="Call">
				${count ? `<span class="count" aria-hidden="true">${count}</span>` : ""}
				<a class="badge-link" href="${escape(calls_of(frm.doctype, frm.docname))}"
					aria-label="${escape(label)}">${escape(__("Calls"))}</a>
			</div>
			${add}
		</div>
	</div></div></div>`;
}
