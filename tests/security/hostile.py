"""Text that runs a script if a page treats it as markup, and a document of each DocType to put it in."""

import json

import frappe

from tests import factories

MODULE = "Call Intelligence"
# stored as sanitised markup, or validated by Frappe against fixed choices
NOT_PLAIN = {"Text Editor", "HTML Editor", "Markdown Editor", "Password", "Select", "Link", "Dynamic Link"}
NUMBERS = {
	"Int", "Long Int", "Float", "Currency", "Percent", "Check", "Date", "Datetime", "Time", "Duration", "Rating",
}  # fmt: skip
# JSON for the app; its contents can be printed all the same
JSON_FIELDS = {
	("Transcript Segment", "words"),
	("Transcript Edit", "before"),
	("Transcript Edit", "after"),
	("Call", "preview"),
	("Call Recording", "warnings"),
	("Call Recording", "speaker_turns"),
	("Call Recording", "speaker_offers"),
	("Call Recording", "peaks"),
	("Call Recording", "statistics"),
	("Processing Run", "options"),
	("Term Scan", "terms"),
	("Recording Source", "switches"),
}


def payload(field: str) -> str:
	"""Markup in all relevant forms: as an entity, escaping an attribute, a closed tag, and an unclosed tag.

	A page that treats it as markup has an element or attribute named `hostile`, and requests `/hostile/...`. Unique each time.
	"""
	return (
		f"said {field[:20]} {frappe.generate_hash(length=5)} &lt;img hostile src=/hostile/e&gt;\" hostile=1 ' hostile=1 "
		"<img hostile src=/hostile/u onerror=top.ran=1 "
	)


def doctypes() -> list[str]:
	return frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")


def text_fields(doctype: str) -> list[str]:
	"""Plain text fields, by the meta data, so that new ones are included automatically."""
	return [
		df.fieldname
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype in frappe.model.data_fieldtypes
		and df.fieldtype not in NOT_PLAIN | NUMBERS
		and not df.get("is_virtual")
	]


def hostile_value(doctype: str, field: str) -> str:
	text = json.dumps([payload(field)]) if (doctype, field) in JSON_FIELDS else payload(field)
	longest = longest_of(doctype, field)
	return text if len(text) <= longest else f"<{field}{frappe.generate_hash(length=5)}"[:longest]


def longest_of(doctype: str, field: str) -> int:
	df = frappe.get_meta(doctype).get_field(field)
	varchar = frappe.db.type_map[df.fieldtype][0] == "varchar"
	return (df.length or frappe.db.VARCHAR_LEN) if varchar else 10_000


def can_be_read(doctype: str, field: str, text: str) -> bool:
	"""Whether the words are still readable"""
	return field[: min(20, longest_of(doctype, field) - 1)] in text


def fill(doc) -> None:
	"""Puts hostile text into every text field of the document and its rows, without saving."""
	for row in [doc, *doc.get_all_children()]:
		row.update({field: hostile_value(row.doctype, field) for field in text_fields(row.doctype)})


def write(doc) -> None:
	"""Writes without the validation of a save, as jobs do"""
	if doc.meta.issingle:
		doc.update_single(doc.get_valid_dict())
		return
	for row in [doc, *doc.get_all_children()]:
		row.db_update()


def stored(doctype: str, name: str) -> dict:
	"""{field: its text in the database}"""
	fields = text_fields(doctype)
	if not fields:
		return {}
	if frappe.get_meta(doctype).issingle:
		rows = frappe.db.sql("select `field`, `value` from `tabSingles` where `doctype` = %s", doctype)
		return {field: value for field, value in rows if field in fields}
	return dict(frappe.db.get_value(doctype, name, fields, as_dict=True) or {})


def documents(owner: str) -> dict[str, str]:
	"""{DocType: a document of it} for all except child tables, with a row in each of their tables"""
	call = factories.call(
		owner,
		associations=[("Contact", factories.contact())],
		participants=[{"display_name": "Sarah", "side": "Customer"}],
	)
	recording = frappe.db.get_value("Call Recording", {"call": call})
	playlist = factories.playlist(owner, call, audience=[("User", "Administrator")])
	item = frappe.db.get_value("Call Playlist Item", {"playlist": playlist})
	clip = factories.clip(call, owner, recipients=["Administrator"])
	# separately, or a job searches this call for the term
	category = insert("Tracked Term Category", title=factories.unique("Category"))
	term = insert(
		"Tracked Term", title=factories.unique("Term"), category=category, phrases=[{"phrase": "x"}]
	)
	in_call = {"call": call, "recording": recording}
	found = {
		"Call": call,
		"Call Recording": recording,
		"Transcript Segment": frappe.db.get_value("Transcript Segment", {"recording": recording}),
		"Call Playlist": playlist,
		"Call Playlist Item": item,
		"Call Clip": clip,
		"Call Comment": factories.comment(call, owner),
		"Tracked Term": term,
		"Tracked Term Category": category,
		"Call Intelligence Settings": "Call Intelligence Settings",
	}
	others = {
		"Association Suggestion": {"call": call, "state": "Offered", "reason": "Phone"},
		"Call Clip Opening": {"clip": clip, "call": call, "user": owner, "opened_on": frappe.utils.now()},
		"Call Playlist Follower": {"playlist": playlist, "user": owner},
		"Call Playlist Listening": {"playlist": playlist, "item": item, "user": owner},
		"Processing Run": {
			**in_call,
			"status": "Succeeded",
			"stages": [{"stage": "Preparing", "state": "Done"}],
		},
		"Record Matching": {"status": "Queued"},
		"Recording Source": {
			"title": factories.unique("Source"),
			"provider": "demo_telephone",
			"enabled": 0,
			"users": [{"number": "101", "user": owner}],
		},
		"Source Delivery": {"arrival": "Webhook", "status": "Failed"},
		"Term Mention": {**in_call, "term": term, "side": "Customer"},
		"Term Scan": {"status": "Failed"},
		"Transcript Edit": {**in_call, "action": "Text", "before": "[]", "after": "[]"},
	}
	return found | {doctype: insert(doctype, **values) for doctype, values in others.items()}


def insert(doctype: str, **values) -> str:
	"""Without hooks"""
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.set_new_name()
	doc.set_parent_in_children()
	for row in [doc, *doc.get_all_children()]:
		row.db_insert()
	return doc.name
