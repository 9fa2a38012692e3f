"""The CRM records that a call belongs to; here because `queue`, below `associations`, needs them too."""

import frappe


def associated_records(call: str) -> list[tuple[str, str]]:
	"""[(DocType, name)] of the Call named `call`."""
	return frappe.get_all(
		"Call Association",
		filters={"parent": call, "parenttype": "Call"},
		fields=["link_doctype", "link_name"],
		as_list=True,
	)
