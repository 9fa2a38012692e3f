"""The sound of a call, for players that seek."""

from pathlib import Path
from urllib.parse import quote

import frappe
from frappe import _
from werkzeug.utils import send_file
from werkzeug.wrappers import Response

from call_intelligence.api.arguments import checked
from call_intelligence.core import storage
from call_intelligence.permissions import can_see
from call_intelligence.queue import enqueue
from call_intelligence.speech import playback_requests

# by the extension that storage gave the file, never by the uploaded name
MIME_TYPES = {
	"wav": "audio/wav",
	"mp3": "audio/mpeg",
	"m4a": "audio/mp4",
	"mp4": "video/mp4",
	"ogg": "audio/ogg",
	"opus": "audio/ogg",
	"webm": "video/webm",
	"mkv": "video/x-matroska",
	"flac": "audio/flac",
	"aac": "audio/aac",
	"wma": "audio/x-ms-wma",
	"amr": "audio/amr",
	"gsm": "audio/x-gsm",
	"aiff": "audio/aiff",
	"caf": "audio/x-caf",
	"au": "audio/basic",
	"avi": "video/x-msvideo",
	"ts": "video/mp2t",
	"ac3": "audio/ac3",
}


FIELDS = [
	"name",
	"call",
	"file",
	"playback_file",
	"sound_file",
	"kind",
	"file_name",
	"container",
	"duration",
	"plain_timeline",
]
# formats whose timeline can't differ from the transcript's; recordings in others, stored before this was checked, may differ
OF_ONE_TIME = ("wav", "flac")


@frappe.whitelist(methods=["GET"])
@checked()
def stream(recording: str, original: int = 0, copy: int = 0) -> Response:
	"""The media of a Call Recording, whole or a byte range (206, 416); original=1: the unchanged upload; copy=1: the copy on the
	transcript's timeline, for a browser that finds another length in the original or does not play its format, of a video its
	sound.

	If a copy has to be made first, the answer is 503 until it exists.
	"""
	row = frappe.db.get_value("Call Recording", recording, FIELDS, as_dict=True)
	if not row or not can_see(row.call):
		frappe.throw(_("This call does not exist, or you may not see it."), frappe.PermissionError)
	path = None
	if not int(original):
		asked = bool(int(copy))
		field = copy_field(row, asked)
		path = row[field] and storage.find(row[field])
		if not path and needs_copy(row, field, asked) and playback_requests.may_ask(recording):
			enqueue.make_playback_again(recording, anyway=asked)
			return try_later()
	if path:
		return respond(path, row.kind, Path(row.file_name).stem + path.suffix)
	return respond(storage.path_of(row.file), row.kind, row.file_name)


def media_url(recording: str) -> str:
	return f"/api/method/call_intelligence.api.media.stream?recording={recording}"


def copy_field(row: frappe._dict, asked: bool) -> str:
	"""-> the field with the copy that a player gets. asked: it asks for the copy; of a video for one without pictures"""
	return "sound_file" if asked and row.kind == "Video" else "playback_file"


def needs_copy(row: frappe._dict, field: str, asked: bool) -> bool:
	"""Whether a copy has to be made. row: with FIELDS"""
	# if it can't be made, the original is better than nothing
	if not storage.find(row.file) or playback_requests.has_failed(row.name):
		return False
	if row[field]:
		return True
	# not prepared yet: Preparing makes the copy if one is needed
	if not row.duration:
		return False
	# videos of older versions are played as they came
	if row.kind == "Video":
		return asked
	return asked or bool(row.container and row.container not in OF_ONE_TIME and not row.plain_timeline)


def try_later() -> Response:
	"""Not an exception: Frappe would log each request of a player in the Error Log."""
	text = _("The sound of this call is being prepared again. Please try again in a few minutes.")
	return Response(text, status=503, headers={"Retry-After": "60"}, mimetype="text/plain")


def respond(path: Path, kind: str, file_name: str) -> Response:
	mime_type = MIME_TYPES.get(path.suffix.lstrip("."), "application/octet-stream")
	if kind == "Audio":
		mime_type = mime_type.replace("video/", "audio/")
	if frappe.request.headers.get("X-Use-X-Accel-Redirect"):
		# nginx sends the bytes and handles ranges
		response = Response(mimetype=mime_type)
		response.headers["X-Accel-Redirect"] = f"/protected/{path.relative_to(storage.site_folder())}"
		response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(file_name, safe='')}"
	else:
		response = send_file(
			path,
			frappe.request.environ,
			mimetype=mime_type,
			conditional=True,
			download_name=file_name,
			max_age=0,
		)
	response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
	# untrusted bytes: no MIME sniffing, and no scripts if a browser shows them as a page
	response.headers["X-Content-Type-Options"] = "nosniff"
	response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'"
	return response
