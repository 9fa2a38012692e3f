"""File storage: unfinished uploads, the Files of a recording, the working folder of a run.

private/call_intelligence/uploads/TOKEN/   an upload in chunks, until it becomes a Call
private/call_intelligence/work/RECORDING/  files that the engine's stages pass to each other, until the Call is ready
private/files/OPAQUE.ext                   the File documents; with random names, since Frappe shows them to many users
"""

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe import _

from call_intelligence.compat import after_commit, after_rollback
from call_intelligence.core import quota

BLOCK = 1024 * 1024
CHUNK_BYTES = (
	4 * 1024 * 1024
)  # Frappe keeps a request's body in memory and refuses more than 10 MB by default
TOKEN = re.compile(r"^[0-9a-f]{32}$")
# the disk is full, or a quota or a limit of the file size is reached
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoomError(frappe.ValidationError):
	"""The server's disk is full; a later attempt may succeed."""

	http_status_code = 507


@dataclass
class StagedFile:
	"""A file on disk that is not part of a Call yet."""

	path: Path
	file_name: str
	token: str

	@property
	def size(self) -> int:
		"""bytes"""
		return self.path.stat().st_size

	def sha256(self) -> str:
		digest = hashlib.sha256()
		with self.path.open("rb") as stream:
			while block := stream.read(BLOCK):
				digest.update(block)
		return digest.hexdigest()

	def head(self, size: int) -> bytes:
		with self.path.open("rb") as stream:
			return stream.read(size)


def site_folder() -> Path:
	return Path(frappe.get_site_path()).absolute()


def private_folder(*parts: str) -> Path:
	return Path(frappe.get_site_path("private", "call_intelligence", *parts)).absolute()


def work_folder(recording: str) -> Path:
	return private_folder("work", recording)


def clean_file_name(name: str) -> str:
	"""The last part of a path, safe to show: no control or direction-override characters, at most 140 characters."""
	name = re.split(r"[\\/]", str(name or ""))[-1]
	name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
	stem, extension = os.path.splitext(name.strip())
	return (stem[: 140 - len(extension)] + extension[:20]) or _("recording")


# ---------------------------------------------------------------------------------------------- staging


def start_upload(file_name: str, size: int) -> str:
	"""Make room for an upload of `size` bytes by the session's user; returns its token. Raises UploadsFullError, NoRoomError."""
	with quota.room(private_folder("uploads"), frappe.session.user, size):
		return new_upload(file_name, size)


def new_upload(file_name: str, size: int) -> str:
	token = quota.new_token(frappe.session.user)
	folder = private_folder("uploads", token)
	with no_leftovers(folder):
		folder.mkdir(parents=True)
		about = {"user": frappe.session.user, "file_name": clean_file_name(file_name), "size": size}
		(folder / "about.json").write_text(json.dumps(about))
		(folder / "data").touch()
	return token


@contextmanager
def no_leftovers(path: Path) -> Iterator[None]:
	"""Remove `path` if an error occurs. Raises NoRoomError if the disk is full."""
	try:
		yield
	except BaseException as error:
		remove(path)
		refuse_if_full(error)
		raise


def refuse_if_full(error: BaseException) -> None:
	if isinstance(error, OSError) and error.errno in NO_ROOM:
		frappe.throw(
			_(
				"The server has no disk space for this file at the moment. Please tell your administrator and try again later."
			),
			NoRoomError,
		)


def open_upload(token: str) -> tuple[Path, dict]:
	"""(folder, {user, file_name, size}) of an upload of the session's user; raises frappe.DoesNotExistError."""
	if is_mine(token):
		folder = private_folder("uploads", token)
		return folder, json.loads((folder / "about.json").read_text())
	frappe.throw(_("This upload has expired. Please choose the file again."), frappe.DoesNotExistError)


def is_mine(token: str) -> bool:
	"""Whether an upload of the session's user has this token"""
	folder = private_folder("uploads", token) if TOKEN.match(token or "") else None
	try:
		return (
			folder is not None
			and json.loads((folder / "about.json").read_text())["user"] == frappe.session.user
		)
	except FileNotFoundError:
		return False


def append_to_upload(token: str, offset: int, data: bytes) -> int:
	"""Write one chunk; returns how many bytes have arrived.

	A chunk that does not start at the end of the file (sent twice, or out of order) is ignored: the returned number shows
	the sender where to continue.
	"""
	folder, about = open_upload(token)
	with (folder / "data").open("r+b", buffering=0) as stream:
		fcntl.flock(stream, fcntl.LOCK_EX)
		received = stream.seek(0, os.SEEK_END)
		if offset == received:
			if received + len(data) > about["size"]:
				frappe.throw(_("More data arrived than the file has. Please choose the file again."))
			write_whole(stream, received, data)
			received += len(data)
	return received


def write_whole(stream, start: int, data: bytes) -> None:
	"""Write the whole chunk or nothing. Raises NoRoomError."""
	left = memoryview(data)
	try:
		# an almost full disk may accept only a part
		while left:
			left = left[stream.write(left) :]
	except OSError as error:
		os.ftruncate(stream.fileno(), start)
		refuse_if_full(error)
		raise


def finished_upload(token: str) -> StagedFile:
	folder, about = open_upload(token)
	staged = StagedFile(folder / "data", about["file_name"], token)
	if staged.size != about["size"]:
		frappe.throw(
			_("The upload is not complete: {0} of {1} bytes have arrived. Please send the rest.").format(
				staged.size, about["size"]
			)
		)
	return staged


