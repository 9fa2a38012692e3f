"""Who may see a clip, and who may open it.

A clip is listed for its sharer, the owner of its call and managers, and for its recipients while it is live. Live: not ended, not
expired, and its sharer still sees the call. A clip of the whole recording is opened by users who see the call. The part of a clip with
`only_this_part` is also opened by recipients marked `given`: the sharer was allowed to share the call.
"""

import frappe
from frappe import _
from frappe.utils import now

from call_intelligence.permissions import (
	READING,
	can_see,
	check_can_see,
	check_has_seat,
	is_desk_user,
	may_edit,
	visibility,
	visible_calls,
)
from call_intelligence.queries import sql
from call_intelligence.queries.sql import literal


def check_may_clip(call: str) -> None:
	"""Raise frappe.PermissionError unless the session's user may share parts of the Call: with the seat, if they see it."""
	check_can_see(call)
	check_has_seat()


def not_expired(now_: str | None = None) -> str:
	"""SQL condition over `tabCall Clip`"""
	clip = "`tabCall Clip`"
	return f"({clip}.`ended` = 0 and ({clip}.`expires_on` is null or {clip}.`expires_on` > {literal(now_ or now())}))"


@visibility
def visible_clips(user: str) -> str:
	"""SQL condition over `tabCall Clip`, in brackets, true for the clips that `user` sees in lists."""
	clip, me = "`tabCall Clip`", literal(user)
	return f"""(
		{clip}.`shared_by` = {me}
		or {clip}.`call` in (select `name` from `tabCall` where `call_owner` = {me})
		or ({not_expired()} and {clip}.`external` = 0 and (
			({clip}.`name` in ({received(user)})
				and {clip}.`call` in (select `name` from `tabCall` where {visible_calls(user)}))
			or ({clip}.`name` in ({received(user)} and `given` = 1) and {clip}.`only_this_part` = 1)
		))
	)"""


def received(user: str) -> str:
	"""A query of the clips that `user` is a recipient of; may be followed by more conditions"""
	return f"select `parent` from `tabCall Clip Recipient` where `parenttype` = 'Call Clip' and `user` = {literal(user)}"


def may_read(clip: str, user: str | None = None) -> bool:
	"""Whether `user` sees the Call Clip, with its state, in lists."""
	return sql.holds(visible_clips(user), "Call Clip", clip)


@visibility
def visible_openings(user: str) -> str:
	"""SQL condition over `tabCall Clip Opening`: openings of clips that `user` has shared, or of calls that they own."""
	me = literal(user)
	return f"""(
		`tabCall Clip Opening`.`clip` in (select `name` from `tabCall Clip` where `shared_by` = {me})
		or `tabCall Clip Opening`.`call` in (select `name` from `tabCall` where `call_owner` = {me})
	)"""


# ------------------------------------------------------------------------------------------------ opening


def is_live(clip) -> bool:
	"""clip: with `ended`, `expires_on`, `call` and `shared_by`"""
	if clip.ended or (clip.expires_on and str(clip.expires_on) <= now()):
		return False
	return sharer_sees(clip)


def sharer_sees(clip) -> bool:
	"""Whether the sharer is enabled and still has access to the call."""
	if not clip.shared_by:
		return False
	return bool(frappe.db.get_value("User", clip.shared_by, "enabled")) and can_see(clip.call, clip.shared_by)


def may_open(clip, user: str | None = None) -> bool:
	"""Whether `user`, logged in, may open the clip; clip: a Call Clip."""
	user = user or frappe.session.user
	if not is_desk_user(user) or not is_live(clip):
		return False
	if can_see(clip.call, user):
		return True
	return bool(clip.only_this_part and not clip.external and is_given(clip.name, user))


def is_given(clip: str, user: str) -> bool:
	row = {"parenttype": "Call Clip", "parent": clip, "user": user, "given": 1}
	return bool(frappe.db.exists("Call Clip Recipient", row))


def opened(name: str):
	"""The Call Clip, for the session's user; raises frappe.PermissionError, also if it does not exist."""
	clip = frappe.get_doc("Call Clip", name) if frappe.db.exists("Call Clip", str(name)) else None
	if not clip or not may_open(clip):
		frappe.throw(
			_("This clip does not exist any more, or you may not see it. Please ask the person who sent it."),
			frappe.PermissionError,
		)
	return clip


def may_end(clip, user: str | None = None) -> bool:
	"""Whether `user` may end the clip: its sharer, and users who may edit the call"""
	user = user or frappe.session.user
	owner = frappe.db.get_value("Call", clip.call, "call_owner", cache=True)
	return clip.shared_by == user or may_edit(frappe._dict(call_owner=owner), user)


# ------------------------------------------------------------------------------------------------ hooks


def clip_query(user: str | None = None, **kwargs) -> str:
	return visible_clips(user)


def recipient_query(user: str | None = None, **kwargs) -> str:
	return f"(`tabCall Clip Recipient`.`parent` in (select `name` from `tabCall Clip` where {visible_clips(user)}))"


def opening_query(user: str | None = None, **kwargs) -> str:
	return visible_openings(user)


def clip_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	return ptype in READING and may_read(doc.name or "", user)


def opening_has_permission(doc, ptype: str = "read", user: str | None = None, **kwargs) -> bool:
	return ptype in READING and sql.holds(visible_openings(user), "Call Clip Opening", doc.name)
