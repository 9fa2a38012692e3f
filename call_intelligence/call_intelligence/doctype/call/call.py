import frappe
from frappe import _
from frappe.model.document import Document

from call_intelligence import linking
from call_intelligence.permissions import is_manager


class Call(Document):
	def validate(self):
		self.validate_owner()
		linking.check_new_associations(self)
		linking.fill_associations(self)
		linking.fill_primary_records(self)

	def validate_owner(self):
		before = self.get_doc_before_save()
		changed = before.call_owner != self.call_owner if before else self.call_owner != frappe.session.user
		if changed and not self.flags.ignore_permissions and not is_manager():
			frappe.throw(
				_("Only a Call Intelligence Manager may give a call to somebody else."),
				frappe.PermissionError,
			)

	def on_trash(self):
		for recording in frappe.get_all("Call Recording", filters={"call": self.name}, pluck="name"):
			frappe.delete_doc(
				"Call Recording", recording, force=True, ignore_permissions=True, delete_permanently=True
			)

	def after_delete(self):
		linking.refresh_timelines(self)


def on_doctype_update():
	frappe.db.add_index("Call Association", ["link_doctype", "link_name"])
