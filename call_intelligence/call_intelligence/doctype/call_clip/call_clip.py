from call_intelligence.clips import access, ending, make
from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import KeepsToItsRows


class CallClip(KeepsToItsRows, PlainDocument):
	"""A shared part of a call. Written by clips/make.py and clips/ending.py alone: no role may write it by itself.

	`call` is no link field: Frappe's lists let people read any field of what a row links to, and not everybody who sees a clip sees the
	call. The same holds for that of Call Clip Opening, and for the clip that an item of a playlist comes from.
	"""

	def autoname(self):
		self.name = make.new_name()

	def onload(self):
		# Desk knows no owners of calls
		self.set_onload("may_revoke", access.may_end(self))

	def on_trash(self):
		ending.forget(self)
