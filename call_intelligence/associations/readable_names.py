"""Finds which of many records a user may read, with one query per DocType and the condition of Frappe's lists."""

from collections.abc import Iterable

import frappe

from call_intelligence import permissions
from call_intelligence.integrations.registry import is_installed
from call_intelligence.queries import sql

Record = tuple[str, str]


def titles(records: Iterable[Record], user: str | None = None) -> dict[Record, str]:
	"""{(DocType, name): title} of the records that `user` may read; title: value of the title field, else the name."""
	found = {}
	for doctype, names in by_doctype(records).items():
		readable = permissions.readable_records(doctype, user or frappe.session.user)
		if not readable:
			continue
		title = frappe.get_meta(doctype).get_title_field() or "name"
		for name, text in sql.run(
			f"select `name`, `{title}` from `tab{doctype}` where `name` in %(names)s and ({{readable}})",
			{"names": list(names)},
			conditions={"readable": readable},
		):
			found[doctype, str(name)] = str(text or name)
	return found


def told(records: Iterable[Record], user: str | None = None) -> set[Record]:
	"""Records whose names `user` may see: readable ones, and Users, since colleagues know each other's names."""
	records = {(doctype, str(name)) for doctype, name in records if doctype and name}
	users = {record for record in records if record[0] == "User"}
	return users | set(titles(records - users, user))


def by_doctype(records: Iterable[Record]) -> dict[str, set[str]]:
	found: dict[str, set[str]] = {}
	for doctype, name in records:
		# a call may link records of apps that are no longer installed
		if doctype and name and is_installed(doctype):
			found.setdefault(doctype, set()).add(str(name))
	return found
