"""Hostile text in every text field, in every view of Desk: no script runs, and the words are readable."""

import json
import re

import frappe
import pytest

from tests import browser, factories
from tests.security import hostile

LIST, REPORT, PRINT, PDF, EMAIL = "list", "report", "print", "pdf", "e-mail"


@pytest.fixture
def documents(rep, committed):
	"""{DocType: name} of documents with hostile text in all text fields, including rows of tables"""
	found = hostile.documents(rep)
	settings = frappe.get_doc("Call Intelligence Settings").as_dict()
	for doctype, name in reversed(list(found.items())):
		if doctype in LEFT_ALONE:
			continue
		committed(doctype, name)
		doc = frappe.get_doc(doctype, name)
		hostile.fill(doc)
		hostile.write(doc)
	frappe.db.commit()
	yield found
	frappe.db.rollback()
	for field in hostile.text_fields("Call Intelligence Settings"):
		frappe.db.set_single_value("Call Intelligence Settings", field, settings.get(field))
	frappe.db.commit()
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")


# needed by other tests meanwhile
LEFT_ALONE = ("Call Intelligence Settings",)


class Watch:
	"""Detects markup and scripts made from hostile text."""

	def __init__(self, page):
		self.page = page
		self.asked: list[str] = []
		page.on("request", lambda request: "/hostile/" in request.url and self.asked.append(request.url))

	def check(self, where: str) -> None:
		for frame in self.page.frames:
			found = frame.evaluate(
				"""() => ({
					ran: window.ran || null,
					elements: [...document.querySelectorAll("[hostile]")].map((element) => element.outerHTML.slice(0, 300)),
				})"""
			)
			assert found == {"ran": None, "elements": []}, f"{where}: {found}"
		assert not self.asked, f"{where}: {self.asked}"


def static_views(doctype: str, name: str) -> dict[str, str]:
	"""{view: markup} rendered by the server: for printing, for PDFs, and as an e-mail with the print in it"""
	# its import needs a site's folder
	from frappe.email.email_body import get_formatted_html

	html = frappe.get_print(doctype, name)
	attached = frappe.attach_print(doctype, name)
	inside = attached["fcontent"].decode() if attached["fname"].endswith(".html") else html
	title = frappe.get_doc(doctype, name).get_title() or name
	notice = frappe.render_template("<p>{{ doc.get_title() }}</p>", {"doc": frappe.get_doc(doctype, name)})
	# it links stylesheets by a host name that only browsers resolve here
	inside = re.sub(r"<link[^>]*>|<style.*?</style>", "", inside, flags=re.DOTALL)
	mail = get_formatted_html(title, notice + inside)
	return {PRINT: html, PDF: html, EMAIL: mail}


def shown_fields(doctype: str) -> list[str]:
	"""Text fields shown in a print"""
	meta = frappe.get_meta(doctype)
	return [
		field
		for field in hostile.text_fields(doctype)
		if not meta.get_field(field).print_hide and not meta.get_field(field).hidden
	]


@pytest.fixture
def no_pdf():
	"""E-mails get the print as HTML: the PDF generator is not tested here."""
	before = frappe.db.get_single_value("Print Settings", "send_print_as_pdf")
	frappe.db.set_single_value("Print Settings", "send_print_as_pdf", 0)
	yield
	frappe.db.set_single_value("Print Settings", "send_print_as_pdf", before)
	frappe.db.commit()


def test_nothing_runs_in_prints_pdfs_and_mails(desk, documents, no_pdf):
	page = desk("Administrator")
	watch = Watch(page)
	page.goto("/api/method/ping")
	for doctype, name in documents.items():
		views = static_views(doctype, name)
		# in frames of a page of the site, in the session of a System Manager
		texts = page.evaluate(
			"""async (views) => {
				document.body.replaceChildren();
				const texts = {};
				for (const [view, html] of Object.entries(views)) {
					const frame = document.createElement("iframe");
					const loaded = new Promise((done) => (frame.onload = done));
					frame.srcdoc = html;
					document.body.append(frame);
					await loaded;
					texts[view] = frame.contentDocument.body.innerText;
				}
				return texts;
			}""",
			views,
		)
		watch.check(f"{doctype} as {', '.join(views)}")
		for view, text in texts.items():
			for field in shown_fields(doctype):
				if doctype not in LEFT_ALONE:
					assert hostile.can_be_read(doctype, field, text), (
						f"{doctype}.{field} cannot be read as {view}"
					)


