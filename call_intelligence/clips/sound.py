"""The sound of clips with `only_this_part`: cut by the server, kept until the clip ends.

private/call_intelligence/clips/CLIP/part.m4a   the sound that is played
private/call_intelligence/clips/CLIP/cut-*/     an attempt at cutting it, see clips/cutting.py
"""

import re
import shutil
from pathlib import Path

import frappe
from frappe import _

from call_intelligence.core import storage
from call_intelligence.queue import enqueue

FOLDER, PART = "clips", "part.m4a"
PREPARING, READY, FAILED = "Preparing", "Ready", "Failed"
NAME = re.compile(r"^[A-Za-z0-9-]+$")


def folder(clip: str) -> Path:
	"""clip: the name of a Call Clip, possibly as sent by a client"""
	if not NAME.match(clip or ""):
		frappe.throw(_("This clip no longer exists."), frappe.DoesNotExistError)
	return storage.private_folder(FOLDER, clip)


def path(clip: str) -> Path | None:
	"""The cut sound; None before it is ready, and after the clip has ended."""
	found = folder(clip) / PART
	return found if found.is_file() else None


def state(clip) -> str:
	"""State of a live clip's sound: PREPARING, READY or FAILED. Sound missing on disk is cut again: backups do not contain it."""
	known = clip.media_state or PREPARING
	if known == READY and not path(clip.name):
		enqueue.cut_clip_again(clip.name)
		return PREPARING
	return known


def forget(clip: str) -> None:
	"""Remove the sound once the current transaction is committed"""
	storage.forget_after_commit(folder(clip))


def remove(clip: str) -> None:
	"""Remove the sound at once"""
	shutil.rmtree(folder(clip), ignore_errors=True)
