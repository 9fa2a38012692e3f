"""Validation of playlists; called by the DocType, so that it applies to forms and REST alike."""

import re

import frappe
from frappe import _

from call_intelligence.discussion import richtext
from call_intelligence.permissions import has_seat, is_manager
from call_intelligence.playlists import audience

LONGEST_TITLE = 140
LONGEST_DESCRIPTION = 2000
MOST_MEMBERS = 200
COLOUR = re.compile(r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?")
# totals of the items
COUNTED = ("item_count", "total_seconds")


def check(playlist) -> None:
	before = playlist.get_doc_before_save()
	check_owner(playlist, before)
	# the stored totals, which include items added since this copy was read; the stored row has just been locked
	playlist.update({field: before.get(field) if before else 0 for field in COUNTED})
	playlist.title = checked_text(playlist.title, LONGEST_TITLE).strip()
	if not playlist.title:
		frappe.throw(_("Give the playlist a title."))
	playlist.description = checked_text(playlist.description, LONGEST_DESCRIPTION)
	if playlist.cover_colour and not COLOUR.fullmatch(playlist.cover_colour):
		frappe.throw(_("The cover colour is written like {0}.").format("#2490ef"))
	check_members(playlist)


def check_owner(playlist, before) -> None:
	"""Only its owner and managers may write it, also where Frappe would allow others: a shared document, an import."""
	me = frappe.session.user
	if playlist.flags.ignore_permissions or is_manager():
		return
	if not has_seat():
		frappe.throw(_("Making playlists needs the role Call Intelligence User."), frappe.PermissionError)
	if before and before.playlist_owner != me:
		frappe.throw(
			_("Only the owner of the playlist or a Call Intelligence Manager may do this."),
			frappe.PermissionError,
		)
	if playlist.playlist_owner != me:
		frappe.throw(
			_("Only a Call Intelligence Manager may give a playlist to somebody else."),
			frappe.PermissionError,
		)


def check_members(playlist) -> None:
	if len(playlist.audience) > MOST_MEMBERS:
		frappe.throw(
			_("At most {0} rows are allowed. Choose User Groups or roles instead of single people.").format(
				MOST_MEMBERS
			)
		)
	known: dict = {}
	for row in playlist.audience:
		if row.member_doctype not in audience.MEMBERS:
			frappe.throw(_("Choose users, User Groups or roles."))
		first = known.setdefault((row.member_doctype, row.member), row)
		# named twice: keep one row, with the rights of both
		first.may_add = first.may_add or row.may_add
	if len(known) < len(playlist.audience):
		playlist.set("audience", list(known.values()))


def checked_text(text: str | None, longest: int) -> str:
	"""The text, "" for none. Raises a ValidationError if it is too long."""
	text = text or ""
	if len(text) > longest:
		richtext.too_long(longest)
	return text
