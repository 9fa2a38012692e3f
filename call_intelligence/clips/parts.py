"""The contents of a part of a call, and nothing from outside the part."""

import json

import frappe
from frappe.utils import flt

from call_intelligence import statistics, transcript
from call_intelligence.clips import sound, trim
from call_intelligence.discussion import comments, richtext
from call_intelligence.engine.stats import CallStats, measure
from call_intelligence.statistics.figure_settings import options

# fields of a comment; the others, such as who has read it, are only for the review
COMMENT = ("name", "at", "reply_to", "author_name", "creation", "resolved")


def content(clip, internal: bool) -> dict:
	"""The contents of a Call Clip with `only_this_part`; the caller has checked permission.

	clip: its fields, as a row or a document. internal: for colleagues, with comments and statistics.
	-> {"title", "message", "shared_by_name", "start_time" of the call, "duration" in seconds, "state" of its sound ("Preparing",
	"Ready" or "Failed"), "error", "kind", "expires_on", "peaks": {"per_second", "count", "data"} or None,
	"speakers": [{"key", "name", "side", "talk_seconds", "talk_share"}] of those who are heard in it,
	"segments": see transcript.segments, with times from 0;
	internal: "comments": [{"name", "at", "reply_to", "text", "author_name", "creation", "resolved"}], "statistics": see
	statistics/describe.py}
	"""
	start, end = flt(clip.start_seconds), flt(clip.end_seconds)
	recording = transcript.recording_of(clip.call)
	row = recording and frappe.db.get_value("Call Recording", recording, ["peaks", "language"], as_dict=True)
	rows = trim.segments(transcript.segments(recording), start, end) if recording else []
	if not internal:
		# people outside get no names of documents
		rows = [[str(number), *row[1:]] for number, row in enumerate(rows, start=1)]
	known = {speaker["key"]: speaker for speaker in transcript.speakers(clip.call)}
	numbers = options()
	stats = measure(
		[segment[:6] for segment in rows],
		end - start,
		{key: speaker["side"] for key, speaker in known.items()},
		numbers,
		language=row.language if row else None,
	)
	state = sound.state(clip)
	shown = {
		"title": clip.title,
		"message": clip.message or "",
		"shared_by_name": clip.shared_by_name or "",
		"start_time": str(frappe.db.get_value("Call", clip.call, "start_time") or "") or None,
		"duration": round(end - start, 2),
		"state": state,
		"error": (clip.get("media_error") or None) if internal and state == sound.FAILED else None,
		"kind": "Audio",
		"expires_on": str(clip.expires_on) if clip.expires_on else None,
		"peaks": trim.peaks(json.loads(row.peaks), start, end) if row and row.peaks else None,
		"speakers": speakers(known, stats),
		"segments": rows,
	}
	if internal:
		shown["comments"] = [
			{**{key: comment[key] for key in COMMENT}, "text": richtext.text_of(comment["content"])}
			for comment in trim.comments(comments.describe(clip.call), start, end)
			if not comment["deleted"]
		]
		shown["statistics"] = statistics.told(statistics.as_json(stats, numbers))
	return shown


def speakers(known: dict[str, dict], stats: CallStats) -> list[dict]:
	"""The speakers who are heard in the part, with their talk time there; in the order of their colours"""
	return [
		{
			"key": voice.key,
			"name": known[voice.key]["name"] if voice.key in known else transcript.speaker_name(voice.key),
			"side": voice.side,
			"talk_seconds": flt(voice.talk.value, 2),
			"talk_share": flt(voice.share, 2),
		}
		for voice in sorted(stats.speakers, key=lambda voice: transcript.by_key(voice.key))
	]
