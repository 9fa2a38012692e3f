"""External links to clips: /clip/KEY, opened without a login.

A key is a random token of 128 bits and its signature with the site's secret, 32 hexadecimal digits each. The site only stores a hash
of the token, so that a copy of the database is not enough to create links. Every invalid key gets the same answer, by the same
steps.
"""

import hashlib
import hmac
import re
import secrets
import time

import frappe
from frappe import _
from frappe.utils import cint, now
from frappe.utils.password import (
	check_password,
	get_encryption_key,
	remove_encrypted_password,
	update_password,
)

from call_intelligence.clips import slowdown
from call_intelligence.clips.access import sharer_sees
from call_intelligence.clips.addresses import network_of

KEY = re.compile(r"^[0-9a-f]{64}$")
SHORTEST_PASSWORD = 6
LONGEST_PASSWORD = 128
MOST_DAYS = 90
PASSWORD_FIELD = "link_password"
GRANT_SECONDS = 6 * 3600
# wrong passwords for one clip from one network at once, and seconds until another attempt
MOST_WRONG = 20
SECONDS_EACH = 45


class WrongPassword(frappe.ValidationError):
	"""Not Frappe's AuthenticationError, which ends the user's session."""

	http_status_code = 401


def allowed() -> bool:
	# not from the cache: a request that began before links were switched off may have cached the old value
	return bool(cint(frappe.db.get_single_value("Call Intelligence Settings", "external_links")))


def usual_days() -> int:
	return cint(frappe.get_cached_doc("Call Intelligence Settings").external_link_days) or 7


def check_days(days: int) -> None:
	if not 1 <= days <= MOST_DAYS:
		frappe.throw(_("A link is valid for 1 to {0} days.").format(MOST_DAYS))


def validate(settings) -> None:
	"""validate of Call Intelligence Settings"""
	check_days(cint(settings.external_link_days) or 7)


# ------------------------------------------------------------------------------------------------ keys


def signature(text: str) -> str:
	"""-> 32 hexadecimal digits, with the site's secret"""
	return hmac.new(get_encryption_key().encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def hashed(token: str) -> str:
	return hashlib.sha256(token.encode()).hexdigest()


def new_key() -> tuple[str, str]:
	"""-> (key, hash to store)"""
	token = secrets.token_hex(16)
	return token + signature(f"clip {token}"), hashed(token)


def find_live(key: str | None):
	"""The Call Clip that a key opens, or None: guessed, altered, of another site, expired, revoked."""
	# the same steps for every key, so that the time of the answer discloses nothing either
	switched_on = allowed()
	key = key or ""
	well_formed = bool(KEY.match(key))
	token, signed = (key[:32], key[32:]) if well_formed else ("0" * 32, "0" * 32)
	genuine = hmac.compare_digest(signed, signature(f"clip {token}"))
	found = frappe.get_all(
		"Call Clip",
		filters={"link_key": hashed(token), "external": 1, "ended": 0, "expires_on": [">", now()]},
		pluck="name",
		limit=1,
	)
	if not (found and genuine and well_formed and switched_on):
		return None
	clip = frappe.get_doc("Call Clip", found[0])
	return clip if sharer_sees(clip) else None


def live(key: str | None):
	"""Like `find_live`; raises frappe.DoesNotExistError (404) in place of None."""
	clip = find_live(key)
	if not clip:
		frappe.throw(_("This link is invalid or has expired."), frappe.DoesNotExistError)
	return clip


# ------------------------------------------------------------------------------------------------ passwords


def set_password(clip: str, password: str) -> None:
	if len(password) > LONGEST_PASSWORD:
		frappe.throw(_("A password has at most {0} characters.").format(LONGEST_PASSWORD))
	update_password(clip, password, "Call Clip", PASSWORD_FIELD)


def forget_password(clip: str) -> None:
	remove_encrypted_password("Call Clip", clip, PASSWORD_FIELD)


def check(clip: str, password: str) -> None:
	"""Raise WrongPassword unless it is the clip's password, or if too many wrong ones came from the same network.

	Other networks are not affected, so that people who know the password can't be locked out.
	"""
	guesses = f"clip {clip} {network_of(frappe.local.request_ip)}"
	if slowdown.take(guesses, most=MOST_WRONG, seconds=SECONDS_EACH):
		frappe.throw(
			_("Too many wrong passwords. Please try again in {0} seconds.").format(SECONDS_EACH),
			WrongPassword,
		)
	try:
		if len(password) > LONGEST_PASSWORD:
			raise frappe.AuthenticationError
		check_password(clip, password, "Call Clip", PASSWORD_FIELD, delete_tracker_cache=False)
	except frappe.AuthenticationError:
		frappe.throw(_("This is not the password. Please try again."), WrongPassword)
	slowdown.give_back(guesses, seconds=SECONDS_EACH)


def new_grant(clip: str) -> str:
	"""Returned on opening the clip: lets a player fetch the sound for some hours."""
	until = int(time.time()) + GRANT_SECONDS
	return f"{until}.{signature(f'grant {clip} {until}')}"


def is_granted(clip: str, grant: str | None) -> bool:
	until, _dot, signed = (grant or "").partition(".")
	if not until.isascii() or not until.isdigit():
		return False
	genuine = hmac.compare_digest(signed.encode(), signature(f"grant {clip} {until}").encode())
	return genuine and int(until) > time.time()