def columns(doctype: str) -> list[list[str]]:
	"""Columns for a report: all text of the document and of its rows"""
	meta = frappe.get_meta(doctype)
	found = [["name", doctype], *([field, doctype] for field in hostile.text_fields(doctype))]
	for table in meta.get_table_fields():
		found += [[field, table.options] for field in hostile.text_fields(table.options)]
	return found


def in_lists() -> list[str]:
	"""DocTypes with a list in Desk: those that a role may read."""
	metas = [frappe.get_meta(doctype) for doctype in hostile.doctypes()]
	return [meta.name for meta in metas if not meta.istable and not meta.issingle and meta.permissions]


def open_view(page, doctype: str, view: str, name: str, board: str | None = None) -> str:
	"""Opens the view within Desk, with all text in columns; -> the visible text"""
	return page.evaluate(
		"""async ({doctype, view, name, board, columns}) => {
			const settled = (ready) => new Promise((done, fail) => {
				const since = Date.now();
				const look = () => ready() ? done() : Date.now() - since > 15000 ? fail(Error(`${doctype} ${view}`)) : setTimeout(look, 30);
				look();
			});
			await new Promise((done) => frappe.model.with_doctype(doctype, done));
			await frappe.model.user_settings.save(doctype, view, {filters: [[doctype, "name", "=", name]], fields: columns});
			frappe.route_options = {name};
			await frappe.set_route(...["List", doctype, view, board].filter(Boolean));
			await settled(() => window.cur_list && cur_list.doctype === doctype && cur_list.view_name === view
				&& (cur_list.data || []).length && document.body.dataset.ajaxState !== "triggered");
			const rows = {List: ".list-row", Report: ".dt-row:not(.dt-row-header)", Kanban: ".kanban-card"}[view];
			await settled(() => cur_list.$page.find(rows).length);
			return cur_list.$page.find(".layout-main-section").text();
		}""",
		{"doctype": doctype, "view": view, "name": name, "board": board, "columns": columns(doctype)},
	)


@pytest.fixture
def boards(documents, committed):
	"""{DocType: Kanban Board} of DocTypes with a Select field; each card shows all text"""
	found = {}
	for doctype in in_lists():
		fields = frappe.get_meta(doctype).fields
		# the options of some are filled in by a form
		selects = [df for df in fields if df.fieldtype == "Select" and df.options]
		if not selects:
			continue
		field = selects[0]
		options = [option for option in field.options.split("\n") if option]
		frappe.db.set_value(doctype, documents[doctype], field.fieldname, options[0])
		board = frappe.get_doc(
			{
				"doctype": "Kanban Board",
				"kanban_board_name": factories.unique(doctype),
				"reference_doctype": doctype,
				"field_name": field.fieldname,
				"show_labels": 1,
				"columns": [{"column_name": option} for option in options],
				"fields": json.dumps(hostile.text_fields(doctype)),
			}
		).insert()
		found[doctype] = committed("Kanban Board", board.name)
	frappe.db.commit()
	return found


def test_nothing_runs_in_desk(desk, documents, boards):
	page = desk("Administrator")
	watch = Watch(page)
	for doctype in ("Call", "Transcript Segment"):
		browser.go(page, f"/app/print/{doctype}/{documents[doctype]}")
		page.frame_locator("iframe.print-format-container").get_by_text("said ").first.wait_for()
		watch.check(f"Desk's print view of {doctype}")
	# Desk omits DocTypes that are only shown elsewhere
	shown = [
		doctype
		for doctype in in_lists()
		if page.evaluate("(name) => frappe.boot.user.can_read.includes(name)", doctype)
	]
	for doctype in shown:
		for view in ("List", "Report", *(["Kanban"] if doctype in boards else [])):
			text = open_view(
				page, doctype, view, documents[doctype], boards.get(doctype) if view == "Kanban" else None
			)
			watch.check(f"{doctype} as {view}")
			assert documents[doctype] in text or "said " in text, f"{doctype} as {view}: {text[:300]}"


def test_titles_of_lists_are_text(desk, documents):
	"""Including rows stored before text was cleaned"""
	titles = {
		doctype: frappe.get_meta(doctype).title_field
		for doctype in in_lists()
		if frappe.get_meta(doctype).title_field
	}
	assert len(titles) >= 5
	for doctype, field in titles.items():
		frappe.db.set_value(doctype, documents[doctype], field, hostile.payload(field))
	frappe.db.commit()
	page = desk("Administrator")
	browser.go(page, "/app/call-clip/view/list")
	watch = Watch(page)
	for doctype in titles:
		text = open_view(page, doctype, "List", documents[doctype])
		watch.check(f"{doctype} as a list")
		assert "said " in text
