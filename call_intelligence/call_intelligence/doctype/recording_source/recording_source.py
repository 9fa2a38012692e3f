from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import KeepsToItsRows
from call_intelligence.sources import deliveries, receiving, settings


class RecordingSource(KeepsToItsRows, PlainDocument):
	"""An account of a provider that calls come from: see the room sources."""

	def onload(self):
		self.set_onload("sources", settings.describe(self))

	def before_insert(self):
		settings.prepare(self)

	def validate(self):
		settings.check(self)

	def on_update(self):
		settings.changed(self)

	def on_trash(self):
		deliveries.forget_source(self.name)
		receiving.forget_refused(self.name)
