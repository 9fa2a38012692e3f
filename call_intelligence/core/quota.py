"""Limits the unfinished uploads of each user, so that abandoned files don't fill the disk."""

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
from typing import NoReturn

import frappe
from frappe import _
from frappe.utils import cint

MB = 1024 * 1024
# since the last chunk: when an upload is deleted, and when it may be deleted if its user needs the space
KEPT_HOURS = 24
IDLE_MINUTES = 60
OWNER_DIGITS = 8


class UploadsFullError(frappe.ValidationError):
	"""The user has reached the limit of unfinished uploads; a later attempt may succeed."""

	http_status_code = 429


@dataclass
class Upload:
	folder: Path
	size: int
	"""bytes, as announced or as they are there"""
	touched: float


def new_token(user: str) -> str:
	"""The name of an upload's folder; it begins with digits of its owner, so that a user's uploads are found without reading others."""
	return owner_digits(user) + frappe.generate_hash(length=32 - OWNER_DIGITS)


def owner_digits(user: str) -> str:
	return hashlib.sha256(user.encode()).hexdigest()[:OWNER_DIGITS]


@contextmanager
def room(uploads: Path, user: str, size: int) -> Iterator[int]:
	"""Make room for an upload of `size` bytes, under a lock against other uploads. -> bytes left to the user, including `size`

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


def refuse_size() -> NoReturn:
	frappe.throw(
		_(
			"Your unfinished uploads would exceed {0} MB together. Let them finish, then try again. An upload that is idle for an hour no longer counts."
		).format(cint(settings()[1])),
		UploadsFullError,
	)


def settings() -> tuple[int, int]:
	"""(uploads, MB) that a user may have at a time"""
	doc = frappe.get_cached_doc("Call Intelligence Settings")
	return doc.max_uploads, doc.max_uploads_mb


def of_user(uploads: Path, user: str) -> list[Upload]:
	found = []
	for folder in uploads.glob(f"{owner_digits(user)}*"):
		try:
			about = json.loads((folder / "about.json").read_text())
			there = (folder / "data").stat()
		except (OSError, ValueError):
			# it has just become a call, or is being created
			continue
		if about.get("user") == user:
			found.append(Upload(folder, max(cint(about.get("size")), there.st_size), there.st_mtime))
	return found


def remove_old(uploads: Path) -> None:
	"""Delete uploads without a new chunk for KEPT_HOURS."""
	before = time.time() - KEPT_HOURS * 3600
	for folder in uploads.iterdir() if uploads.exists() else ():
		data = folder / "data"
		try:
			touched = (data if data.exists() else folder).stat().st_mtime
		except FileNotFoundError:
			continue
		if touched < before:
			shutil.rmtree(folder, ignore_errors=True)
