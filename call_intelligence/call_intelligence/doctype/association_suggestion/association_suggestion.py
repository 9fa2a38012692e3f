from call_intelligence.core.document import PlainDocument


class AssociationSuggestion(PlainDocument):
	"""A record that a call may belong to, offered to users who may edit the call; or one that they have dismissed.

	No role reads these: `suggestions.py` returns them to users who may see them.
	"""
