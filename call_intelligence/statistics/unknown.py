"""Stores unknown figures as NULL. Frappe makes number columns NOT NULL and turns None into 0, which would be a false figure.

Frappe's schema sync leaves a field with the default "0" alone as long as its column has that default, so the columns can be made
nullable once. Lists, filters, averages and REST then treat the values as NULL. `KeepsUnknown` does the same for documents.
"""

import frappe

from call_intelligence.core.mixin import Mixin


def allow_null(doctype: str, fields) -> None:
	"""on_doctype_update: make the columns nullable and set them to NULL; columns changed earlier are left alone."""
	table = f"tab{doctype}"
	columns = frappe.db.sql(
		"""select column_name, column_type from information_schema.columns
		where table_schema = database() and table_name = %s and is_nullable = 'NO' and column_name in %s""",
		(table, tuple(fields)),
	)
	if not columns:
		return
	changes = ", ".join(f"modify `{name}` {kind} null default 0" for name, kind in columns)
	frappe.db.sql_ddl(f"alter table `{table}` {changes}")
	nothing = ", ".join(f"`{name}` = null" for name, _kind in columns)
	frappe.db.sql(f"update `{table}` set {nothing}")  # nosemgrep


class KeepsUnknown(Mixin):
	"""A Document whose `unknowable` fields stay None."""

	unknowable: tuple[str, ...] = ()

	def get_valid_dict(self, *args, **kwargs):
		values = super().get_valid_dict(*args, **kwargs)
		for field in self.unknowable:
			if field in values and self.get(field) is None:
				values[field] = None
		return values
