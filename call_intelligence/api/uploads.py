"""Uploads: inspecting files, and receiving them in chunks small enough for Frappe's limit on requests and a worker's memory."""

import base64

import frappe
from frappe import _

from call_intelligence.api.arguments import checked
from call_intelligence.core import storage
from call_intelligence.engine import containers
from call_intelligence.ingest.create import check_seat, check_size, extension_of, refusal_of
from call_intelligence.ingest.proposals import propose

MOST_HEAD = containers.HEAD_BYTES * 4 // 3 + 4  # characters of base64


@frappe.whitelist(methods=["POST"])
@checked()
def start(file_name: str, size: int) -> dict:
	"""Announce a file of `size` bytes. -> {"upload": token, "chunk_bytes": most that append takes at once}"""
	check_seat()
	size = int(size)
	if size <= 0:
		frappe.throw(_("The file is empty. Please check the recording and choose it again."))
	check_size(size)
	return {"upload": storage.start_upload(file_name, size), "chunk_bytes": storage.CHUNK_BYTES}


@frappe.whitelist(methods=["POST"])
@checked(head=MOST_HEAD)
def inspect(file_name: str, head: str | None = None, modified: str | None = None) -> dict:
	"""Whether a file would be accepted, and the proposals for its call, before it is sent. Nothing is written.

	head: its first 8192 bytes in base64; modified: when it was last changed, such as 2026-01-31T14:30:00+01:00.
	-> {"refusal": why it is rejected, or None, "may_be_raw": it may be accepted with raw_format and sample_rate of calls.create,
	"starts" and "people": see ingest/proposals.py}
	"""
	check_seat()
	refusal, may_be_raw = None, False
	if head:
		try:
			data = base64.b64decode(head, validate=True)
		except ValueError:
			frappe.throw(_("{0} is not valid base64.").format("head"))
		refusal = refusal_of(data, file_name)
		may_be_raw = bool(refusal) and containers.may_be_raw(data, extension_of(file_name))
	if may_be_raw:
		refusal = _(
			"This is not an audio or video file that can be read. If it is raw sound from a telephone system, choose its format."
		)
	return {"refusal": refusal, "may_be_raw": may_be_raw, **propose(file_name, modified)}


@frappe.whitelist(methods=["POST"])
@checked(repeatable=False)
def append(upload: str, offset: int) -> dict:
	"""Send one chunk, as the multipart file `chunk`, that starts at byte `offset`. -> {"received": bytes so far}

	Continue from `received`, also after a broken connection.
	"""
	release_with_request()
	check_seat()
	chunk = frappe.request.files.get("chunk") if frappe.request else None
	if not chunk:
		frappe.throw(_("The chunk is missing: send it as the file field {0}.").format("chunk"))
	data = chunk.stream.read(storage.CHUNK_BYTES + 1)
	if len(data) > storage.CHUNK_BYTES:
		frappe.throw(_("The chunk is too large: at most {0} bytes are taken.").format(storage.CHUNK_BYTES))
	return {"received": storage.append_to_upload(upload, int(offset), data)}


def release_with_request() -> None:
	"""Free the memory of the request's body when the request is over.

	In werkzeug the request and its environ reference each other, so both live until Python's garbage collector runs, which
	Frappe makes rare: otherwise workers accumulate more than half of a long upload in memory.
	"""
	if getattr(frappe.local, "request", None) and hasattr(frappe.request, "environ"):
		frappe.request.environ.pop("werkzeug.request", None)
