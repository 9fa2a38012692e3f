from frappe.model.document import Document


class CallClipOpening(Document):
	"""Somebody opened a clip. Written by clips/openings.py."""
