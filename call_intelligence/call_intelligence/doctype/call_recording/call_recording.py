import frappe

from call_intelligence.core import storage
from call_intelligence.core.document import PlainDocument
from call_intelligence.ingest.keys import source_key
from call_intelligence.queue import enqueue
from call_intelligence.terms import mentions
from call_intelligence.transcript import table


class CallRecording(PlainDocument):
	source_key: str | None

	def before_insert(self):
		self.source_key = self.source_key or source_key(self.source, self.external_id)

	def on_trash(self):
		enqueue.cancel_runs(self.name)
		for run in frappe.get_all("Processing Run", filters={"recording": self.name}, pluck="name"):
			frappe.db.delete("Processing Run Stage", {"parent": run})
		frappe.db.delete("Processing Run", {"recording": self.name})
		enqueue.forget_analysis(self.name)
		table.remove_all(self.name)
		frappe.db.delete("Transcript Edit", {"recording": self.name})
		mentions.remove_all(self.name)
		for file in (self.file, self.playback_file, self.sound_file, self.labels_file):
			storage.delete_file(file)
		storage.forget_after_commit(storage.work_folder(self.name))
