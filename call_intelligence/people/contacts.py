"""Creates a Contact for a participant, with the permissions of the session's user."""

import frappe
from frappe import _
from frappe.utils import validate_email_address

from call_intelligence.associations.linking import check_association
from call_intelligence.integrations.registry import kind_of, title_of
from call_intelligence.people import parties, person_search
from call_intelligence.people.matching.find import by_emails, colleague_with

LONGEST = 140


def add_contact(
	full_name: str,
	email: str | None = None,
	phone: str | None = None,
	company_doctype: str | None = None,
	company: str | None = None,
) -> dict:
	"""company: the name of a record of `company_doctype`, or plain text without a DocType.

	-> {"contact": name, "existing": None}, or {"contact": None, "existing": [{"doctype", "kind", "name", "title", "detail"}]} where
	people with this e-mail address exist: then nothing is created.
	"""
	if not frappe.has_permission("Contact", "create"):
		frappe.throw(
			_("You may not add contacts. Ask your administrator, or connect a contact that exists."),
			frappe.PermissionError,
		)
	names = clean(full_name).split(" ", 1)
	if not names[0]:
		frappe.throw(_("A contact needs a name."))
	if "<" in full_name or ">" in full_name:
		frappe.throw(_("A name cannot contain angle brackets."))
	email, phone, company = clean(email), clean(phone), clean(company)
	if email and not validate_email_address(email):
		frappe.throw(_("This is not an e-mail address: {0}").format(frappe.utils.escape_html(email)))
	if email and (existing := people_with(email)):
		return {"contact": None, "existing": existing}
	contact = frappe.get_doc({"doctype": "Contact", "first_name": names[0], "last_name": "".join(names[1:])})
	if email:
		contact.append("email_ids", {"email_id": email, "is_primary": 1})
	if phone:
		contact.append("phone_nos", {"phone": phone, "is_primary_phone": 1})
	if company:
		add_company(contact, company_doctype, company)
	return {"contact": contact.insert().name, "existing": None}


def add_company(contact, doctype: str | None, company: str) -> None:
	if doctype:
		check_association(doctype, company)
		if kind_of(doctype) != "Company":
			frappe.throw(_("{0} is not a company.").format(_(doctype)))
		contact.append("links", {"link_doctype": doctype, "link_name": company})
		company = title_of(doctype, company)
	contact.company_name = company[:LONGEST]


def people_with(email: str) -> list[dict]:
	"""People with this address whose records the session's user may read"""
	if user := colleague_with(email, enabled=1):
		return person_search.user(user)
	found = []
	for doctype, name in by_emails([email]):
		if parties.is_readable(doctype, name):
			found += person_search.of_names(doctype, [name])
	return found


def clean(text: str | None) -> str:
	return " ".join(str(text or "").split())[:LONGEST]
