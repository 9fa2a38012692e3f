import frappe
from frappe import _
from frappe.model.naming import make_autoname
from frappe.utils import get_datetime

from call_intelligence.associations import announcements, conversions, linking, record_names, suggestions
from call_intelligence.clips import ending
from call_intelligence.compat import delete_doc
from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import MOST_ROWS_OF_A_CALL, KeepsToItsRows
from call_intelligence.discussion import comments, notes
from call_intelligence.insights import analysis
from call_intelligence.people import participant_form
from call_intelligence.permissions import is_manager
from call_intelligence.playlists import items as playlist_items
from call_intelligence.playlists import restoring
from call_intelligence.queue import enqueue
from call_intelligence.sources import deliveries
from call_intelligence.statistics.fields import CALL_FIELDS, VOICE_FIELDS
from call_intelligence.statistics.unknown import KeepsUnknown, allow_null
from call_intelligence.transcript import locks

SERIES = "CALL-.YYYY.-.#####"
RESULTS = (
	"status", "progress", "duration", "language", "error", "warning", "next_attempt_at", "preview", *CALL_FIELDS,
)  # fmt: skip
RESULTS_OF_A_VOICE = ("speaker_key", *VOICE_FIELDS)


class Call(
	record_names.NamesReadableRecords, KeepsToItsRows, linking.VanishingLinks, KeepsUnknown, PlainDocument
):
	most_rows = MOST_ROWS_OF_A_CALL
	unknowable = tuple(CALL_FIELDS)
	vanishing = tuple(linking.PRIMARY_FIELDS.values())

	def autoname(self):
		# with an expression in the DocType, Frappe would reuse the number of the newest document after its deletion
		self.name = make_autoname(SERIES)

	def load_from_db(self):
		if self.flags.for_update and isinstance(self.name, str):
			# the lock order: the recording before the call
			locks.hold(self.name)
		super().load_from_db()

	def validate(self):
		participant_form.separate(self)
		self.check_number_of_rows()
		# before the steps that use names, which need them as stored
		self.make_all_plain()
		restoring.take(self)
		self.validate_owner()
		self.keep_results()
		self.restore_links()
		participant_form.keep(self)
		notes.keep(self)
		linking.keep_associations(self)
		linking.keep_comments(self, self.get_doc_before_save())
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

	def keep_results(self):
		"""Keep results that processing has written since this copy of the document was read: it does not change `modified`."""
		before = self.get_doc_before_save()
		known = {row.name for row in before.participants} if before else ()
		for row in self.participants:
			if row.name not in known:
				# not measured yet: ignore figures sent by a form or a request
				row.update(dict.fromkeys(VOICE_FIELDS))
		if not before:
			self.update(dict.fromkeys(CALL_FIELDS))
			return
		for field in RESULTS:
			self.set(field, before.get(field))
		here = {row.name: row for row in self.participants}
		for row in before.participants:
			if row.name in here:
				here[row.name].update({field: row.get(field) for field in RESULTS_OF_A_VOICE})
			elif row.speaker_key:
				self.append("participants", row)

	def keep_date(self):
		"""Mark a date corrected by a person, so that processing does not replace it by the one in the file."""
		before = self.get_doc_before_save()
		if before and get_datetime(before.start_time) != get_datetime(self.start_time):
			frappe.db.set_value(
				"Call Recording", {"call": self.name}, "start_time_given", 1, update_modified=False
			)

	def restore_links(self):
		"""Restore the links that were hidden in the copy being saved"""
		before = self.get_doc_before_save()
		if before:
			linking.restore_hidden(self, before)
			record_names.restore(self, before)

	def onload(self):
		record_names.hide(self)
		linking.hide_vanished(self)

	def before_print(self, *args, **kwargs):
		record_names.hide(self)

	def on_update(self):
		notes.written(self)
		announcements.queue_announcement(self.name)
		conversions.call_saved(self)
		self.keep_date()
		if participant_form.tells_otherwise(self):
			analysis.sides_changed(self.name)

	def after_insert(self):
		restoring.bring_back(self)

	def on_trash(self):
		self.flags.keeps_names = True
		# in the order of locks.py
		for recording in self.recordings():
			enqueue.cancel_runs(recording)
		locks.hold(self.name)
		restoring.keep(self)
		playlist_items.remove_call(self.name)
		comments.remove_all(self.name)
		suggestions.forget_all(self.name)
		announcements.remove_of([row.name for row in linking.association_rows(self.name)])
		ending.forget_all(self.name)
		deliveries.remember_deleted(self.recordings())
		for recording in self.recordings():
			delete_doc(
				"Call Recording", recording, force=True, ignore_permissions=True, delete_permanently=True
			)
		# Frappe keeps a copy of a deleted document, which must not contain what was said
		self.preview = self.notes = None

	def recordings(self) -> list[str]:
		return frappe.get_all("Call Recording", filters={"call": self.name}, pluck="name")

	def after_delete(self):
		linking.refresh_timelines(self)


def on_doctype_update():
	allow_null("Call", CALL_FIELDS)
	frappe.db.add_index("Call Association", ["link_doctype", "link_name"])
