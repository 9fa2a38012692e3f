"""Differences between Frappe 15.0.0-dev, 15 and 16, in one place."""

import frappe


def match_conditions(doctype: str, user: str) -> str | None:
	"""SQL condition over `tab{doctype}` for the records that `user` may read; "" means all of them, None means none."""
	from frappe.model.db_query import DatabaseQuery
	from frappe.permissions import get_role_permissions

	from call_intelligence.queries.persons import asked_as
	from call_intelligence.queries.sql import literals

	if not get_role_permissions(frappe.get_meta(doctype), user=user).get("read"):
		# Frappe's lists also admit users who may only select a record in a link field, or only have a User Permission for it
		shared = frappe.share.get_shared(doctype, user)
		return f"`tab{doctype}`.`name` in ({literals(map(str, shared))})" if shared else None
	with asked_as(user):
		return DatabaseQuery(doctype, user=user).build_match_conditions(as_condition=True)


def after_commit(function) -> None:
	"""Run `function()` when the current transaction is committed; never when it is rolled back."""
	frappe.db.after_commit.add(function)


def after_rollback(function) -> None:
	frappe.db.after_rollback.add(function)


def notification_with_link(values: dict, address: str) -> dict:
	"""`values` of a Notification Log, with `address` as its link if Frappe has that field (from 15 on)."""
	if frappe.get_meta("Notification Log").has_field("link"):
		return {**values, "link": address}
	return values


def share_lock() -> str:
	"""Suffix of a SELECT that reads the latest committed rows and locks them against changes until the transaction ends."""
	return "for share" if frappe.db.db_type == "postgres" else "lock in share mode"


def by_index(name: str) -> str:
	"""Hint after a table's name in an UPDATE or a locking SELECT to use this index: in a small table MariaDB would otherwise read, and
	lock, all rows."""
	return "" if frappe.db.db_type == "postgres" else f"force index (`{name}`)"


def count_as(name: str) -> str | dict:
	"""For `fields` of get_list: the number of documents, as `name`. In the course of 16 Frappe has stopped accepting functions as
	text."""
	from frappe.database import query

	if hasattr(query, "SQLFunctionParser"):
		return {"COUNT": "*", "as": name}
	return f"count(*) as {name}"


def delete_doc(doctype: str, name: str, **options) -> None:
	"""frappe.delete_doc, which waits for others that hold the document: from 15.55 on Frappe's own gives up at once."""
	frappe.db.get_value(doctype, name, "name", for_update=True)
	frappe.delete_doc(doctype, name, **options)


def other_hooks_allow(doc, ptype: str, user: str, this_one: str) -> bool:
	"""Whether the has_permission hooks of Frappe and other apps allow access to a document.

	Before 16 Frappe stops at the first hook that answers, so that a True of ours would skip the others; from 16 on it asks all of
	them.
	"""
	if int(frappe.__version__.split(".")[0]) >= 16:
		return True
	for hook in reversed(frappe.get_hooks("has_permission").get(doc.doctype, [])):
		if hook == this_one:
			continue
		answer = frappe.call(frappe.get_attr(hook), doc=doc, ptype=ptype, user=user)
		if answer is not None:
			return bool(answer)
	return True
