from call_intelligence.clips import access, ending, make
from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import KeepsToItsRows


class CallClip(KeepsToItsRows, PlainDocument):
	"""A shared part of a call. Written only by clips/make.py and clips/ending.py: no role may write it.

	`call` is not a link field: Frappe's lists let users read any field of a linked document, and not everyone who sees a clip sees the
	call. The same holds for the `call` of Call Clip Opening, and for the `clip` of a playlist's item.
	"""

	def autoname(self):
		self.name = make.new_name()

	def onload(self):
		# Desk does not know who owns the call
		self.set_onload("may_revoke", access.may_end(self))

	def on_trash(self):
		ending.forget(self)
