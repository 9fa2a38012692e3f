"""`create_call()`: creates the Call of every recording, whether uploaded, sent by REST or imported."""

from dataclasses import dataclass, field
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint, format_datetime, get_fullname, now_datetime

from call_intelligence.core import storage
from call_intelligence.engine import containers
from call_intelligence.ingest.details import CallDetails
from call_intelligence.ingest.keys import source_key
from call_intelligence.people.matching.apply import match_quietly
from call_intelligence.permissions import can_see, has_seat
from call_intelligence.queue import enqueue, wake
from call_intelligence.queue.stages import TRANSCRIBING

MATCHED_AT_ONCE = 20  # participants matched within the request


@dataclass
class CreatedCall:
	call: str
	recording: str
	duplicate: bool = False
	warnings: list[str] = field(default_factory=list)


class ClashError(frappe.ValidationError):
	"""A concurrent request has created or deleted the same call: nothing was created."""

	http_status_code = 409


def create_call(staged: storage.StagedFile, details: CallDetails) -> CreatedCall:
	"""Create Call, Call Recording and File of a staged file and queue them for processing.

	If the external id is known from the same source, its Call is returned, and the second file is dropped.
	Raises frappe.ValidationError if the file is not a recording (the upload is then removed), frappe.PermissionError for a
	user without the seat, ClashError if the call is being created or deleted concurrently.
	"""
	check_seat()
	try:
		container = check_media(staged, details.raw)
	except frappe.ValidationError:
		storage.drop_upload(staged.token)
		raise
	if existing := find_existing(details):
		# now, not after the commit: a request that writes nothing is not committed
		storage.drop_upload(staged.token)
		return existing

	content_hash = staged.sha256()
	warnings = same_content_warnings(content_hash)
	try:
		call, recording = insert_call(staged, details, content_hash, container)
	except frappe.UniqueValidationError:
		# another request with the same external id was faster
		frappe.clear_last_message()
		# the whole transaction, as its snapshot does not contain what the other one has committed
		frappe.db.rollback()
		existing = find_existing(details)
		if not existing:
			frappe.throw(
				_("This recording has just been uploaded and deleted by somebody else. Please try again."),
				ClashError,
			)
		storage.drop_upload(staged.token)
		return existing
	recording.db_set(
		"file",
		storage.adopt(staged.path, extension=container.extensions[0], recording=recording.name, field="file"),
		update_modified=False,
	)
	storage.discard_upload(staged.token)
	stages = enqueue.stages_for(recording.name)
	enqueue.start_run(recording.name, stages)
	if TRANSCRIBING not in stages:
		warnings.append(
			_(
				"{0} has no Call Intelligence seat: the recording can be heard, but is not transcribed."
			).format(get_fullname(call.call_owner))
		)
	wake.sweep_soon()
	return CreatedCall(call.name, recording.name, warnings=warnings)


def check_seat() -> None:
	if not has_seat():
		frappe.throw(
			_(
				"You need the role Call Intelligence User to upload calls. Please ask your administrator for it."
			),
			frappe.PermissionError,
		)


def check_size(size: int) -> None:
	"""size: bytes"""
	limit = cint(frappe.get_cached_value("Call Intelligence Settings", None, "max_file_size_mb"))
	if limit and size > limit * 1024 * 1024:
		frappe.throw(
			_(
				"The file is too large: {0} MB. At most {1} MB are allowed (Call Intelligence Settings)."
			).format(round(size / 1024 / 1024), limit)
		)


def check_media(
	staged: storage.StagedFile, raw: "containers.Container | None" = None
) -> "containers.Container":
	"""Refuse files that can't be recordings by their size and first bytes; the engine checks the rest.

	raw: the format stated by the caller, for bytes that don't tell it
	"""
	check_size(staged.size)
	if not staged.size:
		frappe.throw(_("The file is empty. Please check the recording and choose it again."))
	return check_head(staged.head(containers.HEAD_BYTES), staged.file_name, raw)


