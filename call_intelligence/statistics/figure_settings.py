"""The numbers in Settings that the figures depend on or are compared with."""

import frappe
from frappe import _
from frappe.utils import flt

from call_intelligence.engine.stats import Options
from call_intelligence.transcript.segments import recordings_with_some

SETTINGS = "Call Intelligence Settings"

# field: (default, minimum, maximum); the last three are only for display
NUMBERS = {
	"interjection_seconds": (2.0, 0, 60),
	"pause_seconds": (4.0, 0, 60),
	"lively_switches": (3.0, 0.1, 60),
	"reference_talk_share": (43.0, 1, 99),
	"talk_share_warning": (65.0, 1, 100),
	"reference_monologue": (150.0, 1, 3600),
}
MEASURING = ("interjection_seconds", "pause_seconds", "lively_switches")


def numbers() -> dict[str, float]:
	"""{field: number}; the default where none has been saved"""
	saved = frappe.db.get_singles_dict(SETTINGS)
	return {
		field: default if saved.get(field) in (None, "") else flt(saved[field])
		for field, (default, _least, _most) in NUMBERS.items()
	}


def options() -> Options:
	saved = numbers()
	return Options(
		interjection=saved["interjection_seconds"],
		pause=saved["pause_seconds"],
		lively=saved["lively_switches"],
	)


def validate(doc) -> None:
	"""doc: the Settings. Raises frappe.ValidationError."""
	for field, (default, least, most) in NUMBERS.items():
		if doc.get(field) in (None, ""):
			doc.set(field, default)
		if not least <= flt(doc.get(field)) <= most:
			frappe.throw(
				_("{0} must be between {1} and {2}.").format(
					frappe.bold(_(doc.meta.get_label(field))), least, most
				)
			)
	if flt(doc.talk_share_warning) < flt(doc.reference_talk_share):
		frappe.throw(_("The warning threshold for talk time can't be below the target."))


def changed(doc) -> None:
	"""Called after the Settings were saved: if a number has changed, measure all calls again in the background."""
	before = doc.get_doc_before_save()
	if before and any(flt(before.get(field)) != flt(doc.get(field)) for field in MEASURING):
		measure_again()


def measure_again() -> None:
	"""Mark all recordings with a transcript for analysis; the sweep queues them in batches. Does not commit."""
	recording = frappe.qb.DocType("Call Recording")
	# recordings without a transcript have no figures, not even silence
	transcribed = recordings_with_some()
	frappe.qb.update(recording).set(recording.analysed_version, -1).set(recording.analysis_due, 1).where(
		recording.name.isin(transcribed)
	).run()
