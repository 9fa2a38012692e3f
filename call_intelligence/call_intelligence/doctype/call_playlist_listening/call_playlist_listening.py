from call_intelligence.texts.document import PlainDocument


class CallPlaylistListening(PlainDocument):
	pass
