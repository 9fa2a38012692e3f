"""/clip/KEY: the page of a clip with `only_this_part`, without Desk and without the website's frame.

The page itself contains nothing of the clip: its script requests that (api/clips.py, api/clip_links.py), so that every opening is
checked and logged. For colleagues KEY is the name of a clip, for everyone else the key of an external link. Every invalid KEY gets the
same answer.
"""

import json
import re
from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import get_system_timezone
from frappe.utils.jinja_globals import is_rtl
from frappe.website.page_renderers.base_renderer import BaseRenderer
from werkzeug.utils import redirect

from call_intelligence.clips import access, links

ROUTE = re.compile(r"^clip/([^/]+)$")
NAME = re.compile(r"^CLIP-[0-9A-Za-z]+$")
TEMPLATE = "call_intelligence/templates/clip.html"
HEADERS = {
	"Cache-Control": "no-store",
	"Referrer-Policy": "no-referrer",
	"X-Robots-Tag": "noindex, nofollow, noarchive",
	"X-Content-Type-Options": "nosniff",
	# text written by people is never run, even if it got into the page as markup
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
	"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}


class ClipPage(BaseRenderer):
	"""hook page_renderer"""

	def can_render(self) -> bool:
		return bool(ROUTE.match(self.path))

	def render(self):
		key = self.path.removeprefix("clip/")
		internal = bool(NAME.match(key))
		if internal:
			if elsewhere := leads_to(key):
				return self.redirected(elsewhere)
			found = may_open(key)
		else:
			found = bool(links.find_live(key))
		html = frappe.render_template(TEMPLATE, context(key, internal, found), is_path=True)
		return self.build_response(html, 200 if found else 404, HEADERS)

	def redirected(self, address: str):
		response = redirect(address)
		response.headers.update(HEADERS)
		return response


def login_address(key: str) -> str:
	return f"/login?redirect-to={quote(f'/clip/{key}')}"


def leads_to(name: str) -> str | None:
	"""URL to redirect to: the login, or the review of the call for a clip of the whole recording; None for neither"""
	if frappe.session.user == "Guest":
		return login_address(name)
	clip = frappe.db.get_value("Call Clip", name, ["call", "only_this_part"], as_dict=True)
	if clip and not clip.only_this_part and may_open(name):
		return f"/app/call/{quote(clip.call)}?shared={name}"
	return None


def may_open(name: str) -> bool:
	return bool(frappe.db.exists("Call Clip", name)) and access.may_open(frappe.get_doc("Call Clip", name))


# ------------------------------------------------------------------------------------------------ contents


def context(key: str, internal: bool, found: bool) -> dict:
	"""Values for Jinja; `setup` is read by public/js/clip_player."""
	words = texts()
	return {
		"title": words["page_title"],
		"noscript": words["noscript"],
		"lang": frappe.local.lang or "en",
		"direction": "rtl" if is_rtl() else "ltr",
		"setup": in_page(
			{
				"key": key if found else None,
				"internal": internal,
				"csrf_token": csrf_token(),
				"lang": (frappe.local.lang or "en").replace("_", "-"),
				"time_zone": get_system_timezone(),
				"texts": words,
			}
		),
	}


def csrf_token() -> str | None:
	if frappe.session.user == "Guest":
		return None
	return frappe.sessions.get_csrf_token()


def in_page(value: dict) -> str:
	"""JSON that is safe in a script element"""
	return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def texts() -> dict[str, str]:
	"""The page's texts in the user's language; it loads no translations."""
	return {
		"page_title": _("Shared clip"),
		"noscript": _("This page needs JavaScript to play the clip."),
		"loading": _("Loading the clip"),
		"shared_by": _("Shared by {0}"),
		"call_of": _("Call of {0}"),
		"until": _("Available until {0} ({1})"),
		"message": _("Message"),
		"player": _("Player"),
		"place": _("Place in the clip"),
		"time_of": _("{0} of {1}"),
		"play": _("Play"),
		"pause": _("Pause"),
		"back": _("Back 15 seconds"),
		"forward": _("Forward 15 seconds"),
		"speed": _("Playback speed"),
		"keys": _("Space or K plays and pauses, J and L jump 15 seconds, the arrow keys 5."),
		"transcript": _("Transcript"),
		"not_understood": _("Not understood"),
		"no_transcript": _("Nothing is said in this part, or there is no transcript of it."),
		"play_from": _("Play from {0}"),
		"talk_time": _("Talk time"),
		"comments": _("Comments"),
		"answer_of": _("{0} answers"),
		"resolved": _("Resolved"),
		"preparing": _("The sound is being prepared. It appears here by itself in a moment."),
		"failed": _(
			"The sound of this clip could not be prepared. Please ask the person who sent it to share it again."
		),
		"no_sound": _("The sound cannot be played. Please load the page again."),
		"gone_title": _("This clip is not available"),
		"gone": _(
			"It does not exist, or is not shared with you any more. Please ask the person who sent you the link."
		),
		"protected_title": _("This clip is protected"),
		"protected": _("Please enter the password that you got together with the link."),
		"password": _("Password"),
		"open": _("Open the clip"),
		"wrong_password": _("This is not the password. Please try again."),
		"too_often": _("This clip was opened too often in a short time. Please try again later."),
		"problem": _("The clip could not be loaded. Please check your connection and try again."),
		"again": _("Try again"),
	}
