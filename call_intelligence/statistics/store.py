"""Measures a call and stores the figures."""

import json

import frappe

from call_intelligence.core import writing
from call_intelligence.engine.stats import CallStats, Figure, Options, measure
from call_intelligence.statistics.fields import CALL_FIELDS, FIGURES, VOICE_FIELDS
from call_intelligence.statistics.figure_settings import options
from call_intelligence.transcript import participant_rows
from call_intelligence.transcript.reading import Reading

# only the longest are stored: more are of no use to a reader
MOST_MOMENTS = 200
MOST_MOMENTS_OF_A_VOICE = 50
DIGITS = 3


def store(reading: Reading) -> None:
	"""Measure the call and replace the figures of the call, its voices and its recording. Does not commit."""
	numbers = options()
	stats = measure(
		reading.segments, reading.duration, reading.sides, numbers, reading.turns, reading.language
	)
	on_call = {field: _number(getattr(stats, key).value) for field, key in CALL_FIELDS.items()}
	writing.set_value("Call", reading.call, on_call, update_modified=False)
	_store_voices(reading.call, stats)
	writing.set_value(
		"Call Recording",
		reading.recording,
		"statistics",
		json.dumps(as_json(stats, numbers), separators=(",", ":")),
		update_modified=False,
	)


def _store_voices(call: str, stats: CallStats) -> None:
	measured = {voice.key: voice for voice in stats.speakers}
	rows = frappe.get_all(
		"Call Participant",
		filters={"parent": call, "parenttype": "Call"},
		fields=["name", "speaker_key", *VOICE_FIELDS],
	)
	for row in rows:
		voice = measured.get(row.speaker_key)
		values = {
			field: _number(_value(getattr(voice, key))) if voice else None
			for field, key in VOICE_FIELDS.items()
		}
		if any(row[field] != value for field, value in values.items()):
			participant_rows.update(row.name, values, update_modified=False)


def _value(figure: Figure | float | None) -> float | None:
	return figure.value if isinstance(figure, Figure) else figure


def _number(value: float | None) -> float | None:
	return None if value is None else round(value, DIGITS)


def as_json(stats: CallStats, numbers: Options) -> dict:
	"""The figures in the format that is stored with a recording"""
	return {
		"call_seconds": _number(stats.call_seconds),
		"speech_seconds": _number(stats.speech_seconds),
		"figures": {key: _figure(getattr(stats, key), MOST_MOMENTS) for key in FIGURES},
		"speakers": [
			{
				"key": voice.key,
				"side": voice.side,
				"share": _number(voice.share),
				"share_of_call": _number(voice.share_of_call),
				"words": voice.words,
				**{
					key: _figure(getattr(voice, key), MOST_MOMENTS_OF_A_VOICE)
					for key in ("talk", "words_per_minute", "turns", "questions", "longest_monologue")
				},
			}
			for voice in stats.speakers
		],
		"options": {
			"interjection": numbers.interjection,
			"pause": numbers.pause,
			"touch": numbers.touch,
			"lively": numbers.lively,
		},
	}


def _figure(figure: Figure, most: int) -> dict:
	"""-> {"value", "reason", "moments": [[start, end], ...] in order, at most `most`, "count": number of all}"""
	kept = figure.moments
	if len(kept) > most:
		longest = sorted(kept, key=lambda moment: (moment.start - moment.end, moment.start))[:most]
		kept = tuple(sorted(longest))
	return {
		"value": _number(figure.value),
		"reason": figure.reason,
		"moments": [[_number(start), _number(end)] for start, end in kept],
		"count": len(figure.moments),
	}
