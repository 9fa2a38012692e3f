"""Ends a clip: revoked, expired, or its sharer lost access to the call. The row stays for the record; access, cut sound, key and the
quoted words in notifications and in Frappe's queue of e-mails are removed."""

import frappe
from frappe import _
from frappe.utils import now

from call_intelligence.clips import links, mails, sound
from call_intelligence.clips.access import may_end, not_expired
from call_intelligence.compat import delete_doc, share_lock
from call_intelligence.core import writing
from call_intelligence.permissions import may_edit, visible_calls
from call_intelligence.queries import sql
from call_intelligence.transcript import locks

REVOKED, EXPIRED, ACCESS_LOST = "Revoked", "Expired", "Access lost"


def revoke(name: str):
	"""End the clip as the session's user -> Call Clip. Raises frappe.PermissionError."""
	clip = held(name)
	if not may_end(clip):
		frappe.throw(
			_("Only the person who shared this clip, or the owner of the call, may revoke it."),
			frappe.PermissionError,
		)
	if not clip.ended:
		end(clip, REVOKED, frappe.session.user)
	return clip


def held(name: str):
	"""The current Call Clip, locked until the transaction ends. The call is locked before the clip: two clips that end together
	could otherwise each rely on the other to keep a recipient's access."""
	locks.hold(frappe.db.get_value("Call Clip", name, "call"))
	return frappe.get_doc("Call Clip", name, for_update=True)


def end(clip, reason: str, user: str | None = None) -> None:
	"""clip: from `held`"""
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
	"""Remove the shares of the call that were made for this clip, unless they were changed since, or another clip takes them over."""
	for row in clip.recipients:
		if not row.granted:
			continue
		share = frappe.db.get_value(
			"DocShare", row.granted, ["name", "creation", "modified", "user", "share_name"], as_dict=True
		)
		if share and share.creation == share.modified and not is_kept(clip, share):
			# the user who ends a clip need not have the right to share the call
			anybody = {"ignore_share_permission": True}
			delete_doc("DocShare", share.name, ignore_permissions=True, force=True, flags=anybody)


def is_kept(clip, share) -> bool:
	"""Whether another live clip of the whole recording takes the share over: it was shared with the same person, by a user who may
	share the call. Otherwise two recipients who share with each other would never lose access."""
	call = frappe.db.get_value("Call", clip.call, ["name", "call_owner"], as_dict=True)
	others = sql.run(
		# reads the latest rows, not those of the transaction's snapshot
		f"""select recipient.`name`, `tabCall Clip`.`shared_by` from `tabCall Clip Recipient` recipient
		inner join `tabCall Clip` on `tabCall Clip`.`name` = recipient.`parent`
		where recipient.`parenttype` = 'Call Clip' and recipient.`user` = %(user)s
		and `tabCall Clip`.`call` = %(call)s and `tabCall Clip`.`name` != %(clip)s
		and `tabCall Clip`.`only_this_part` = 0 and {{not_expired}} {share_lock()}""",
		{"user": share.user, "call": clip.call, "clip": clip.name},
		conditions={"not_expired": not_expired()},
	)
	for row, sharer in others:
		if call and sharer and frappe.db.get_value("User", sharer, "enabled") and may_edit(call, sharer):
			writing.set_value("Call Clip Recipient", row, "granted", share.name, update_modified=False)
			return True
	return False


def take_away(name: str) -> None:
	"""Remove sound, password, and quotes of the call in notifications and e-mails"""
	sound.forget(name)
	links.forget_password(name)
	frappe.db.delete("Notification Log", {"document_type": "Call Clip", "document_name": name})
	mails.take_back(name)


# ------------------------------------------------------------------------------------------------ ended automatically


def sweep() -> list[str]:
	"""End clips that have expired, or whose sharer does not see the call any more; returns their names."""
	due = dict.fromkeys(expired(), EXPIRED)
	due |= {name: ACCESS_LOST for name in orphaned() if name not in due}
	ended = []
	for name in in_order(due):
		clip = held(name)
		# it may have been ended meanwhile
		if not clip.ended:
			end(clip, due[name], None)
			ended.append(name)
	return ended


def in_order(names) -> list[str]:
	"""Sorted by call, the lock order that everything follows, so that no deadlock can occur"""
	rows = names and frappe.get_all(
		"Call Clip", filters={"name": ["in", list(names)]}, fields=["name", "call"]
	)
	return [row.name for row in sorted(rows, key=lambda row: (row.call, row.name))]


def expired() -> list[str]:
	# Frappe treats an empty date as the earliest one
	filters = [["ended", "=", 0], ["expires_on", "is", "set"], ["expires_on", "<=", now()]]
	return frappe.get_all("Call Clip", filters=filters, pluck="name")


def orphaned() -> list[str]:
	"""Clips whose sharer does not see the call any more; one query for each sharer"""
	found = []
	for user in frappe.get_all(
		"Call Clip", filters={"ended": 0}, pluck="shared_by", distinct=True, order_by="shared_by"
	):
		seen = visible_calls(user) if frappe.db.get_value("User", user, "enabled") else "(1=0)"
		found += sql.run(
			"""select `name` from `tabCall Clip` where `ended` = 0 and `shared_by` = %(user)s
			and `call` not in (select `tabCall`.`name` from `tabCall` where {seen})""",
			{"user": user},
			conditions={"seen": seen},
			pluck=True,
		)
	return found


# ------------------------------------------------------------------------------------------------ deleting


def forget(clip) -> None:
	"""on_trash of Call Clip: remove everything that belongs to it"""
	take_back_access(clip)
	take_away(clip.name)
	frappe.db.delete("Call Clip Opening", {"clip": clip.name})
	# Frappe keeps a copy of a deleted document, which must not contain it
	clip.message = None


def forget_all(call: str) -> None:
	"""on_trash of Call"""
	for name in frappe.get_all("Call Clip", filters={"call": call}, pluck="name"):
		delete_doc("Call Clip", name, force=True, ignore_permissions=True, delete_permanently=True)
	# clips shared since the transaction's snapshot
	table = frappe.qb.DocType("Call Clip")
	late = frappe.qb.from_(table).select(table.name).where(table.call == call).for_update()
	for (name,) in late.run():
		forget(frappe.get_doc("Call Clip", name, for_update=True))
		frappe.db.delete("Call Clip Recipient", {"parenttype": "Call Clip", "parent": name})
		frappe.db.delete("Call Clip", {"name": name})


def person_deleted(doc, method: str | None = None) -> None:
	"""doc_events of User: a later user of the same name must not count as the sharer or a recipient of clips."""
	shared = frappe.get_all("Call Clip", filters={"shared_by": doc.name, "ended": 0}, pluck="name")
	for name in in_order(shared):
		end(held(name), ACCESS_LOST)
	frappe.db.set_value("Call Clip", {"shared_by": doc.name}, "shared_by", None, update_modified=False)
	frappe.db.set_value("Call Clip Opening", {"user": doc.name}, "user", None, update_modified=False)
	frappe.db.delete("Call Clip Recipient", {"user": doc.name})
