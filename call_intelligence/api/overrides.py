"""Calls the function of Frappe that one of ours replaces."""

import frappe
from frappe.handler import is_valid_http_method


def frappes_own(function: str, **arguments):
	"""Return the answer of Frappe's function to this request, with its own defaults for arguments that are None.

	Raises frappe.PermissionError if Frappe itself does not expose the function to the session's user or to this HTTP method:
	an override is found by its name alone, also in versions that no longer whitelist the original.
	"""
	own = frappe.get_attr(function)
	frappe.is_whitelisted(own)
	if getattr(frappe.local, "request", None):
		is_valid_http_method(own)
	given = {name: value for name, value in arguments.items() if value is not None and name != "cmd"}
	return frappe.call(own, **given)
