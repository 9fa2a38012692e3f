"""Relations of CRM records: the companies of a person, the open deals of a company."""

import frappe

from call_intelligence.integrations.registry import describe, doctypes_of


def companies_of(doctype: str, name: str) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the companies that a person, deal or ticket belongs to.

	At most one of each DocType, unless the record names several of the same DocType without a main one.
	"""
	fields = describe(doctype)
	linked = linked_companies(doctype, name, fields)
	named = [
		found
		for field in fields.company
		for found in companies_called(*company_value(doctype, name, field, fields))
	]
	# a linked company that the record also names is the main one
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
	"""-> (value of the field, DocTypes that it may refer to)"""
	df = frappe.get_meta(doctype).get_field(field)
	possible = doctypes_of("Company")
	if df.fieldtype == "Link":
		possible = [company for company in possible if company == df.options]
	elif fields.company_type:
		said = frappe.db.get_value(doctype, name, fields.company_type)
		possible = [company for company in possible if company == said]
	return frappe.db.get_value(doctype, name, field), possible


def companies_called(text: str | None, doctypes: list[str]) -> list[tuple[str, str]]:
	"""Companies with that name or title, if a DocType has exactly one"""
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
	"""[(DocType, name)] of the company's deals that are not won, lost or closed; at most two, enough to see whether there is exactly one."""
	found = []
	for doctype in doctypes_of("Deal"):
		fields = describe(doctype)
		meta = frappe.get_meta(doctype)
		for field in fields.company:
			df = meta.get_field(field)
			filters: dict = {field: company}
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
	"""Values of the field for a closed deal, including stages of type Won or Lost if stages are records"""
	if status.fieldtype == "Link" and frappe.get_meta(status.options).has_field("type"):
		ended = frappe.get_all(status.options, filters={"type": ["in", ["Won", "Lost"]]}, pluck="name")
		return [*names, *ended]
	return list(names)
