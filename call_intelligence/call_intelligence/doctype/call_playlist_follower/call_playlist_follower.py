from frappe.model.document import Document


class CallPlaylistFollower(Document):
	pass
