from frappe.model.document import Document


class TranscriptEdit(Document):
	"""One change of a transcript by a person: `owner` and `creation` say who and when. Written by editing/, never changed."""
