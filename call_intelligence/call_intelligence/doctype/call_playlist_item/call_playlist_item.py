import frappe

from call_intelligence.core.document import PlainDocument
from call_intelligence.playlists import items


class CallPlaylistItem(PlainDocument):
	"""A part of a call in a playlist. Not a row of a child table, which everyone who reads the playlist could read: an item is only for
	users who see its call as well."""

	def load_from_db(self):
		if self.flags.for_update and isinstance(self.name, str):
			items.hold_for(self.name)
		super().load_from_db()

	def before_insert(self):
		items.place(self)

	def validate(self):
		items.check(self)

	def after_insert(self):
		items.added(self)

	def on_update(self):
		items.changed(self)

	def on_trash(self):
		items.take_out(self)


def on_doctype_update():
	for field, index in items.INDEXES.items():
		frappe.db.add_index("Call Playlist Item", [f"`{field}`"], index)
