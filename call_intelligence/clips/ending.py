"""The end of a clip: revoked, expired, or its sharer lost sight of the call. The row stays, so that one reads what became of it; what
it gave goes: the access, the cut sound, the key, the words in notifications."""

import frappe
from frappe import _
from frappe.utils import now

from call_intelligence.clips import links, media
from call_intelligence.clips.access import may_end, not_expired
from call_intelligence.permissions import quote, visible_calls

REVOKED, EXPIRED, ACCESS_LOST = "Revoked", "Expired", "Access lost"


def revoke(name: str):
	"""End the clip by the session's user -> Call Clip. Raises frappe.PermissionError."""
	clip = frappe.get_doc("Call Clip", name, for_update=True)
	if not may_end(clip):
		frappe.throw(
			_("Only the person who shared this clip, or the owner of the call, may revoke it."),
			frappe.PermissionError,
		)
	if not clip.ended:
		end(clip, REVOKED, frappe.session.user)
	return clip


def end(clip, reason: str, user: str | None = None) -> None:
	clip.db_set(
		{
			"ended": 1,
			"ended_on": now(),
			"ended_by": user,
			"end_reason": reason,
			"link_key": None,
			"media_state": "",
		},
		update_modified=False,
	)
	take_back_access(clip)
	take_away(clip.name)


def take_back_access(clip) -> None:
	"""The shares of the call that were made for this clip, unless somebody has changed them since, or another clip needs them."""
	for row in clip.recipients:
		if not row.granted:
			continue
		share = frappe.db.get_value(
			"DocShare", row.granted, ["name", "creation", "modified", "user", "share_name"], as_dict=True
		)
		if share and share.creation == share.modified and not is_needed(clip, share):
			frappe.delete_doc("DocShare", share.name, ignore_permissions=True, force=True)


def is_needed(clip, share) -> bool:
	"""Whether another live clip of the whole recording was shared with the same person; it takes the access over."""
	other = frappe.db.sql(
		f"""select recipient.`name` from `tabCall Clip Recipient` recipient
		inner join `tabCall Clip` on `tabCall Clip`.`name` = recipient.`parent`
		where recipient.`parenttype` = 'Call Clip' and recipient.`user` = {quote(share.user)}
		and `tabCall Clip`.`call` = {quote(clip.call)} and `tabCall Clip`.`name` != {quote(clip.name)}
		and `tabCall Clip`.`only_this_part` = 0 and {not_expired()} limit 1"""
	)  # nosemgrep
	if other:
		frappe.db.set_value("Call Clip Recipient", other[0][0], "granted", share.name, update_modified=False)
	return bool(other)


def take_away(name: str) -> None:
	"""Sound, password, and what notifications quote of the call"""
	media.forget(name)
	links.forget_password(name)
	frappe.db.delete("Notification Log", {"document_type": "Call Clip", "document_name": name})


# ------------------------------------------------------------------------------------------------ by themselves


def sweep() -> list[str]:
	"""End what has expired, and what was shared by people who do not see the call any more; returns the names of those clips."""
	due = dict.fromkeys(expired(), EXPIRED)
	due |= {name: ACCESS_LOST for name in orphaned() if name not in due}
	for name, reason in due.items():
		end(frappe.get_doc("Call Clip", name, for_update=True), reason)
	return list(due)


def expired() -> list[str]:
	# Frappe takes a date that is not set for the earliest one
	filters = [["ended", "=", 0], ["expires_on", "is", "set"], ["expires_on", "<=", now()]]
	return frappe.get_all("Call Clip", filters=filters, pluck="name")


def orphaned() -> list[str]:
	"""One query for each person who has shared something"""
	found = []
	for user in frappe.get_all(
		"Call Clip", filters={"ended": 0}, pluck="shared_by", distinct=True, order_by="shared_by"
	):
		seen = visible_calls(user) if frappe.db.get_value("User", user, "enabled") else "(1=0)"
		found += frappe.db.sql(
			f"""select `name` from `tabCall Clip` where `ended` = 0 and `shared_by` = {quote(user)}
			and `call` not in (select `tabCall`.`name` from `tabCall` where {seen})""",
			pluck=True,
		)  # nosemgrep
	return found


# ------------------------------------------------------------------------------------------------ deleting


def forget(clip) -> None:
	"""on_trash of Call Clip: nothing of it stays"""
	take_back_access(clip)
	take_away(clip.name)
	frappe.db.delete("Call Clip Opening", {"clip": clip.name})
	# what Frappe keeps of a deleted document holds no word of it
	clip.message = None


def forget_all(call: str) -> None:
	"""on_trash of Call"""
	for name in frappe.get_all("Call Clip", filters={"call": call}, pluck="name"):
		frappe.delete_doc("Call Clip", name, force=True, ignore_permissions=True, delete_permanently=True)
