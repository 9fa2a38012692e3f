"""Searches the records that the session's user may read by name, e-mail address or phone number in any spelling."""

from collections.abc import Sequence

import frappe

from call_intelligence import permissions
from call_intelligence.integrations.registry import describe, kind_of
from call_intelligence.people.matching import phones
from call_intelligence.queries import sql

LONGEST = 140
# record names of these kinds are numbers or codes without meaning to a reader
PEOPLE = ("Contact", "Lead")


def search(doctype: str, text: str, most: int) -> list[dict]:
	"""Records whose title begins with the text come first, then the newest. -> as `records`"""
	wanted, values = condition(doctype, text)
	return records(doctype, wanted, values, text, most)


def records(doctype: str, wanted: str, values: dict, text: str, most: int) -> list[dict]:
	"""wanted: SQL condition over `tab{doctype}`, with parameters for `values`. -> [{"doctype", "kind", "name", "title", "detail"}]"""
	readable = permissions.readable_records(doctype, frappe.session.user)
	if not readable:
		return []
	title = frappe.get_meta(doctype).get_title_field() or "name"
	rows = sql.run(
		f"""select `tab{doctype}`.`name`, `tab{doctype}`.`{title}` as title from `tab{doctype}` where {wanted} and ({{readable}})
		order by `tab{doctype}`.`{title}` like %(beginning)s desc, `tab{doctype}`.`modified` desc limit {most}""",
		{**values, "beginning": sql.like(text)},
		conditions={"readable": readable},
		as_dict=True,
	)
	details = details_of(doctype, [row.name for row in rows])
	return [
		{
			"doctype": doctype,
			"kind": kind_of(doctype),
			"name": str(row.name),
			"title": str(row.title or row.name),
			"detail": " · ".join(
				word for word in dict.fromkeys(filter(None, details[row.name])) if word != row.title
			),
		}
		for row in rows
	]


def condition(doctype: str, text: str) -> tuple[str, dict]:
	"""-> (SQL condition over `tab{doctype}`, its values): the title, a search field, an e-mail address or a number contains the
	text."""
	known, meta = describe(doctype), frappe.get_meta(doctype)
	fields = [meta.get_title_field() or "name", "name"]
	fields += [field for field in meta.get_search_fields() if is_text(meta, field)]
	wanted = [*fields[:2], *shown(doctype, (*fields[2:], *known.emails))]
	alternatives = [at(doctype, path, "%(text)s") for path in dict.fromkeys(wanted)]
	values = {"text": "%" + sql.like(text)}
	if number := phones.typed(text):
		alternatives += [at(doctype, path, "%(number)s") for path in shown(doctype, known.phones)]
		values["number"] = number
	return f"({' or '.join(alternatives)})", values


def shown(doctype: str, paths: Sequence[str]) -> list[str]:
	"""The fields whose permission level the session's user may read, as in Frappe's lists"""
	meta = frappe.get_meta(doctype)
	levels = meta.get_permlevel_access()

	def may_read(path: str) -> bool:
		table, _dot, field = path.rpartition(".")
		df = meta.get_field(table or field)
		if table and df.permlevel in levels:
			# rows of a child table have the levels of its document
			df = frappe.get_meta(df.options).get_field(field)
		return df.permlevel in levels

	return [path for path in paths if may_read(path)]


def is_text(meta, field: str) -> bool:
	df = meta.get_field(field)
	return bool(df) and df.fieldtype in ("Data", "Link", "Select", "Small Text")


def at(doctype: str, path: str, like: str) -> str:
	table, _dot, field = path.rpartition(".")
	if not table:
		return f"`tab{doctype}`.`{field}` like {like}"
	child = frappe.get_meta(doctype).get_field(table).options
	return f"""`tab{doctype}`.`name` in (
		select `parent` from `tab{child}` where `parenttype` = {sql.literal(doctype)} and `{field}` like {like}
	)"""


def details_of(doctype: str, names: list[str]) -> dict[str, list[str]]:
	"""{name: [first e-mail address, company, status]}, to distinguish records of the same title; other records than people have
	their name first
	"""
	known = describe(doctype)
	found = {name: [] if kind_of(doctype) in PEOPLE else [str(name)] for name in names}
	for paths in (known.emails, known.company, [known.status] if known.status else []):
		for path in shown(doctype, paths[:1]):
			for name, value in values(doctype, path, names):
				found[name].append(str(value or ""))
	return found


def values(doctype: str, path: str, names: list[str]) -> list[tuple[str, str]]:
	if not names:
		return []
	table, _dot, field = path.rpartition(".")
	if not table:
		return frappe.get_all(doctype, filters={"name": ["in", names]}, fields=["name", field], as_list=True)
	return frappe.get_all(
		frappe.get_meta(doctype).get_field(table).options,
		filters={"parent": ["in", names], "parenttype": doctype, "idx": 1},
		fields=["parent", field],
		as_list=True,
	)
