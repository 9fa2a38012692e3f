// The column "Associations" of the list of calls: the readable records of each call, requested page by page.
//
// The columns Contact, Company, Deal and Ticket are only for users who may read the names of all records.
import { escape } from "../shared/format";

// the level of these columns, see queries/record_names.py
const LEVEL = 2;
// calls per request, and records shown per row
const AT_ONCE = 100;
const SHOWN = 3;
const CELL = "list-row-col ellipsis hidden-xs ci-list-records";

/** Whether the user may read these columns. */
export function reads_all_names() {
	return frappe.perm.has_perm("Call", LEVEL, "read");
}

/** In the form these fields use the permission of level 0, since the server checks each record. */
export function show_names_in_form(frm) {
	const fetch = frm.fetch_permissions;
	const derive = () => {
		const [base] = frm.perm;
		frm.perm = [...frm.perm];
		frm.perm[LEVEL] = { permlevel: LEVEL, read: base.read, write: base.write };
	};
	frm.fetch_permissions = function (...args) {
		fetch.apply(frm, args);
		derive();
	};
	derive();
}

/** Allows list filters by a readable record, since Desk links to such lists from other forms. */
export function offer_names_as_filters() {
	const field = (frappe.meta.docfield_map["Call Association"] || {}).link_name;
	if (field) field.permlevel = 0;
}

/** Draws the column again. @param {object} listview that was just rendered */
export async function show_records(listview) {
	if (listview.view_name !== "List") return;
	name_columns(listview);
	if (reads_all_names()) return;
	const known = (listview.ci_records = listview.ci_records || {});
	draw(listview, known);
	const names = (listview.data || []).map(({ name }) => name);
	for (let first = 0; first < names.length; first += AT_ONCE) {
		const calls = names.slice(first, first + AT_ONCE);
		const { message } = await frappe.call({
			method: "call_intelligence.api.associations.of_calls",
			type: "GET",
			args: { calls: JSON.stringify(calls) },
		});
		calls.forEach((name) => (known[name] = (message || {})[name] || []));
	}
	draw(listview, known);
}

function draw({ $result }, known) {
	$result.addClass("ci-with-records");
	const $head = $result.find(".list-row-head .list-header-subject > .list-subject");
	if ($head.length && !$head.siblings(".ci-list-records").length) {
		$head.after(`<div class="${CELL}"><span>${escape(__("Associations"))}</span></div>`);
	}
	$result.find(".list-row-container").each((_index, row) => {
		const name = $(row).find("[data-name]").attr("data-name");
		const $subject = $(row).find(".level-left > .list-subject");
		let $cell = $subject.siblings(".ci-list-records");
		if (!$cell.length) $cell = $(`<div class="${CELL}"></div>`).insertAfter($subject);
		$cell.html(html(known[decodeURIComponent(name || "")] || known[name] || []));
	});
}

/** Marks the cells of each column, since Desk gives all columns one width. */
function name_columns({ $result, columns }) {
	const names = (columns || [])
		.filter(({ type }) => !["Subject", "Tag"].includes(type))
		.map(({ type, df }) => (type === "Status" || !df ? "status" : df.fieldname));
	$result.find(".list-row .level-left, .list-row-head .level-left").each((_index, row) => {
		$(row)
			.children(".list-row-col")
			.not(".list-subject, .tag-col, .ci-list-records")
			.each((index, cell) => $(cell).addClass(`ci-column-${names[index]}`));
	});
}

function html(records) {
	const links = records.slice(0, SHOWN).map(
		({ doctype, name, title }) =>
			`<a href="${escape(frappe.utils.get_form_link(doctype, name))}"
				title="${escape(__(doctype))}: ${escape(title)}">${escape(title)}</a>`
	);
	if (records.length > SHOWN) links.push(`+${records.length - SHOWN}`);
	return links.join(", ");
}
