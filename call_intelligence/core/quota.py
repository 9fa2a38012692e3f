"""How much one person may have under way at a time, so that nobody fills the disk with files that never become calls."""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint

MB = 1024 * 1024
# since the last chunk: gone for good, and earlier where its sender needs the room
KEPT_HOURS = 24
IDLE_MINUTES = 60
OWNER_DIGITS = 8


class UploadsFullError(frappe.ValidationError):
	"""The person has as much under way as one may have: it passes."""

	http_status_code = 429


@dataclass
class Upload:
	folder: Path
	size: int
	"""bytes, as announced or as they are there"""
	touched: float


def new_token(user: str) -> str:
	"""The name of an upload's folder; it begins with its owner, so that theirs are found without reading others'."""
	return owner_digits(user) + frappe.generate_hash(length=32 - OWNER_DIGITS)


def owner_digits(user: str) -> str:
	return hashlib.sha256(user.encode()).hexdigest()[:OWNER_DIGITS]


@contextmanager
def room(uploads: Path, user: str, size: int) -> Iterator[int]:
	"""While nobody else starts an upload: make one of `size` bytes. -> bytes that the user may have beyond those that are there

	Raises UploadsFullError.
	"""
	uploads.mkdir(parents=True, exist_ok=True)
	folder = os.open(uploads, os.O_RDONLY)
	try:
		fcntl.flock(folder, fcntl.LOCK_EX)
		yield make_room(uploads, user, size)
	finally:
		os.close(folder)


def make_room(uploads: Path, user: str, size: int) -> int:
	most, most_mb = (cint(setting) for setting in settings())
	mine = sorted(of_user(uploads, user), key=lambda upload: upload.touched)
	idle = [upload for upload in mine if upload.touched < time.time() - IDLE_MINUTES * 60]
	while True:
		left = most_mb * MB - sum(upload.size for upload in mine)
		if len(mine) < most and left >= size:
			return left
		if not idle:
			break
		mine.remove(idle[0])
		shutil.rmtree(idle.pop(0).folder, ignore_errors=True)
	if len(mine) >= most:
		frappe.throw(
			_(
				"You already have {0} unfinished uploads, the most allowed. Let one of them finish, then try again. An upload that is idle for an hour no longer counts."
			).format(len(mine)),
			UploadsFullError,
		)
	refuse_size()


def refuse_size() -> None:
	frappe.throw(
		_(
			"Your unfinished uploads would exceed {0} MB together. Let them finish, then try again. An upload that is idle for an hour no longer counts."
		).format(cint(settings()[1])),
		UploadsFullError,
	)


def settings() -> tuple[int, int]:
	"""(uploads, MB) of one person at a time"""
	doc = frappe.get_cached_doc("Call Intelligence Settings")
	return doc.max_uploads, doc.max_uploads_mb


def of_user(uploads: Path, user: str) -> list[Upload]:
	found = []
	for folder in uploads.glob(f"{owner_digits(user)}*"):
		try:
			about = json.loads((folder / "about.json").read_text())
			there = (folder / "data").stat()
		except (OSError, ValueError):
			# it has just become a call, or is about to be written
			continue
		if about.get("user") == user:
			found.append(Upload(folder, max(cint(about.get("size")), there.st_size), there.st_mtime))
	return found


def remove_old(uploads: Path) -> None:
	"""Uploads that nobody has continued for KEPT_HOURS."""
	before = time.time() - KEPT_HOURS * 3600
	for folder in uploads.iterdir() if uploads.exists() else ():
		data = folder / "data"
		try:
			touched = (data if data.exists() else folder).stat().st_mtime
		except FileNotFoundError:
			continue
		if touched < before:
			shutil.rmtree(folder, ignore_errors=True)
