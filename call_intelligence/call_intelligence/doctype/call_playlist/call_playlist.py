from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import KeepsToItsRows
from call_intelligence.playlists import items, rules


class CallPlaylist(KeepsToItsRows, PlainDocument):
	"""The rules are in playlists/ and apply to forms and REST alike."""

	def validate(self):
		rules.check(self)

	def on_update(self):
		items.publish(self.name)

	def on_trash(self):
		items.remove_playlist(self.name)
