"""Finds Contacts and Leads by e-mail address or phone number."""

import frappe

from call_intelligence.integrations.registry import PEOPLE, describe, doctypes_of, title_of
from call_intelligence.people.matching import addresses, phones
from call_intelligence.people.recognition import address
from call_intelligence.queries import persons, sql

BY_EMAIL, BY_PHONE = "E-mail", "Phone"
# a number found on more records than this is a switchboard and identifies nobody
MOST_FOUND = 20


def find_people(email: str | None, phone: str | None, user: str | None = None) -> list[dict]:
	"""Contacts and Leads with this e-mail address or phone number (in any spelling), those by e-mail first.

	user: only records that this user may read; None: all. -> [{"doctype", "name", "title", "by": "E-mail" | "Phone"}]
	"""
	return [
		{"doctype": doctype, "name": name, "title": title_of(doctype, name), "by": ways[0]}
		for (doctype, name), ways in candidates(email, phone, user).items()
	]


def candidates(email: str | None, phone: str | None, user: str | None) -> dict[tuple[str, str], list[str]]:
	"""{(DocType, name): ["E-mail", "Phone"] or one of them}; see find_people"""
	found: dict[tuple[str, str], list[str]] = {}
	emails = [one for one in addresses.addresses_of(email) if not is_colleague(one)]
	for record in by_emails(emails) if emails else ():
		found.setdefault(record, []).append(BY_EMAIL)
	for record in by_numbers(phones.readings(phone, site_region())):
		found.setdefault(record, []).append(BY_PHONE)
	return {record: ways for record, ways in found.items() if may_read(*record, user)}


def is_colleague(email: str) -> bool:
	"""Whether the address belongs to a System User, who is not a customer"""
	return bool(colleague_with(email))


def colleague_with(email: str, **filters) -> str | None:
	"""The System User who logs in with this address. User.email is not used, since users may change it."""
	rows = frappe.get_all(
		"User", filters={"name": email, "user_type": "System User", **filters}, pluck="name"
	)
	return next((user for user in rows if address(user) == address(email)), None)


def may_read(doctype: str, name: str, user: str | None) -> bool:
	return user is None or persons.may(user, "read", doctype, name)


def site_region() -> str | None:
	"""ISO code of the site's country, for numbers without a prefix."""
	country = frappe.db.get_single_value("System Settings", "country") or frappe.db.get_default("country")
	return ((country and frappe.get_cached_value("Country", country, "code")) or "").upper() or None


def by_emails(emails: list[str]) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the people with one of the addresses"""
	exactly = {address(email) for email in emails}
	found = []
	for doctype in doctypes_of(*PEOPLE):
		for path in describe(doctype).emails:
			for name, value in rows(doctype, path, "in %(wanted)s", emails):
				if address(value) in exactly:
					found.append((doctype, name))
	return list(dict.fromkeys(found))[:MOST_FOUND]


def by_numbers(numbers: list[str]) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the people with one of the numbers, given in E.164.

	The database scans each column once per number, which takes milliseconds; only rows with the same last digits are compared
	here.
	"""
	region = site_region()
	found = []
	for doctype in doctypes_of(*PEOPLE):
		for path in describe(doctype).phones:
			for number in numbers:
				# binary: looking up a collation, which digits don't need, takes three times as long
				for name, value in rows(doctype, path, "like binary %(wanted)s", phones.pattern(number)):
					if number in phones.readings(value, region):
						found.append((doctype, name))
	return list(dict.fromkeys(found))[:MOST_FOUND]


def rows(doctype: str, path: str, condition: str, wanted) -> list[tuple[str, str]]:
	"""[(name of the record, value)] where the field (or `table.field` of a child table) meets the condition on `wanted`"""
	table, _dot, field = path.rpartition(".")
	colleagues = ""
	if user_field := describe(doctype).user:
		# Frappe creates a Contact for every User
		colleagues = f"""and ifnull(record.`{user_field}`, '') not in (
			select `name` from `tabUser` where `user_type` = 'System User'
		)"""
	if not table:
		return sql.run(
			f"""select record.`name`, record.`{field}` from `tab{doctype}` record
			where record.`{field}` {condition} {colleagues} order by record.`creation`""",
			{"wanted": wanted},
		)
	child = frappe.get_meta(doctype).get_field(table).options
	return sql.run(
		f"""select record.`name`, line.`{field}` from `tab{child}` line
		inner join `tab{doctype}` record on record.`name` = line.`parent`
		where line.`{field}` {condition}
		and line.`parenttype` = %(doctype)s and line.`parentfield` = %(table)s {colleagues} order by record.`creation`""",
		{"wanted": wanted, "doctype": doctype, "table": table},
	)


def addresses_of(doctype: str, name: str) -> tuple[list[str], list[str]]:
	"""-> (e-mail addresses, phone numbers in E.164, in all readings) of a person's record"""
	fields, region = describe(doctype), site_region()
	emails = values(doctype, name, fields.emails)
	numbers = [
		number for value in values(doctype, name, fields.phones) for number in phones.readings(value, region)
	]
	return list(dict.fromkeys(emails)), list(dict.fromkeys(numbers))


def values(doctype: str, name: str, paths: tuple[str, ...]) -> list[str]:
	found = []
	for path in paths:
		table, _dot, field = path.rpartition(".")
		if not table:
			found.append(frappe.db.get_value(doctype, name, field))
			continue
		child = frappe.get_meta(doctype).get_field(table).options
		filters = {"parenttype": doctype, "parent": name, "parentfield": table}
		found += frappe.get_all(child, filters=filters, pluck=field, order_by="idx")
	return [value.strip() for value in found if value and value.strip()]
