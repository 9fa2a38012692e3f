from call_intelligence.core.document import PlainDocument


class CallPlaylistFollower(PlainDocument):
	pass
