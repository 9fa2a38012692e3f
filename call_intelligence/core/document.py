"""The base class of all our documents."""

from frappe.model.document import Document

from call_intelligence.core import shape
from call_intelligence.core.live import ToldWithoutNames
from call_intelligence.core.plain import plain_values


class PlainDocument(ToldWithoutNames, Document):
	"""Document whose text fields are always stored as plain text; see core/plain.py.

	Rows of child tables derive from it as well, since Frappe writes them one by one.
	"""

	def update(self, d):
		return super().update(shape.checked(self, d))

	def make_plain(self):
		now = {df.fieldname: self.get(df.fieldname) for df in self.meta.fields if df.fieldtype != "Table"}
		for field, value in plain_values(self.doctype, now).items():
			if value is not now[field]:
				self.set(field, value)

	def make_all_plain(self):
		for row in (self, *self.get_all_children()):
			row.make_plain()

	def _validate(self):
		# Frappe would treat "Anna <anna@example.com>" as a tag, and a text of tags only as empty
		self.make_all_plain()
		super()._validate()

	def db_insert(self, *args, **kwargs):
		self.make_plain()
		return super().db_insert(*args, **kwargs)

	def db_update(self, *args, **kwargs):
		self.make_plain()
		return super().db_update(*args, **kwargs)

	def update_single(self, d):
		self.make_plain()
		return super().update_single(plain_values(self.doctype, d))

	def db_set(self, fieldname, value=None, *args, **kwargs):
		if isinstance(fieldname, dict):
			fieldname = plain_values(self.doctype, fieldname)
		else:
			value = plain_values(self.doctype, {fieldname: value})[fieldname]
		return super().db_set(fieldname, value, *args, **kwargs)
