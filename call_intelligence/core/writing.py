"""Writes text by query, without documents and their hooks; and the errors of concurrent writes."""

import frappe

from call_intelligence.core.plain import plain_rows, plain_values

# another transaction wrote to the same rows: MariaDB has rolled back the whole transaction
CONCURRENT_WRITES = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


def set_value(doctype: str, name, field, value=None, **options) -> None:
	"""frappe.db.set_value for fields of our DocTypes that may hold text: it is stored as plain text."""
	values = field if isinstance(field, dict) else {field: value}
	frappe.db.set_value(doctype, name, plain_values(doctype, values), **options)


def bulk_insert(doctype: str, fields: list[str], rows: list[tuple], **options) -> None:
	"""frappe.db.bulk_insert, with plain text in text fields"""
	frappe.db.bulk_insert(doctype, fields, plain_rows(doctype, fields, rows), **options)
