from call_intelligence.core.document import PlainDocument
from call_intelligence.discussion import comments


class CallComment(PlainDocument):
	"""One comment of a thread on a call; the rules are in comments.py and apply to forms and REST alike."""

	def autoname(self):
		self.name = comments.new_name(self.call)

	def before_insert(self):
		comments.sign(self)

	def validate(self):
		comments.check(self)

	def after_insert(self):
		comments.tell(self)

	def on_update(self):
		# on_update follows after_insert as well
		if self.get_doc_before_save():
			comments.keep_seen(self)
			comments.tell(self)

	def on_trash(self):
		comments.check_removal(self)
		comments.forget(self)

	def after_delete(self):
		comments.removed(self)
