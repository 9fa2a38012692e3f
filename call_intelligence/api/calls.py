"""Calls over REST: create, follow, read, retry."""

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.api.arguments import Json, checked
from call_intelligence.api.uploads import release_with_request
from call_intelligence.core import live, storage
from call_intelligence.core.rows import MOST_ROWS_OF_A_CALL
from call_intelligence.engine import formats
from call_intelligence.ingest.create import CreatedCall, check_seat, check_size, create_call, find_existing
from call_intelligence.ingest.details import number_of_speakers, read_details
from call_intelligence.permissions import check_can_see, check_has_seat, check_may_edit, has_seat, may_edit
from call_intelligence.queue import enqueue, wake
from call_intelligence.queue.stages import ANALYSING, FAILED, IDENTIFYING, NOT_TRANSCRIBED, is_finished
from call_intelligence.transcript import (
	UNKNOWN_SPEAKER,
	has_segments,
	recording_of,
	speaker_name,
	speaker_names,
	speakers,
	utterances,
)

# calls that one request queues for transcription
MOST_AT_ONCE = 200
# the most rows that details.rows takes, each with all its fields
ASSOCIATIONS = Json(characters=80_000, values=5 * MOST_ROWS_OF_A_CALL)
PARTICIPANTS = Json(characters=200_000, values=9 * MOST_ROWS_OF_A_CALL)
CONTENT_TYPES = {
	"vtt": "text/vtt",
	"srt": "application/x-subrip",
	"txt": "text/plain",
	"rttm": "text/plain",
}


@frappe.whitelist(methods=["POST"])
@checked(repeatable=False, associations=ASSOCIATIONS, participants=PARTICIPANTS)
def create(
	upload: str | None = None,
	file_url: str | None = None,
	title: str | None = None,
	direction: str | None = None,
	start_time: str | None = None,
	call_owner: str | None = None,
	language: str | None = None,
	speakers: str | int | None = None,
	owner_channel: str | int | None = None,
	associations: str | list | None = None,
	participants: str | list | None = None,
	source: str | None = None,
	external_id: str | None = None,
	raw_format: str | None = None,
	sample_rate: str | int | None = None,
) -> dict:
	"""Create a Call from a recording: the multipart file `file`, an `upload` token, or the `file_url` of a File.

	owner_channel: the channel of the owner of the call in a recording with two channels: 1 or "first", 2 or "second", "unknown"; empty:
	as in the settings. associations: [{"doctype", "name"}]; participants: [{"display_name", "email", "phone", "side"}]; an e-mail may be
	'Anna <anna@x.example>' or a list. raw_format ("mulaw", "alaw", "g722") and sample_rate (Hz): for mono sound without a header; ignored
	for a file whose format is recognised.
	-> {"call", "recording", "status", "duplicate", "warnings": [text]}
	"""
	release_with_request()
	check_seat()
	details = read_details(
		{
			"title": title,
			"direction": direction,
			"start_time": start_time,
			"call_owner": call_owner,
			"language": language,
			"speakers": speakers,
			"owner_channel": owner_channel,
			"associations": associations,
			"participants": participants,
			"source": source,
			"external_id": external_id,
			"raw_format": raw_format,
			"sample_rate": sample_rate,
		}
	)
	# a repeated request whose first answer was lost: the upload is gone, and the call exists
	if created := find_existing(details):
		if upload and storage.is_mine(upload):
			# a further upload for the same call
			storage.drop_upload(upload)
	else:
		created = create_of_request(upload, file_url, details)
	return {
		"call": created.call,
		"recording": created.recording,
		"status": frappe.db.get_value("Call", created.call, "status"),
		"duplicate": created.duplicate,
		"warnings": created.warnings,
	}


def create_of_request(upload: str | None, file_url: str | None, details) -> CreatedCall:
	staged = stage_request(upload, file_url)
	try:
		return create_call(staged, details)
	except BaseException:
		# the next request sends a multipart file again, but only names an upload in chunks, which therefore stays
		if staged.token != upload:
			storage.drop_upload(staged.token)
		raise


def stage_request(upload: str | None, file_url: str | None) -> storage.StagedFile:
	if upload:
		return storage.finished_upload(upload)
	sent = frappe.request.files.get("file") if getattr(frappe.local, "request", None) else None
	if sent:
		return storage.stage_stream(sent.stream, sent.filename)
	if file_url:
		path, file_name = storage.file_document(file_url)
		check_size(path.stat().st_size)
		return storage.stage_path(path, file_name)
	frappe.throw(
		_("There is no recording: send it as the file field {0}, or give {1} or {2}.").format(
			"file", "upload", "file_url"
		)
	)


