"""Downloads a recording to disk. What has arrived stays for the next attempt, which continues there."""

import hashlib
import shutil
import time
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.core import storage
from call_intelligence.integrations.sources.http import Client
from call_intelligence.integrations.sources.types import NotReadyError, RemoteCall
from call_intelligence.sources.accounts import Account

FOLDER = "downloads"
MOST_SECONDS = 3600
KEPT_DAYS = 3


def download(account: Account, call: RemoteCall, delivery: str, http: Client) -> Path:
	"""-> the file of the call's only part. Raises NotReadyError, RefusedError, SourceError."""
	(media,) = call.media
	path = path_for(delivery, call.external_id, media.url)
	if not has_room(path.parent, media.size):
		raise NotReadyError(_("The disk of the site has no room for the recording."))
	request = account.provider.open(media, account.secrets, http)
	http.download(request, path, most_bytes(), MOST_SECONDS)
	arrived = path.stat().st_size
	if media.size and arrived != media.size:
		# the next attempt begins again
		path.unlink()
		raise NotReadyError(_("The provider announced {0} bytes, but sent {1}.").format(media.size, arrived))
	return path


def path_for(delivery: str, call: str, url: str) -> Path:
	"""call: its id at the provider, since one delivery may have several; url: of the file, which the next attempt continues only if it
	is the same. Its query may be a signature that changes each time.
	"""
	folder = storage.private_folder(FOLDER)
	folder.mkdir(parents=True, exist_ok=True)
	file = "\0".join((call, url.partition("?")[0]))
	return folder / f"{delivery}-{hashlib.sha256(file.encode()).hexdigest()[:16]}"


def most_bytes() -> int:
	limit = cint(frappe.get_cached_value("Call Intelligence Settings", None, "max_file_size_mb"))
	return (limit or 2048) * 1024 * 1024


def forget(delivery: str) -> None:
	for path in storage.private_folder(FOLDER).glob(f"{delivery}-*"):
		path.unlink(missing_ok=True)


def remove_old() -> None:
	"""Every day: parts of recordings that are not asked for any more."""
	folder = storage.private_folder(FOLDER)
	for path in folder.iterdir() if folder.exists() else ():
		if time.time() - path.stat().st_mtime > KEPT_DAYS * 86400:
			path.unlink(missing_ok=True)


def has_room(folder: Path, size: int | None) -> bool:
	"""Whether the disk has room for a file of `size` bytes twice: the download, and what is made of it"""
	return shutil.disk_usage(folder).free > 2 * (size or 0)
