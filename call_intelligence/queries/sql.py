"""Queries whose values are bound, around conditions that are text."""

import frappe


def run(query: str, values: dict | None = None, *, conditions: dict[str, str] | None = None, **options):
	"""`frappe.db.sql` with every value as a parameter.

	query: SQL with `%(name)s` for each of `values` (lists become `(a, b)`) and `{name}` for each of `conditions`: the text that
	permission rules return, in which a `%` stands for itself. options: those of `frappe.db.sql`, such as `as_dict`.
	"""
	texts = {name: text.replace("%", "%%") for name, text in (conditions or {}).items()}
	return frappe.db.sql(query.format(**texts), values or {}, **options)  # nosemgrep


def holds(condition: str, doctype: str, name: str | None) -> bool:
	"""Whether there is a document of this name for which the condition over `tab{doctype}` is true."""
	return bool(
		run(
			f"select 1 from `tab{doctype}` where `tab{doctype}`.`name` = %(name)s and {{condition}}",
			{"name": str(name or "")},
			conditions={"condition": condition},
		)
	)


def literal(value: str) -> str:
	"""A string literal, for conditions only: Frappe's hook `permission_query_conditions` takes text and no parameters."""
	return frappe.db.escape(value, percent=False)


def literals(values) -> str:
	"""`literal` of each, for between the brackets of an `in`; never empty."""
	return ", ".join(map(literal, values)) or "''"


def like(text: str) -> str:
	"""The pattern, to be bound, of what begins with `text`: `%`, `_` and the backslash stand for themselves.

	Frappe's own filters escape once more.
	"""
	return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
