"""Runs queries with bound values and conditions as text."""

import frappe


def run(query: str, values: dict | None = None, *, conditions: dict[str, str] | None = None, **options):
	"""`frappe.db.sql` with every value as a parameter.

	query: SQL with `%(name)s` for each of `values` (lists become `(a, b)`) and `{name}` for each of `conditions`: the text
	returned by permission rules, in which `%` is literal. options: those of `frappe.db.sql`, such as `as_dict`.
	"""
	texts = {name: text.replace("%", "%%") for name, text in (conditions or {}).items()}
	return frappe.db.sql(query.format(**texts), values or {}, **options)  # nosemgrep


def holds(condition: str, doctype: str, name: str | None) -> bool:
	"""Whether a document with this name meets the condition over `tab{doctype}`"""
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
	"""`literal` of each value, for the brackets of an `in`; never empty."""
	return ", ".join(map(literal, values)) or "''"


def like(text: str) -> str:
	"""A LIKE pattern, to be bound, for texts that begin with `text`: `%`, `_` and the backslash are literal.

	Don't use it in Frappe's filters, which escape again.
	"""
	return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