def check_head(
	head: bytes, file_name: str, raw: "containers.Container | None" = None
) -> "containers.Container":
	"""head: the first HEAD_BYTES of the file. Raises frappe.ValidationError if it is not a recording."""
	if raw and not refusal_of_raw(head):
		return containers.sniff(head) or raw
	found, refusal = containers.sniff(head), refusal_of(head, file_name)
	if refusal or not found:
		frappe.throw(refusal)
	return found


def refusal_of_raw(head: bytes) -> bool:
	"""Whether the file can't be raw sound. Any bytes could be, but texts and playlists are certainly a mistake."""
	return containers.looks_like_playlist(head) or containers.looks_like_text(head)


def refusal_of(head: bytes, file_name: str) -> str | None:
	"""Why a file with these first bytes is rejected, as a text for the user; None if it is accepted."""
	if containers.looks_like_playlist(head):
		return _("This is a playlist, not a recording. Please upload the audio or video file itself.")
	return None if containers.sniff(head) else unreadable_text(file_name)


def extension_of(file_name: str) -> str:
	"""Lower case, without the dot; "" for none"""
	return Path(storage.clean_file_name(file_name)).suffix.lstrip(".").lower()


def unreadable_text(file_name: str) -> str:
	extension = extension_of(file_name)
	if extension in containers.EXTENSIONS:
		# a list of accepted extensions would confuse people whose file has one of them
		return _(
			"This is not an audio or video file that can be read, although it is called .{0}. Please choose the recording itself."
		).format(extension)
	return _("This is not an audio or video file that can be read. Accepted: {0}.").format(
		", ".join(container.extensions[0] for container in containers.CONTAINERS)
	)


def find_existing(details: CallDetails) -> CreatedCall | None:
	if not details.external_id:
		return None
	row = frappe.db.get_value(
		"Call Recording",
		{"source_key": source_key(details.source, details.external_id)},
		["name", "call"],
		as_dict=True,
	)
	if not row:
		return None
	if not can_see(row.call):
		frappe.throw(
			_("This recording was already uploaded to a call that you don't have access to."),
			frappe.PermissionError,
		)
	return CreatedCall(row.call, row.name, duplicate=True)


def same_content_warnings(content_hash: str) -> list[str]:
	calls = frappe.get_all("Call Recording", filters={"content_hash": content_hash}, pluck="call", limit=5)
	return [_("The same file was already uploaded as {0}.").format(call) for call in calls if can_see(call)]


def insert_call(staged, details: CallDetails, content_hash: str, container) -> tuple:
	call = frappe.get_doc(
		{
			"doctype": "Call",
			"title": details.title or default_title(staged.file_name),
			"direction": details.direction,
			"start_time": details.start_time or now_datetime().replace(microsecond=0),
			"call_owner": details.call_owner or frappe.session.user,
			"language": details.language,
			"status": "Queued",
			"associations": [
				{"link_doctype": row["doctype"], "link_name": row["name"]} for row in details.associations
			],
			"participants": [
				{key: row.get(key) for key in ("display_name", "email", "phone", "side") if row.get(key)}
				for row in details.participants
			],
		}
	)
	external_id = details.external_id or frappe.generate_hash(length=20)
	# no role may write status and language; check_seat() has checked permission
	call.insert(ignore_permissions=True)
	recording = frappe.get_doc(
		{
			"doctype": "Call Recording",
			"call": call.name,
			"stage": "Queued",
			"file_name": staged.file_name,
			"file_size": staged.size,
			"content_hash": content_hash,
			"container": container.name,
			"source": details.source,
			"external_id": external_id,
			"source_key": source_key(details.source, external_id),
			"start_time_given": int(bool(details.start_time)),
			"requested_language": details.language,
			"requested_speakers": details.speakers,
			"owner_channel": details.owner_channel,
		}
	)
	recording.insert(ignore_permissions=True)
	# more than that are matched by the last stage
	if 0 < len(call.participants) <= MATCHED_AT_ONCE:
		match_quietly(call.name)
	return call, recording


def default_title(file_name: str) -> str:
	return Path(file_name).stem.replace("_", " ").strip() or _("Call of {0}").format(
		format_datetime(now_datetime())
	)
