"""Describes the fields of a CRM DocType that are needed to find its records and related ones."""

from dataclasses import dataclass, replace

import frappe

EMAIL, PHONE = "Email", "Phone"


@dataclass(frozen=True)
class CrmObject:
	"""Fields by name, `table.field` for child tables. Fields that don't exist on the site are removed (`here`)."""

	kind: str | None
	emails: tuple[str, ...] = ()
	phones: tuple[str, ...] = ()
	company: tuple[str, ...] = ()
	"""fields that hold the company: its name as a Link, or as people have typed it"""
	links: str | None = None
	"""child table of Dynamic Links to companies"""
	company_type: str | None = None
	"""field with the DocType that `company` is of, where it may be of several"""
	status: str | None = "status"
	closed: tuple[str, ...] = ("Closed", "Won", "Lost", "Converted", "Completed", "Cancelled", "Resolved")
	user: str | None = None
	"""field with the User that the person is"""


@dataclass(frozen=True)
class Conversion:
	"""How a record that a lead was converted to names the lead"""

	lead_doctype: str
	field: str
	only: tuple[str, str] | None = None
	"""a further field, and the value that it must have"""
	converted: str | None = None
	"""switch of the lead that is on once it has been converted"""


@dataclass(frozen=True)
class LogType:
	"""An app's DocType for calls that were made by telephone. Fields that don't exist on the site are removed (`call_logs.here`)."""

	doctype: str
	receiver: str | None
	"""field with the User who took an incoming call"""
	caller: str | None
	"""field with the User who made an outgoing one"""
	medium: str | None = "telephony_medium"
	"""field with Manual, Twilio or Exotel"""
	reference: tuple[str, str] | None = None
	"""fields with the DocType and the name of the record that the call is about"""
	records: tuple[tuple[str, str], ...] = ()
	"""[(field, DocType)] of Links to records"""
	twilio: str = ""
	"""Single with the credentials at Twilio"""
	exotel: str = ""
	exotel_host: str = ""
	"""of Exotel's API, where the Single has no field for it"""


def here(doctype: str, known: CrmObject) -> CrmObject:
	"""`known`, limited to fields that exist on this site and extended by e-mail and phone fields of the meta"""
	meta = frappe.get_meta(doctype)

	def there(path: str | None) -> bool:
		if not path:
			return False
		table, _dot, field = path.rpartition(".")
		if not table:
			return meta.has_field(field)
		df = meta.get_field(table)
		return bool(df and df.options and frappe.get_meta(df.options).has_field(field))

	def with_option(option: str) -> list[str]:
		return [
			df.fieldname
			for df in meta.fields
			if (df.fieldtype == "Data" and df.options == option) or df.fieldtype == option
		]

	def together(paths: tuple[str, ...], option: str) -> tuple[str, ...]:
		return tuple(dict.fromkeys([*filter(there, paths), *with_option(option)]))

	return replace(
		known,
		emails=together(known.emails, EMAIL),
		phones=together(known.phones, PHONE),
		company=tuple(filter(there, known.company)),
		links=known.links if there(known.links) else None,
		company_type=known.company_type if there(known.company_type) else None,
		status=known.status if there(known.status) else None,
		user=known.user if there(known.user) else None,
	)


def by_its_meta(doctype: str, kind: str | None, company_doctypes: list[str]) -> CrmObject:
	"""A description of a DocType that an administrator added, from its meta: Links to companies."""
	links = [
		df.fieldname for df in frappe.get_meta(doctype).get_link_fields() if df.options in company_doctypes
	]
	return CrmObject(kind, company=tuple(links))
