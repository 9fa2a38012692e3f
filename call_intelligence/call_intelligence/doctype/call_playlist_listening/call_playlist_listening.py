from frappe.model.document import Document


class CallPlaylistListening(Document):
	pass
