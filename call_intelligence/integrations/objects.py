"""What has to be known about a DocType of the CRM to find its records and what belongs to them."""

from dataclasses import dataclass, replace

import frappe

EMAIL, PHONE = "Email", "Phone"


@dataclass(frozen=True)
class CrmObject:
	"""Fields by name, `table.field` for those of a child table; those that a site lacks are left out (`here`)."""

	kind: str
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


def here(doctype: str, known: CrmObject) -> CrmObject:
	"""`known` with the fields that the DocType has on this site, and with those that its meta tells about by itself."""
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


def by_its_meta(doctype: str, kind: str, company_doctypes: list[str]) -> CrmObject:
	"""What can be known about a DocType that an administrator has named: e-mails, phones, and Links to companies."""
	links = [
		df.fieldname for df in frappe.get_meta(doctype).get_link_fields() if df.options in company_doctypes
	]
	return CrmObject(kind, company=tuple(links))
