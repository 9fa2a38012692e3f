from call_intelligence.core.document import PlainDocument


class CallPlaylistListening(PlainDocument):
	pass
