"""The CRM records that a call belongs to: shown to everyone who sees the call, changed by users who may edit it."""

import frappe
from frappe import _

from call_intelligence import permissions
from call_intelligence.api.arguments import checked
from call_intelligence.api.panels import associations
from call_intelligence.associations import linking, suggestions
from call_intelligence.core import live
from call_intelligence.people.matching.apply import add_what_follows
from call_intelligence.permissions import check_can_see


@frappe.whitelist(methods=["GET"])
@checked()
def get(call: str) -> dict:
	"""-> see associations.describe"""
	check_can_see(call)
	return associations.describe(call)


@frappe.whitelist(methods=["GET"])
@checked()
def of_calls(calls: str | list) -> dict:
	"""calls: names, 200 at most. Those that the session's user does not see are left out. -> see associations.of_calls"""
	names = [name for name in calls or () if isinstance(name, str)]
	return associations.of_calls(names)


@frappe.whitelist(methods=["GET"])
@checked()
def search(call: str, text: str, kind: str | None = None) -> list:
	"""Records by name, e-mail or phone that the session's user may read. -> see associations.search"""
	check_may_edit(call)
	return associations.search(call, text, kind)


@frappe.whitelist(methods=["POST"])
@checked()
def add(call: str, doctype: str, name: str) -> dict:
	"""Associate the Call with the record, and with its company. -> see associations.describe"""
	check_may_edit(call)
	linking.check_association(doctype, name)
	if linking.associate(call, doctype, name):
		add_what_follows(call, doctype, name)
	return changed(call)


@frappe.whitelist(methods=["POST"])
@checked()
def remove(call: str, id: str) -> dict:
	"""id: of the association, which is not added automatically again. -> see associations.describe"""
	check_may_edit(call)
	linking.dissociate(call, id)
	return changed(call)


@frappe.whitelist(methods=["POST"])
@checked()
def accept(call: str, id: str) -> dict:
	"""Make a suggestion an association. id: of the suggestion. -> see associations.describe"""
	check_may_edit(call)
	associations.accept(call, suggestion(call, id))
	return changed(call)


@frappe.whitelist(methods=["POST"])
@checked()
def dismiss(call: str, id: str) -> dict:
	"""id: of the suggestion, which is not offered again. -> see associations.describe"""
	check_may_edit(call)
	row = suggestion(call, id)
	linking.dismiss(call, row.doctype, row.name)
	return changed(call)


def suggestion(call: str, id: str) -> frappe._dict:
	found = next((row for row in suggestions.offered(call) if row["id"] == id), None)
	if not found:
		frappe.throw(_("This suggestion no longer exists."), frappe.DoesNotExistError)
	return frappe._dict(found)


def check_may_edit(call: str) -> None:
	permissions.check_may_edit(
		call,
		_("Only the owner of the call or a Call Intelligence Manager may change what it is associated with."),
	)


def changed(call: str) -> dict:
	live.call_changed(call)
	return associations.describe(call)
