"""Zoom's webhooks: whether a request is Zoom's, and which calls it is about. Pure.

Contract: developers.zoom.us/docs/api/webhooks, events "Recording" and "Zoom Phone".
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import timezone

from . import zoom_meetings, zoom_phone
from .types import Answer, Delivery, RemoteCall, State, Verdict
from .zoom_api import Json, inner, rows, text
from .zoom_files import has_sound
from .zoom_meetings import topic_of

OLDEST = 300
"""seconds between the time of a request and now"""
STATES: Mapping[str, State] = {
	"recording.trashed": "deleted",
	"recording.deleted": "deleted",
	"recording.recovered": "recovered",
}
BATCHES: Mapping[str, State] = {
	"recording.batch_trashed": "deleted",
	"recording.batch_deleted": "deleted",
	"recording.batch_recovered": "recovered",
}


def verified(delivery: Delivery, secret: str) -> Verdict:
	"""Checks the signature over the raw bytes: JSON that is parsed and written again has another one."""
	if not secret:
		return Verdict(False, "Enter the secret token of your Zoom app.")
	sent = delivery.headers.get("x-zm-request-timestamp", "")
	signed = delivery.headers.get("x-zm-signature", "")
	expected = "v0=" + digest(secret, b"v0:" + sent.encode(errors="replace") + b":" + delivery.body)
	if not hmac.compare_digest(expected.encode(), signed.encode(errors="replace")):
		return Verdict(False, "The signature is not of this secret token.")
	if not is_recent(sent, delivery):
		return Verdict(False, "The request is older than five minutes, or the clock of this server is wrong.")
	return answered(delivery, secret)


def digest(secret: str, message: bytes) -> str:
	return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def is_recent(sent: str, delivery: Delivery) -> bool:
	at = delivery.received_at
	at = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
	plain = sent.isascii() and sent.isdigit() and len(sent) < 12
	return plain and abs(at.timestamp() - int(sent)) <= OLDEST


def answered(delivery: Delivery, secret: str) -> Verdict:
	"""With the answer by which Zoom sees that we know the secret: when an address is saved, and now and then later"""
	event = event_of(delivery)
	if event.get("event") != "endpoint.url_validation":
		return Verdict(True)
	plain = text(inner(event, "payload"), "plainToken")
	if not plain:
		return Verdict(False, "Zoom's question has no token.")
	answer = {"plainToken": plain, "encryptedToken": digest(secret, plain.encode())}
	return Verdict(True, answer=Answer(json.dumps(answer).encode()))


def event_of(delivery: Delivery) -> Json:
	try:
		found = json.loads(delivery.body)
	except (ValueError, RecursionError):
		return {}
	return found if isinstance(found, dict) else {}


def calls_of(delivery: Delivery, options: Mapping[str, bool]) -> Iterator[RemoteCall]:
	event = event_of(delivery)
	name, payload = text(event, "event"), inner(event, "payload")
	about = inner(payload, "object")
	if name == "phone.recording_completed":
		for recording in rows(about, "recordings"):
			if text(recording, "id"):
				yield zoom_phone.call_of(recording, options)
	elif name in BATCHES:
		for uuid in uuids_of(about):
			yield RemoteCall(uuid, direction="Meeting", state=BATCHES[name])
	elif name == "recording.renamed" and text(about, "uuid"):
		yield renamed(about, inner(payload, "old_object"))
	elif text(about, "uuid"):
		yield from meeting_of(name, about, options)


def meeting_of(name: str, meeting: Json, options: Mapping[str, bool]) -> Iterator[RemoteCall]:
	"""The transcript may be announced before the recording: both are about the same call."""
	if name in ("recording.completed", "recording.transcript_completed"):
		yield zoom_meetings.call_of(meeting, options)
	elif name in STATES and is_recording(meeting):
		yield RemoteCall(text(meeting, "uuid"), direction="Meeting", state=STATES[name])


def renamed(meeting: Json, before: Json) -> RemoteCall:
	"""`reason` has the former title"""
	return RemoteCall(
		text(meeting, "uuid"),
		topic_of(meeting),
		"Meeting",
		state="renamed",
		reason=topic_of(before),
	)


def is_recording(meeting: Json) -> bool:
	"""Whether the files that an event names have sound. Somebody may delete the chat alone."""
	files = rows(meeting, "recording_files")
	return not files or has_sound(files)


def uuids_of(about: Json) -> list[str]:
	"""Zoom has two forms: `meeting_uuids`, and `meetings` with `meeting_uuid`"""
	listed = about.get("meeting_uuids")
	plain = [uuid for uuid in listed if isinstance(uuid, str)] if isinstance(listed, list) else []
	return [
		*filter(None, plain),
		*filter(None, (text(row, "meeting_uuid") for row in rows(about, "meetings"))),
	]
