from call_intelligence.texts.document import PlainDocument


class CallPlaylistFollower(PlainDocument):
	pass
