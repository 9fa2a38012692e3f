"""Handing on to the function of Frappe's that one of ours stands in for."""

import frappe
from frappe.handler import is_valid_http_method


def frappes_own(function: str, **arguments):
	"""What Frappe's function answers to this request, with its own defaults for arguments that are None.

	Raises frappe.PermissionError where Frappe itself does not expose the function to the session's user or to this method of HTTP:
	an override is found by its name alone, also in versions that have taken their own function off the whitelist.
	"""
	own = frappe.get_attr(function)
	frappe.is_whitelisted(own)
	if getattr(frappe.local, "request", None):
		is_valid_http_method(own)
	given = {name: value for name, value in arguments.items() if value is not None and name != "cmd"}
	return frappe.call(own, **given)
