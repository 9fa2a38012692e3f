"""Clips opened by an external link, without a login. Any invalid key is answered with 404."""

from urllib.parse import quote

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from werkzeug.wrappers import Response

from call_intelligence.api.arguments import checked
from call_intelligence.api.clips import LONGEST_TYPED, respond_part
from call_intelligence.clips import links, openings, parts

# per IP address and hour: openings, and pieces of sound requested by players
OPENINGS_AN_HOUR = 200
PIECES_AN_HOUR = 5000


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=OPENINGS_AN_HOUR, seconds=3600)
# a password that is too long is answered like any wrong one
@checked(password=LONGEST_TYPED)
def open(key: str, password: str | None = None, grant: str | None = None) -> dict:
	"""Open the clip of an external link, and log the opening.

	grant: from an earlier answer, while the page is open; it replaces the password, and no further opening is logged.
	-> see clips/parts.py, with "media_url" and "grant"; {"needs_password": True} if a password is required and none was given
	"""
	clip = links.live(key)
	if not links.is_granted(clip.name, grant):
		if clip.has_password:
			if not password:
				return {"needs_password": True}
			links.check(clip.name, password)
		openings.log(clip, frappe.local.request_ip)
		grant = links.new_grant(clip.name)
	assert grant
	return parts.content(clip, internal=False) | {"media_url": media_url(key, grant), "grant": grant}


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=PIECES_AN_HOUR, seconds=3600)
@checked()
def media(key: str, grant: str | None = None) -> Response:
	"""The sound of the part, whole or a byte range; grant: from the answer of `open`, so that every listener's opening is logged."""
	clip = links.live(key)
	if not links.is_granted(clip.name, grant):
		frappe.throw(
			_("The sound belongs to the page of this clip. Please open that."), frappe.PermissionError
		)
	return respond_part(clip)


def media_url(key: str, grant: str) -> str:
	return f"/api/method/call_intelligence.api.clip_links.media?key={quote(key)}&grant={quote(grant)}"
