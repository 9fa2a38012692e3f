"""Ensures that rows of child tables are only written with the document that they belong to.

Frappe lets users insert, change and delete a row alone, bypassing the checks of its document; and a document that is saved with the
name of another document's row in a table takes that row over.
"""

import frappe
from frappe import _
from frappe.model.naming import set_new_name

from call_intelligence.core.mixin import Mixin

# of one table; fewer for calls, since Frappe needs several queries per row
MOST_ROWS, MOST_ROWS_OF_A_CALL = 200, 100


class WrittenWithParent(Mixin):
	"""Row of a child table that can't be inserted, changed or deleted alone.

	The rules of these tables are in their documents. Frappe runs a row's hooks only if the row is written alone. Raises
	frappe.PermissionError unless `flags.ignore_permissions`.
	"""

	def before_insert(self):
		self.refuse_alone()

	def validate(self):
		self.refuse_alone()

	def on_trash(self):
		self.refuse_alone()

	def refuse_alone(self):
		if not self.flags.ignore_permissions:
			frappe.throw(
				_("Rows of {0} are changed in the record that they belong to, and saved with it.").format(
					_(self.doctype)
				),
				frappe.PermissionError,
			)


class KeepsToItsRows(Mixin):
	"""Document that takes over no rows: another document's row becomes a new row, and a deleted row stays deleted.

	A table has at most `most_rows`, or as many as it had before. Raises frappe.ValidationError.
	"""

	most_rows = MOST_ROWS

	def insert(self, *args, **kwargs):
		self.check_number_of_rows()
		return super().insert(*args, **kwargs)

	def save(self, *args, **kwargs):
		self.check_number_of_rows()
		return super().save(*args, **kwargs)

	def check_number_of_rows(self):
		"""Called before Frappe processes each row."""
		for field in self.meta.get_table_fields():
			number = len(self.get(field.fieldname) or ())
			if number <= self.most_rows:
				continue
			stored = {"parent": self.name, "parenttype": self.doctype, "parentfield": field.fieldname}
			if self.is_new() or number > frappe.db.count(field.options, stored):
				frappe.throw(
					_("{0}: at most {1} rows are possible.").format(
						_(field.label or field.options), self.most_rows
					)
				)

	def before_validate(self):
		# rows of a new document get new names
		if self.is_new():
			return
		before = self.get_doc_before_save()
		for field in self.meta.get_table_fields():
			rows = self.get(field.fieldname)
			own = {row.name for row in before.get(field.fieldname)} if before else set()
			for row in rows:
				if (
					not row.is_new()
					and row.name not in own
					and frappe.db.exists(field.options, str(row.name))
				):
					row.set("__islocal", 1)
					set_new_name(row)
			kept = [row for row in rows if row.is_new() or row.name in own]
			if len(kept) != len(rows):
				self.set(field.fieldname, kept)
