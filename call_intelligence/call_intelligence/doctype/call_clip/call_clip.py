from frappe.model.document import Document

from call_intelligence.clips import ending, make
from call_intelligence.rows import KeepsToItsRows


class CallClip(KeepsToItsRows, Document):
	"""A shared part of a call. Written by clips/make.py and clips/ending.py alone: no role may write it by itself."""

	def autoname(self):
		self.name = make.new_name()

	def on_trash(self):
		ending.forget(self)