def stage_stream(stream, file_name: str) -> StagedFile:
	"""Copy a readable binary stream to disk in blocks. Raises UploadsFullError, NoRoomError, and leaves nothing then."""
	with quota.room(private_folder("uploads"), frappe.session.user, 0) as left:
		token = new_upload(file_name, 0)
	folder = private_folder("uploads", token)
	with no_leftovers(folder):
		with (folder / "data").open("wb") as target:
			while block := stream.read(BLOCK):
				left -= len(block)
				if left < 0:
					quota.refuse_size()
				target.write(block)
		staged = StagedFile(folder / "data", clean_file_name(file_name), token)
		about = {"user": frappe.session.user, "file_name": staged.file_name, "size": staged.size}
		(folder / "about.json").write_text(json.dumps(about))
	return staged


def stage_path(path: str | Path, file_name: str | None = None) -> StagedFile:
	"""Copy a file of this machine; the original is not changed."""
	with open(path, "rb") as stream:
		return stage_stream(stream, file_name or Path(path).name)


def stage_link(path: Path, file_name: str) -> StagedFile:
	"""A file that the app itself has fetched, without copying it; `path` stays. It counts for no user's uploads."""
	token = new_upload(file_name, path.stat().st_size)
	staged = StagedFile(private_folder("uploads", token) / "data", clean_file_name(file_name), token)
	with no_leftovers(staged.path.parent):
		staged.path.unlink()
		os.link(path, staged.path)
	return staged


def file_document(file_url: str) -> tuple[Path, str]:
	"""(path, file name) of a File on this site that the session's user may read"""
	# the same content uploaded by several users is one file with a File document for each
	names = frappe.get_all("File", filters={"file_url": file_url, "is_folder": 0}, pluck="name", limit=100)
	documents = (frappe.get_doc("File", name) for name in names)
	doc = next((document for document in documents if document.has_permission("read")), None)
	if not doc:
		frappe.throw(
			_("The file {0} does not exist, or you may not see it.").format(file_url), frappe.PermissionError
		)
	if not file_url.startswith(("/files/", "/private/files/")):
		frappe.throw(_("Only a file that is stored on this site can be used, not a link to another place."))
	path = Path(doc.get_full_path())
	if not path.is_file():
		frappe.throw(_("The file {0} is missing on the server.").format(file_url), frappe.DoesNotExistError)
	return path, doc.file_name


def drop_upload(token: str) -> None:
	"""Delete a refused upload at once."""
	if TOKEN.match(token or ""):
		remove(private_folder("uploads", token))


def discard_upload(token: str) -> None:
	"""Delete an upload that became part of a Call, once the transaction is committed."""
	if TOKEN.match(token or ""):
		forget_after_commit(private_folder("uploads", token))


# ------------------------------------------------------------------------------------------------ Files


def adopt(path: Path, *, extension: str, recording: str, field: str) -> str:
	"""Move a file to private/files and create its File document for a Call Recording; returns its name.

	`path` stays until its folder is cleaned up, so that nothing is lost if this fails. Frappe's File.insert would read the
	whole content into memory.
	"""
	opaque = frappe.generate_hash(length=32)
	file_name = f"{opaque}.{extension}"
	target = Path(frappe.get_site_path("private", "files", file_name)).absolute()
	target.parent.mkdir(parents=True, exist_ok=True)
	try:
		os.link(path, target)
	except OSError:
		# private/files is on another disk
		with no_leftovers(target):
			shutil.copyfile(path, target)
	after_rollback(lambda: target.unlink(missing_ok=True))

	doc = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": file_name,
			"file_url": f"/private/files/{file_name}",
			"is_private": 1,
			"folder": "Home/Attachments",
			"file_size": min(target.stat().st_size, 2**31 - 1),  # the column is an INT
			"attached_to_doctype": "Call Recording",
			"attached_to_name": recording,
			"attached_to_field": field,
			# Frappe keeps a file on disk while another File has the same hash, so use a unique one
			"content_hash": opaque,
			# not the uploader, since Frappe always lets a File's owner read it, whatever happens to the Call
			"owner": "Administrator",
		}
	)
	doc.set_new_name()
	doc.db_insert()
	return doc.name


def path_of(file: str) -> Path:
	"""The path of a File document's content. Raises frappe.DoesNotExistError."""
	path = find(file)
	if not path:
		frappe.throw(_("The file of this recording is missing on the server."), frappe.DoesNotExistError)
	return path


def find(file: str | None) -> Path | None:
	"""Like `path_of`, but None if the document or its content is missing, as after restoring a backup without files."""
	url = (file and frappe.db.get_value("File", file, "file_url")) or ""
	path = Path(frappe.get_site_path("private", "files", Path(url).name)).absolute()
	return path if url.startswith("/private/files/") and path.is_file() else None


def delete_file(file: str | None) -> None:
	"""Delete a File document, and its content once the transaction is committed."""
	url = file and frappe.db.get_value("File", file, "file_url")
	if url:
		frappe.db.delete("File", {"name": file})
		forget_after_commit(Path(frappe.get_site_path("private", "files", Path(url).name)).absolute())


def forget_after_commit(path: Path) -> None:
	"""Remove a file or folder when the transaction is committed."""
	after_commit(lambda: remove(path))


def remove(path: Path) -> None:
	if path.is_dir():
		shutil.rmtree(path, ignore_errors=True)
	else:
		path.unlink(missing_ok=True)
