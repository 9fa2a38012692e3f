"""Figures that cannot be told. Frappe makes numbers NOT NULL, and a 0 of None; a 0 would be a lie here.

A field with the default "0" is left alone by Frappe's schema sync as long as its column has that default, so that the columns may be
made nullable once. In lists, filters, averages and REST they are then what SQL makes of NULL: nothing. `KeepsUnknown` does the
same for documents.
"""

import frappe


def allow_null(doctype: str, fields) -> None:
	"""on_doctype_update: makes the columns nullable; what is in a new one is nothing yet."""
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


class KeepsUnknown:
	"""A Document whose `unknowable` fields stay None."""

	unknowable: tuple[str, ...] = ()

	def get_valid_dict(self, *args, **kwargs):
		values = super().get_valid_dict(*args, **kwargs)
		for field in self.unknowable:
			if field in values and self.get(field) is None:
				values[field] = None
		return values
