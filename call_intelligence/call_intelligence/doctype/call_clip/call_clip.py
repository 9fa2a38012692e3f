from frappe.model.document import Document

from call_intelligence.clips import ending, make


class CallClip(Document):
	"""A shared part of a call. Written by clips/make.py and clips/ending.py alone: no role may write it by itself."""

	def autoname(self):
		self.name = make.new_name()

	def on_trash(self):
		ending.forget(self)
