from frappe.model.document import Document


class TermScan(Document):
	"""Older calls are searched for terms that are new or have changed: see terms/scan.py and jobs/scan.py."""
