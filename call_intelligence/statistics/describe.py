"""The figures and their formulas in the user's language, for the review."""

import json

import frappe

from call_intelligence import transcript
from call_intelligence.statistics.fields import FIGURES, UNITS
from call_intelligence.statistics.figure_settings import numbers
from call_intelligence.statistics.texts import formula, label, reason

NOT_MEASURED: dict = {"value": None, "reason": None, "moments": [], "count": 0}


def describe(call: str) -> dict | None:
	"""The latest figures of the call; None if nothing has been measured yet.

	-> {"figures": [{"key", "label", "formula", "unit", "value" or None, "reason", "advice", "moments": [[start, end], ...],
	"count": number of all moments}], "speakers": [{"key", "side", "share", "share_of_call", "words", "talk", "words_per_minute", "turns",
	"questions", "longest_monologue"}], "call_seconds", "speech_seconds", "behind": whether the transcript has changed since,
	"reference": {"talk_share", "talk_share_warning", "monologue"}}; seconds, %
	"""
	recording = transcript.recording_of(call)
	row = recording and frappe.db.get_value(
		"Call Recording", recording, ["statistics", "transcript_version", "analysed_version"], as_dict=True
	)
	if not row or not row.statistics:
		return None
	return told(json.loads(row.statistics), behind=row.transcript_version > row.analysed_version)


def told(measured: dict, behind: bool = False) -> dict:
	"""measured: as from store.as_json -> as `describe`"""
	settings = numbers()
	# calls that were measured before a figure existed
	missing = {key: NOT_MEASURED for key in FIGURES if key not in measured["figures"]}
	figures = {**measured["figures"], **missing}
	return {
		**{key: measured[key] for key in ("call_seconds", "speech_seconds", "speakers")},
		"behind": behind or bool(missing),
		"figures": [
			{
				"key": key,
				"label": label(key),
				"formula": formula(key, measured["options"]),
				"unit": UNITS[key],
				**figures[key],
				"advice": reason(figures[key]["reason"]),
			}
			for key in FIGURES
		],
		"reference": {
			"talk_share": settings["reference_talk_share"],
			"talk_share_warning": settings["talk_share_warning"],
			"monologue": settings["reference_monologue"],
		},
	}
