"""Limits requests for playback copies (playback.py): per user and hour, and after a failure."""

import frappe

FAILED = "call_intelligence_playback_failed"
ASKED = "call_intelligence_playback_asked"
COPIES_AN_HOUR = 60
# until it is tried again
FAILED_SECONDS = 3600


def may_ask(name: str) -> bool:
	"""Whether the session's user may request a copy of this recording; at most COPIES_AN_HOUR, since each reads a whole file."""
	key = f"{ASKED}|{frappe.session.user}"
	asked = frappe.cache.get_value(key, expires=True) or []
	if name in asked:
		return True
	if len(asked) >= COPIES_AN_HOUR:
		return False
	frappe.cache.set_value(key, [*asked, name], expires_in_sec=3600)
	return True


def has_failed(name: str) -> bool:
	"""Whether making the copy failed within the last FAILED_SECONDS"""
	return bool(frappe.cache.get_value(f"{FAILED}|{name}", expires=True))


def note_failure(name: str) -> None:
	frappe.cache.set_value(f"{FAILED}|{name}", 1, expires_in_sec=FAILED_SECONDS)