@frappe.whitelist(methods=["GET"])
@checked()
def status(call: str) -> dict:
	"""-> {"call", "status", "progress" 0..100, "stage", "error", "warning", "next_attempt_at", "can_retry", "finished"}

	A call that waits after a failed attempt is "Queued": next_attempt_at is the time of the next attempt, in the site's time, and error
	the reason.
	"""
	check_can_see(call)
	live.watch("Call", call)
	doc = frappe.get_doc("Call", call)
	finished = is_finished(doc.status)
	if not finished:
		wake.sweep_soon()
	return {
		"call": doc.name,
		"status": doc.status,
		"progress": cint(doc.progress),
		"stage": doc.status,
		"error": doc.error,
		"warning": doc.warning,
		"next_attempt_at": doc.next_attempt_at and str(doc.next_attempt_at),
		"can_retry": may_edit(doc) and may_be_retried(doc),
		"finished": finished,
	}


def may_be_retried(call) -> bool:
	return call.status == FAILED or (call.status == NOT_TRANSCRIBED and has_seat(call.call_owner))


@frappe.whitelist(methods=["GET"])
@checked()
def transcript(call: str, format: str = "json"):
	"""The transcript as json, vtt, srt, txt or rttm; json in the message, the others as a file."""
	check_can_see(call)
	if format not in formats.FORMATS:
		frappe.throw(_("Unknown format: {0}. Possible: {1}.").format(format, ", ".join(formats.FORMATS)))
	recording = recording_of(call)
	said = utterances(recording) if recording else []
	names = speaker_names(call)
	if format == "json":
		language, duration = frappe.db.get_value("Call", call, ["language", "duration"])
		return {
			"call": call,
			"language": language,
			"duration": duration,
			"speakers": speakers(call),
			"utterances": [
				{**row, "speaker_name": speaker_name(row["speaker"], names.get(row["speaker"]))}
				for row in said
			],
		}
	names[UNKNOWN_SPEAKER] = speaker_name(None)
	return text_response(
		formats.render(said, format, names, _("(not understood)")),
		CONTENT_TYPES[format],
		f"{call}.{format}",
	)


def text_response(text: str, content_type: str, file_name: str):
	from werkzeug.wrappers import Response

	response = Response(text, content_type=f"{content_type}; charset=utf-8")
	response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
	response.headers["X-Content-Type-Options"] = "nosniff"
	return response


@frappe.whitelist(methods=["POST"])
@checked()
def retry(call: str, stage: str | None = None, keep_edits: int | None = None) -> dict:
	"""Process again from the stage that failed, or from `stage`; earlier results stay. keep_edits: 0 discards people's
	corrections. -> {"run"}
	"""
	return {"run": enqueue.retry(recording_to_change(call), stage, keep_edits)}


@frappe.whitelist(methods=["GET"])
@checked()
def untranscribed() -> dict:
	"""-> {"count": calls of the session's user that were not transcribed as the user had no seat then}; 0 without the seat"""
	return {"count": len(earlier_calls()) if has_seat() else 0}


@frappe.whitelist(methods=["POST"])
@checked()
def transcribe_earlier() -> dict:
	"""Transcribe the calls that `untranscribed` counts, the newest MOST_AT_ONCE of them. -> {"started": the number, "left": of the others}"""
	check_has_seat()
	calls = earlier_calls()
	for recording in frappe.get_all(
		"Call Recording", {"call": ["in", [*calls[:MOST_AT_ONCE], ""]]}, pluck="name"
	):
		enqueue.retry(recording)
	return {"started": len(calls[:MOST_AT_ONCE]), "left": len(calls[MOST_AT_ONCE:])}


def earlier_calls() -> list[str]:
	"""Names, the newest first"""
	return frappe.get_all(
		"Call",
		filters={"call_owner": frappe.session.user, "status": NOT_TRANSCRIBED},
		order_by="start_time desc",
		pluck="name",
		limit=10 * MOST_AT_ONCE,
	)


@frappe.whitelist(methods=["POST"])
@checked()
def identify_speakers(call: str, speakers: str | int | None = None, keep_edits: int = 1) -> dict:
	"""Identify the speakers again, without transcribing again. speakers: their number, empty for automatic; keep_edits: 0
	discards people's corrections of who speaks. -> {"run"}
	"""
	recording = recording_to_change(call)
	options = {"speakers": number_of_speakers(speakers), "keep_edits": cint(keep_edits)}
	if not has_segments(recording):
		frappe.throw(_("There is no transcript yet whose speakers could be told apart."))
	return {"run": enqueue.start_run(recording, (IDENTIFYING, ANALYSING), options)}


def recording_to_change(call: str) -> str:
	check_may_edit(call, _("Only the owner of the call or a Call Intelligence Manager may process it again."))
	recording = recording_of(call)
	if not recording:
		frappe.throw(_("This call has no recording."))
	return recording
