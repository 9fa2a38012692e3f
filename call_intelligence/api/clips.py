"""Clips: sharing parts of calls with colleagues, and creating external links. `clip` in an answer: see clips/describe.py."""

import frappe
from frappe import _
from frappe.utils import cint, sbool
from werkzeug.wrappers import Response

from call_intelligence.api.arguments import checked
from call_intelligence.api.comments import texts
from call_intelligence.api.media import respond
from call_intelligence.clips import (
	access,
	describe,
	ending,
	links,
	make,
	openings,
	parts,
	recipient_search,
	sound,
)
from call_intelligence.permissions import check_can_see, has_seat, may_share

# well above the limit for passwords, whose own check names that limit
LONGEST_TYPED = 10_000


@frappe.whitelist(methods=["GET"])
@checked()
def options(call: str) -> dict:
	"""Options of the dialog that shares a part.

	-> {"may_clip", "may_share": whether access may be given to people who do not see the call, "external": whether links for
	people outside may be made, "link_days", "clips": [clip] of this call, newest first}
	"""
	check_can_see(call)
	sharable = may_share(frappe.get_doc("Call", call))
	return {
		"may_clip": has_seat(),
		"may_share": sharable,
		"external": sharable and links.allowed(),
		"link_days": links.usual_days(),
		"clips": describe.of_call(call),
	}


@frappe.whitelist(methods=["GET"])
@checked()
def people(call: str, text: str = "") -> list:
	"""Colleagues and User Groups by name or e-mail.

	-> [{"doctype": "User" or "User Group", "name", "label", "description", "image", "sees" (users: the call), "members" (groups)}]
	"""
	access.check_may_clip(call)
	return recipient_search.search(call, text)


@frappe.whitelist(methods=["GET"])
@checked()
def who_cannot_see(call: str, users: str | list = "[]", groups: str | list = "[]") -> dict:
	"""Those of these users and members of User Groups who don't see the call. -> {"people": [{"user", "full_name"}]}"""
	access.check_may_clip(call)
	return {"people": make.who_cannot_see(call, texts(users), texts(groups))}


@frappe.whitelist(methods=["POST"])
@checked(message=make.LONGEST_MESSAGE)
def share(
	call: str,
	start: str | float | int,
	end: str | float | int,
	users: str | list = "[]",
	groups: str | list = "[]",
	message: str = "",
	title: str = "",
	only_this_part: str | int | bool = False,
	expires_on: str | None = None,
	notify: str | int | bool = True,
) -> dict:
	"""Share the seconds from start to end of a call with users and members of User Groups.

	only_this_part: recipients who don't see the call hear this part only; otherwise they get access to the call, if the session's
	user may share it. expires_on: date and time in the site's time; notify: 0 creates the link without notifying the recipients.
	-> {"clip", "link", "told": [full name], "left_out": [{"user", "full_name"}]}
	"""
	access.check_may_clip(call)
	clip, told, left_out = make.share(
		call,
		start,
		end,
		users=texts(users),
		groups=texts(groups),
		message=message,
		title=title,
		only_this_part=bool(cint(sbool(only_this_part))),
		expires_on=expires_on,
		notify=bool(cint(sbool(notify))),
	)
	return {
		"clip": describe.one(clip.name),
		"link": describe.address(clip),
		"told": told,
		"left_out": left_out,
	}


@frappe.whitelist(methods=["POST"])
@checked(message=make.LONGEST_MESSAGE, password=LONGEST_TYPED)
def create_link(
	call: str,
	start: str | float | int,
	end: str | float | int,
	message: str = "",
	title: str = "",
	days: str | int | None = None,
	password: str = "",
) -> dict:
	"""Create a link that opens the part without a login, for some days. -> {"clip", "link"}; the link is returned only this once"""
	access.check_may_clip(call)
	clip, key = make.create_link(
		call, start, end, message=message, title=title, days=days, password=password or ""
	)
	return {"clip": describe.one(clip.name), "link": describe.address(clip, key)}


@frappe.whitelist(methods=["POST"])
@checked()
def revoke(clip: str) -> dict:
	"""End a clip that the user has shared, or that belongs to a call they may edit. -> {"clip"}"""
	if not frappe.db.exists("Call Clip", clip) or not access.may_read(clip):
		frappe.throw(_("This clip does not exist, or you may not see it."), frappe.PermissionError)
	return {"clip": describe.one(ending.revoke(clip).name)}


@frappe.whitelist(methods=["POST"])
@checked()
def open(clip: str) -> dict:
	"""Open a clip that was shared with the user, and log the opening. -> {"clip"}"""
	opened = access.opened(clip)
	openings.log(opened)
	return {"clip": describe.one(opened.name)}


@frappe.whitelist(methods=["GET"])
@checked()
def part(clip: str) -> dict:
	"""The contents of a clip with `only_this_part`. -> see clips/parts.py, with "media_url" """
	opened = access.opened(clip)
	check_is_part(opened)
	return parts.content(opened, internal=True) | {"media_url": part_url(opened.name)}


@frappe.whitelist(methods=["GET"])
@checked()
def media(clip: str) -> Response:
	"""The sound of the part of a clip, cut by the server; whole or a byte range."""
	opened = access.opened(clip)
	check_is_part(opened)
	return respond_part(opened)


def check_is_part(clip) -> None:
	if not clip.only_this_part:
		frappe.throw(_("This clip is part of a call that you see. Please open it there."))


def part_url(clip: str) -> str:
	return f"/api/method/call_intelligence.api.clips.media?clip={clip}"


def respond_part(clip) -> Response:
	path = sound.path(clip.name)
	if sound.state(clip) != sound.READY or not path:
		frappe.throw(_("The sound of this clip is not ready yet."), frappe.DoesNotExistError)
	return respond(path, "Audio", f"{clip.title}{path.suffix}")
