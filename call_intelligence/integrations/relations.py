"""How the CRM's records hang together: the companies of a person, the open deals of a company."""

import frappe

from call_intelligence.integrations.registry import describe, doctypes_of


def companies_of(doctype: str, name: str) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the companies that a person, deal or ticket belongs to.

	Of each DocType at most one where it is clear which; several of the same where the record names several and says of none
	that it is the main one.
	"""
	fields = describe(doctype)
	linked = linked_companies(doctype, name, fields)
	named = [
		found
		for field in fields.company
		for found in companies_called(*company_value(doctype, name, field, fields))
	]
	# the one that the record itself names is the main one of those that it is linked to
	if main := [company for company in linked if company in named]:
		linked = main
	companies = list(dict.fromkeys(linked))
	taken = {company_doctype for company_doctype, _name in companies}
	companies += [company for company in dict.fromkeys(named) if company[0] not in taken]
	return companies


def linked_companies(doctype: str, name: str, fields) -> list[tuple[str, str]]:
	if not fields.links:
		return []
	table = frappe.get_meta(doctype).get_field(fields.links).options
	rows = frappe.get_all(
		table,
		filters={
			"parenttype": doctype,
			"parent": name,
			"parentfield": fields.links,
			"link_doctype": ["in", [*doctypes_of("Company"), ""]],
		},
		fields=["link_doctype", "link_name"],
		order_by="idx",
	)
	return [(row.link_doctype, row.link_name) for row in rows if row.link_name]


def company_value(doctype: str, name: str, field: str, fields) -> tuple[str | None, list[str]]:
	"""-> (what the field holds, the DocTypes that it may be a record of)"""
	df = frappe.get_meta(doctype).get_field(field)
	possible = doctypes_of("Company")
	if df.fieldtype == "Link":
		possible = [company for company in possible if company == df.options]
	elif fields.company_type:
		said = frappe.db.get_value(doctype, name, fields.company_type)
		possible = [company for company in possible if company == said]
	return frappe.db.get_value(doctype, name, field), possible


def companies_called(text: str | None, doctypes: list[str]) -> list[tuple[str, str]]:
	"""Companies of that name or title, where a DocType has just one."""
	text = (text or "").strip()
	found = []
	for doctype in doctypes if text else ():
		if frappe.db.exists(doctype, text):
			found.append((doctype, frappe.db.get_value(doctype, text)))
			continue
		title = frappe.get_meta(doctype).get_title_field()
		if title == "name":
			continue
		names = frappe.get_all(doctype, filters={title: text}, pluck="name", limit=2)
		if len(names) == 1:
			found.append((doctype, names[0]))
	return found


def open_deals_of(company_doctype: str, company: str) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the company's deals that are not won, lost or closed; two at most, since one is what matters."""
	found = []
	for doctype in doctypes_of("Deal"):
		fields = describe(doctype)
		meta = frappe.get_meta(doctype)
		for field in fields.company:
			df = meta.get_field(field)
			filters = {field: company}
			if df.fieldtype == "Link" and df.options != company_doctype:
				continue
			if fields.company_type:
				filters[fields.company_type] = company_doctype
			if fields.status:
				filters[fields.status] = ["not in", closed(meta.get_field(fields.status), fields.closed)]
			found += [
				(doctype, name) for name in frappe.get_all(doctype, filters=filters, pluck="name", limit=2)
			]
	return list(dict.fromkeys(found))[:2]


def closed(status, names: tuple[str, ...]) -> list[str]:
	"""What the field says of a deal that is over; where the stages are records of their own, their type says so."""
	if status.fieldtype == "Link" and frappe.get_meta(status.options).has_field("type"):
		ended = frappe.get_all(status.options, filters={"type": ["in", ["Won", "Lost"]]}, pluck="name")
		return [*names, *ended]
	return list(names)
