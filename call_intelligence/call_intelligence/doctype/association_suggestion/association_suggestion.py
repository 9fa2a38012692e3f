from call_intelligence.core.document import PlainDocument


class AssociationSuggestion(PlainDocument):
	"""A record that a call may belong to, offered to those who may edit the call; or one that they do not want there.

	No role reads these by themselves: `suggestions.py` answers those who may.
	"""
