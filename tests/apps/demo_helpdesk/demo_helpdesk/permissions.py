"""Agents read all tickets, others their own. As in Helpdesk, it checks the session's user, not the user passed to it."""

import frappe


def is_agent() -> bool:
	return "Agent" in frappe.get_roles(frappe.session.user)


def ticket_query(user: str | None = None) -> str:
	if is_agent():
		return ""
	return f"`tabHD Ticket`.`raised_by` = {frappe.db.escape(frappe.session.user)}"


def ticket_has_permission(doc, user: str | None = None, ptype: str | None = None) -> bool:
	return is_agent() or doc.raised_by == frappe.session.user
