"""Which records somebody may read, many at once: one query for each DocType, by the condition that Frappe's lists have."""

from collections.abc import Iterable

import frappe

from call_intelligence import permissions
from call_intelligence.integrations.registry import is_installed
from call_intelligence.queries import sql

Record = tuple[str, str]


def titles(records: Iterable[Record], user: str | None = None) -> dict[Record, str]:
	"""{(DocType, name): title} of those that `user` may read; title: of the title field, else the name."""
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
	"""Those whose names `user` is told: readable ones, and Users: colleagues know each other by name."""
	records = {(doctype, str(name)) for doctype, name in records if doctype and name}
	users = {record for record in records if record[0] == "User"}
	return users | set(titles(records - users, user))


def by_doctype(records: Iterable[Record]) -> dict[str, set[str]]:
	found: dict[str, set[str]] = {}
	for doctype, name in records:
		# a call outlives the apps whose records it names
		if doctype and name and is_installed(doctype):
			found.setdefault(doctype, set()).add(str(name))
	return found
