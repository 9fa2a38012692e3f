from call_intelligence.core.document import PlainDocument
from call_intelligence.sources import downloads


class SourceDelivery(PlainDocument):
	"""A request of a provider, or a call that it has listed: see sources/deliveries.py."""

	def on_trash(self):
		downloads.forget(self.name)
