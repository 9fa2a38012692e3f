import frappe
from frappe import _
from frappe.model.document import Document

from call_intelligence import mapping as associations
from call_intelligence.statistics import settings as statistics


class CallIntelligenceSettings(Document):
	def validate(self):
		self.language = (self.language or "").strip().lower()
		if self.language and not (2 <= len(self.language) <= 3 and self.language.isalpha()):
			frappe.throw(
				_(
					"Language must be a code of two or three letters, such as en or pl. Leave it empty to have it recognised."
				)
			)
		if not self.max_file_size_mb or not self.max_duration_hours:
			frappe.throw(_("The limits for file size and length must be above zero."))
		statistics.validate(self)
		associations.validate(self)

	def on_update(self):
		statistics.changed(self)
		associations.changed(self)

	def onload(self):
		associations.show(self)
