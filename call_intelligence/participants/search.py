"""Finding the person that a participant is, among the Contacts, Leads and Users that the session's user may read."""

import frappe

from call_intelligence import permissions
from call_intelligence.integrations.registry import describe, kind_of
from call_intelligence.linking import associated_records
from call_intelligence.participants import parties

MOST = 6  # of each DocType
DIGITS = 4  # fewer digits are no phone number
LONGEST = 100


def search(call: str, text: str) -> list[dict]:
	"""By name, e-mail or phone; without a text those who are likely: the call's owner, and the people it is associated with.

	-> [{"doctype", "kind", "name", "title", "detail"}]
	"""
	text = " ".join((text or "").split())[:LONGEST]
	if not text:
		return likely(call)
	found = users(text)
	for doctype in parties.doctypes():
		if doctype != "User":
			found += records(doctype, condition(doctype, text), text)
	return found


def likely(call: str) -> list[dict]:
	owner = frappe.db.get_value("Call", call, "call_owner")
	found = [as_user(row) for row in user_rows({"name": owner})]
	names: dict[str, list[str]] = {}
	for doctype, name in associated_records(call):
		if kind_of(doctype) in parties.PEOPLE:
			names.setdefault(doctype, []).append(name)
	for doctype, wanted in names.items():
		quoted = ", ".join(permissions.quote(name) for name in wanted)
		found += records(doctype, f"`tab{doctype}`.`name` in ({quoted})", "")
	return found


def users(text: str) -> list[dict]:
	"""Colleagues who work in Desk; see parties.is_colleague"""
	rows = user_rows({}, text)
	return [as_user(row) for row in rows]


def user_rows(filters: dict, text: str = "") -> list[dict]:
	return frappe.get_all(
		"User",
		filters={**filters, "enabled": 1, "user_type": "System User"},
		or_filters=[[field, "like", f"%{escaped(text)}%"] for field in ("full_name", "name", "email")]
		if text
		else None,
		fields=["name", "full_name", "email"],
		order_by="full_name",
		limit=MOST,
	)


def as_user(row: dict) -> dict:
	return {
		"doctype": "User",
		"kind": "User",
		"name": row.name,
		"title": row.full_name or row.name,
		"detail": row.email if row.email != row.full_name else "",
	}


def condition(doctype: str, text: str) -> str:
	"""SQL condition over `tab{doctype}`: its title, an e-mail address or a phone number has the text in it."""
	known = describe(doctype)
	like = permissions.quote(f"%{escaped(text)}%")
	title = frappe.get_meta(doctype).get_title_field() or "name"
	alternatives = [f"`tab{doctype}`.`{field}` like {like}" for field in dict.fromkeys([title, "name"])]
	alternatives += [at(doctype, path, like) for path in known.emails]
	digits = "" if any(map(str.isalpha, text)) else "".join(filter(str.isdecimal, text))
	if len(digits) >= DIGITS:
		# people write the same number with and without its prefix, with and without spaces
		spaced = permissions.quote("%" + "%".join(digits.lstrip("0")[-9:]) + "%")
		alternatives += [at(doctype, path, spaced) for path in known.phones]
	return f"({' or '.join(alternatives)})"


def at(doctype: str, path: str, like: str) -> str:
	table, _dot, field = path.rpartition(".")
	if not table:
		return f"`tab{doctype}`.`{field}` like {like}"
	child = frappe.get_meta(doctype).get_field(table).options
	return f"""`tab{doctype}`.`name` in (
		select `parent` from `tab{child}` where `parenttype` = {permissions.quote(doctype)} and `{field}` like {like}
	)"""


def records(doctype: str, wanted: str, text: str) -> list[dict]:
	readable = permissions.readable_records(doctype, frappe.session.user)
	if not readable:
		return []
	title = frappe.get_meta(doctype).get_title_field() or "name"
	# no parameters: other apps' conditions may hold a bare %
	rows = frappe.db.sql(
		f"""select `tab{doctype}`.`name`, `tab{doctype}`.`{title}` as title from `tab{doctype}` where {wanted} and ({readable})
		order by `tab{doctype}`.`{title}` like {permissions.quote(escaped(text) + "%")} desc, `tab{doctype}`.`modified` desc limit {MOST}""",
		as_dict=True,
	)  # nosemgrep
	details = details_of(doctype, [row.name for row in rows])
	return [
		{
			"doctype": doctype,
			"kind": kind_of(doctype),
			"name": row.name,
			"title": str(row.title or row.name),
			"detail": " · ".join(dict.fromkeys(filter(None, details.get(row.name, [])))),
		}
		for row in rows
	]


def details_of(doctype: str, names: list[str]) -> dict[str, list[str]]:
	"""{name: [first e-mail address, company]}, by which people of the same name are told apart"""
	known = describe(doctype)
	found: dict[str, list[str]] = {name: [] for name in names}
	for paths in (known.emails, known.company):
		for path in paths[:1]:
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


def escaped(text: str) -> str:
	"""% and _ stand for themselves."""
	return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
