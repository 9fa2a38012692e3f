import frappe
from frappe import _
from frappe.utils import cast, cint, flt

from call_intelligence.associations import mapping
from call_intelligence.clips import links
from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import KeepsToItsRows
from call_intelligence.speech import model_settings
from call_intelligence.speech.choice import CODE
from call_intelligence.speech.told import told
from call_intelligence.statistics import figure_settings


class CallIntelligenceSettings(KeepsToItsRows, PlainDocument):
	language: str | None

	def load_from_db(self):
		"""A setting added since the last save gets its default; Frappe would make it 0."""
		loaded = super().load_from_db()
		stored = frappe.db.get_singles_dict(self.doctype)
		for field in self.meta.fields:
			# None is stored for a field that was emptied, and Frappe turns a missing switch into 0
			if field.default and stored.get(field.fieldname) is None:
				self.set(field.fieldname, cast(field.fieldtype, field.default))
		return loaded

	def validate(self):
		self.name = self.doctype  # whatever name a request sends
		self.language = (self.language or "").strip().lower()
		if self.language and not CODE.fullmatch(self.language):
			frappe.throw(
				_(
					"Language must be a code of two or three letters, such as en or pl. Leave it empty to have it recognised."
				)
			)
		if cint(self.max_file_size_mb) <= 0 or flt(self.max_duration_hours) <= 0:
			frappe.throw(_("The limits for file size and length must be above zero."))
		if cint(self.max_uploads) <= 0 or cint(self.max_uploads_mb) < cint(self.max_file_size_mb):
			frappe.throw(
				_("One person must be able to upload at least one file of the largest size at a time.")
			)
		model_settings.validate(self)
		links.validate(self)
		figure_settings.validate(self)
		mapping.validate(self)

	def on_update(self):
		figure_settings.changed(self)
		mapping.changed(self)

	def onload(self):
		mapping.show(self)
		self.set_onload("speech_models", told(self))
