from frappe.model.document import Document


class RecordMatching(Document):
	"""A Contact or Lead whose earlier calls are still to be found: see matching/later.py and jobs/match.py. No role reads these."""
