"""Adds DocShares of a call for many users at once; frappe.share.add needs several queries and documents for each."""

import frappe
from frappe import _
from frappe.desk.form.document_follow import follow_document
from frappe.model.naming import set_new_name
from frappe.share import check_share_permission
from frappe.utils import get_fullname

FIELDS = (
	"name", "creation", "modified", "owner", "modified_by", "user", "share_doctype", "share_name", "read", "everyone",
)  # fmt: skip


def give(call: str, users: list[str]) -> dict[str, str]:
	"""Let users read the Call. -> {user: DocShare}. Raises frappe.PermissionError unless the session's user may share it."""
	if not users:
		return {}
	check_share_permission("Call", call)
	shares = shares_of(call, users)
	if unread := [name for name, read in shares.values() if not read]:
		frappe.db.set_value("DocShare", {"name": ["in", unread]}, "read", 1)
	new = [user for user in dict.fromkeys(users) if user not in shares]
	if new:
		insert(call, new)
		shares |= shares_of(call, new)
		tell(call, new)
	return {user: name for user, (name, _read) in shares.items()}


def shares_of(call: str, users: list[str]) -> dict[str, tuple[str, int]]:
	"""{user: (DocShare, read)}"""
	rows = frappe.get_all(
		"DocShare",
		filters={"share_doctype": "Call", "share_name": call, "everyone": 0, "user": ["in", users]},
		fields=["user", "name", "read"],
	)
	return {row.user: (row.name, row.read) for row in rows}


def insert(call: str, users: list[str]) -> None:
	now, me = frappe.utils.now(), frappe.session.user
	rows = [[new_name(), now, now, me, me, user, "Call", call, 1, 0] for user in users]
	frappe.db.bulk_insert("DocShare", FIELDS, rows)


def new_name() -> str | int:
	"""A name from Frappe's naming rule, which is a number in some versions"""
	share = frappe.new_doc("DocShare")
	set_new_name(share)
	return share.name


def tell(call: str, users: list[str]) -> None:
	"""Add the shares to the call's timeline, and follow the call for users who follow all shared documents."""
	names = ", ".join(get_fullname(user) for user in users)
	document = frappe.get_doc("Call", call)
	document.add_comment("Shared", _("{0} shared this document with {1}").format(get_fullname(), names))
	for user in frappe.get_all("User", {"name": ["in", users], "follow_shared_documents": 1}, pluck="name"):
		follow_document("Call", call, user)
