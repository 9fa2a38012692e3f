"""Texts for the engine's codes that a sales rep understands: what happened, and what to do."""

import contextlib

import frappe
from babel import Locale, UnknownLocaleError
from frappe import _
from frappe.utils import cint, flt

from call_intelligence.engine.catalogue import is_folder_name


def length(seconds) -> str:
	"""seconds -> "12 s", "3 min 20 s", "1 h 5 min" """
	seconds = round(flt(seconds))
	if seconds < 60:
		return _("{0} s").format(seconds)
	if seconds < 3600:
		minutes, rest = divmod(seconds, 60)
		return _("{0} min {1} s").format(minutes, rest) if rest else _("{0} min").format(minutes)
	hours, rest = divmod(seconds, 3600)
	return _("{0} h {1} min").format(hours, rest // 60) if rest >= 60 else _("{0} h").format(hours)


def language_name(code: str | None) -> str:
	"""A language's name in the user's language, or its code if it has none"""
	names = Locale.parse("en").languages
	with contextlib.suppress(UnknownLocaleError, ValueError):
		names = Locale.parse(frappe.local.lang, sep="-").languages or names
	return names.get(code) or code or ""


def error_text(code: str, params: dict | None = None) -> str:
	params = params or {}
	texts = {
		"empty_file": _("The file is empty. Please check the recording and upload it again."),
		"not_media": _(
			"This is not an audio or video file that can be read. Please upload the recording itself."
		),
		"playlist": _("This is a playlist, not a recording. Please upload the audio or video file itself."),
		"no_audio": _("This video has no sound, so there is nothing to transcribe."),
		"corrupt": _(
			"The file is damaged and cannot be played. Please export it again from where it was recorded and upload it again."
		),
		"unsupported_codec": _(
			"The sound in this file is in a format that cannot be decoded here ({0}). Please convert it to MP3 or WAV."
		).format(params.get("codec") or "?"),
		"too_long": _(
			"The recording is longer than {0}. Please cut it, or ask your administrator to raise the limit in Call Intelligence Settings."
		).format(length(params.get("limit"))),
		"too_short": _("The recording is too short to hold any speech."),
		"model_missing": model_missing(params.get("model") or ""),
		"engine_missing": _(
			"The speech engine is not installed on the server. Your administrator can fix this with: bench --site SITE call-intelligence setup-engine"
		),
		"out_of_memory": _(
			"The server ran out of memory while working on this call. Try again later, or ask your administrator for a smaller speech model or a higher limit."
		),
		"disk_full": _(
			"The server has no disk space for processing this call. Ask your administrator to free some, then try again."
		),
		"sample_rate": _(
			"The recording claims {0} samples per second; {1} to {2} are supported. The file is probably damaged: please export it again from where it was recorded and upload it again."
		).format(params.get("rate"), params.get("lowest"), params.get("highest")),
		"channels": _(
			"The recording has {0} channels; at most {1} are possible. Please convert it to mono or stereo and upload it again."
		).format(params.get("channels"), params.get("most")),
		"time_limit": _("Working on this call took too long and was stopped. You can try again."),
		"engine_killed": _("Working on this call was interrupted on the server. You can try again."),
		"worker_lost": _("Processing this call stopped several times on the server. You can try again."),
		"file_missing": _(
			"The file of this recording is missing on the server. Your administrator can restore it from a backup."
		),
	}
	return texts.get(code) or _(
		"Something went wrong on the server. You can try again; your administrator finds the details in the Error Log."
	)


def model_missing(model: str) -> str:
	# don't show a folder's path to readers of calls
	if not model or is_folder_name(model):
		return _(
			"The speech model is not installed on the server. Your administrator can fix this with: bench --site SITE call-intelligence setup-engine"
		)
	return _(
		"The speech model {0} is not installed on the server. Your administrator can fix this with: bench --site SITE call-intelligence setup-engine --model {0}"
	).format(model)


def reason_text(code: str) -> str:
	"""Why a call waits for its next attempt, as part of a line: "Trying again at 14:32: the worker was lost" """
	texts = {
		"worker_lost": _("the worker was lost"),
		"engine_killed": _("the speech engine was stopped"),
		"out_of_memory": _("the server ran out of memory"),
		"disk_full": _("the server has no disk space"),
	}
	return texts.get(code) or _("something went wrong on the server")


def warning_text(code: str | None, params: dict | None = None) -> str | None:
	"""None for codes that are not shown."""
	params = params or {}
	texts = {
		"partly_decoded": _("Only {0} of {1} could be decoded: the file is damaged or cut off.").format(
			length(params.get("decoded")), length(params.get("expected"))
		),
		"cut_off": _("The file ends in the middle of the sound, after {0}: the rest is missing.").format(
			length(params.get("decoded"))
		),
		"header_duration_wrong": _("The file says it lasts {0}, but holds {1} of sound.").format(
			length(params.get("claimed")), length(params.get("decoded"))
		),
		"no_speech": _("No speech was found in this recording."),
		"diarization_off": _("Speakers were not told apart, because this is switched off."),
		"diarizer_missing": _(
			"Speakers could not be told apart, because the speaker model is not installed. The transcript is complete."
		),
		"diarizer_failed": _(
			"Speakers could not be told apart. The transcript is complete; you can try again."
		),
		"single_channel_silent": _("One channel of this recording is silent."),
		"tracks_unreadable": _(
			"Some audio tracks of this file could not be read. Their speech is missing from the transcript."
		),
		"low_sample_rate": _(
			"The sound quality is low ({0} kHz), so the transcript may have more mistakes."
		).format(f"{cint(params.get('rate')) / 1000:.3g}"),
		"date_without_time": _(
			"The file tells the day of the call ({0}), but not the time: 12:00 stands in for it. Correct the date if you know the time."
		).format(params.get("day")),
		"not_understood": _(
			"{0} of speech in {1} places could not be understood. They are marked in the transcript: listen, and type what is said."
		).format(length(params.get("seconds")), cint(params.get("places")))
		if cint(params.get("places")) != 1
		else _(
			"{0} of speech could not be understood. The place is marked in the transcript: listen, and type what is said."
		).format(length(params.get("seconds"))),
		"other_language": _(
			"About {0} of this call sounds like {1} but was written down as {2}. Upload the recording again in the right language, or have the language found out automatically."
		).format(
			length(params.get("seconds")),
			language_name(params.get("language")),
			language_name(params.get("taken_for")),
		),
		"gpu_unusable": _(
			"The server has a GPU that could not be used, so this call took longer than it has to. Your administrator finds the reason with: bench call-intelligence doctor"
		),
		"language_uncertain": _("The language could not be recognised with certainty."),
	}
	return texts.get(code or "")


def warnings_text(warnings: list[dict]) -> str:
	"""[{"code", "params"}] -> one text, a line for each warning, without duplicates"""
	texts = [warning_text(row.get("code"), row.get("params")) for row in warnings]
	return "\n".join(dict.fromkeys(filter(None, texts)))
