"""Shares a part of a call: with colleagues, or by a link that opens without a login."""

import math

import frappe
from frappe import _
from frappe.utils import add_days, cint, flt, get_fullname, now_datetime

from call_intelligence.clips import links
from call_intelligence.core import grants, writing
from call_intelligence.core.times import site_time
from call_intelligence.discussion.mentions import members
from call_intelligence.permissions import may_share, who_sees
from call_intelligence.queue import enqueue
from call_intelligence.transcript import locks, recording_of

SHORTEST = 0.1  # seconds
LONGEST_MESSAGE = 2000
MOST_RECIPIENTS = 100


def new_name() -> str:
	return f"CLIP-{frappe.generate_hash(length=10)}"


# ------------------------------------------------------------------------------------------------ the part


def checked_part(call: str, start, end) -> tuple[float, float]:
	"""(start, end) in seconds of the Call; raises a ValidationError if that is not a part of it."""
	duration = flt(frappe.db.get_value("Call", call, "duration"))
	if not recording_of(call) or not duration:
		frappe.throw(_("This call has no recording that could be shared yet."))
	start, end = seconds(start), min(seconds(end), duration)
	# players round: their end may be slightly after the call's
	if start < 0 or start > duration:
		frappe.throw(_("The part is not within the call. Please choose another one."))
	if end - start < SHORTEST:
		frappe.throw(_("The part ends before it begins. Please choose a later end."))
	return round(start, 2), round(end, 2)


def seconds(value) -> float:
	try:
		found = float(value)
	except (TypeError, ValueError):
		found = math.nan
	if not math.isfinite(found):
		frappe.throw(_("{0} is not a time in seconds.").format(frappe.utils.escape_html(str(value)[:40])))
	return found


def new_clip(call: str, start, end, message: str, title: str, usual_title: str = ""):
	"""usual_title: used if `title` is empty; without it the call's title is used"""
	# locked, as a concurrent deletion of the call removes only the clips that exist by then
	locks.hold(call)
	if not frappe.db.get_value("Call", call, "name", for_update=True):
		frappe.throw(_("This call does not exist, or you may not see it."), frappe.PermissionError)
	start, end = checked_part(call, start, end)
	message = (message or "").strip()
	if len(message) > LONGEST_MESSAGE:
		frappe.throw(
			_("The message is too long: at most {0} characters are possible.").format(LONGEST_MESSAGE)
		)
	title = " ".join((title or "").split())
	return frappe.get_doc(
		{
			"doctype": "Call Clip",
			"call": call,
			"title": (title or usual_title or frappe.db.get_value("Call", call, "title") or call)[:140],
			"start_seconds": start,
			"end_seconds": end,
			"message": message,
			"shared_by": frappe.session.user,
			"shared_by_name": get_fullname(),
		}
	)


def insert(clip) -> None:
	"""Permission was checked before; no role may write clips."""
	if clip.only_this_part:
		clip.media_state = "Preparing"
	clip.flags.ignore_permissions = True
	for row in clip.recipients:
		row.flags.ignore_permissions = True
	clip.insert()
	if clip.only_this_part:
		enqueue.cut_clip(clip.name)


# ------------------------------------------------------------------------------------------------ with colleagues


def share(
	call: str,
	start,
	end,
	*,
	users: list[str],
	groups: list[str],
	message: str = "",
	title: str = "",
	only_this_part: bool = False,
	expires_on=None,
	notify: bool = True,
) -> tuple:
	"""Share a part with users and members of User Groups -> (Call Clip, [full name] reached, [{"user", "full_name"}] left out)

	Users who don't see the call get access to it, or to the part only, if the session's user may share the call; otherwise they
	are left out. Without `notify` no one is notified: the clip is created for its link, which everyone who sees the call may open.
	"""
	# before any lock or query
	check_number(dict.fromkeys(users))
	check_number(groups)
	clip = new_clip(call, start, end, message, title)
	clip.only_this_part = cint(only_this_part)
	clip.expires_on = checked_expiry(expires_on)
	everybody = colleagues(users, groups)
	seeing = who_sees(call, [*everybody])
	sharable = may_share(frappe.get_doc("Call", call))
	reached = [user for user in everybody if user in seeing or sharable]
	left_out = [{"user": user, "full_name": everybody[user]} for user in everybody if user not in reached]
	if not reached:
		check_nobody(notify or clip.only_this_part, left_out)
	# if the sharer may share the call, recipients keep the part; otherwise only those who see the call hear it
	given = cint(clip.only_this_part and sharable)
	for user in reached:
		clip.append("recipients", {"user": user, "full_name": everybody[user], "given": given})
	insert(clip)
	if not clip.only_this_part:
		granted = grants.give(call, [row.user for row in clip.recipients if row.user not in seeing])
		for row in clip.recipients:
			if row.user in granted:
				writing.set_value(
					"Call Clip Recipient", row.name, "granted", granted[row.user], update_modified=False
				)
	if notify:
		enqueue.tell_recipients(clip.name)
	return clip, [everybody[user] for user in reached], left_out


def check_nobody(somebody_is_needed: bool, left_out: list[dict]) -> None:
	if left_out:
		names = ", ".join(person["full_name"] for person in left_out)
		frappe.throw(
			_(
				"Nobody would receive this clip: {0} can't see the call, and only its owner or a Call Intelligence Manager can share it, where the site allows sharing."
			).format(frappe.utils.escape_html(names)),
			frappe.PermissionError,
		)
	if somebody_is_needed:
		frappe.throw(_("Please choose who should get this clip."))


def colleagues(users: list[str], groups: list[str]) -> dict[str, str]:
	"""{user: full name} of the enabled Desk users among them and among the members of the groups, without the session's user;
	raises a ValidationError if they are too many for one clip."""
	check_number(set(users))
	check_number(set(groups))
	wanted = list(dict.fromkeys([*users, *members(*groups)]))
	wanted = [user for user in wanted if user != frappe.session.user]
	rows = wanted and frappe.get_all(
		"User",
		filters={"name": ["in", wanted], "enabled": 1, "user_type": "System User"},
		fields=["name", "full_name"],
	)
	names = {row.name: row.full_name or row.name for row in rows or ()}
	unknown = [user for user in users if user in wanted and user not in names]
	if unknown:
		frappe.throw(
			_("{0} can't log in to Desk. Please choose somebody else.").format(
				frappe.utils.escape_html(unknown[0])
			)
		)
	found = {user: names[user] for user in wanted if user in names}
	check_number(found)
	return found


def check_number(chosen) -> None:
	if len(chosen) > MOST_RECIPIENTS:
		frappe.throw(
			_("A clip can be shared with {0} people at most. Please choose fewer.").format(MOST_RECIPIENTS)
		)


def who_cannot_see(call: str, users: list[str], groups: list[str]) -> list[dict]:
	"""[{"user", "full_name"}] of the `colleagues` who do not see the Call: `share` would give them access, or leave them out"""
	people = colleagues(users, groups)
	seeing = who_sees(call, [*people])
	return [
		{"user": user, "full_name": full_name} for user, full_name in people.items() if user not in seeing
	]


def checked_expiry(expires_on):
	if not expires_on:
		return None
	try:
		# stored without a zone, as Frappe stores all times
		moment = site_time(expires_on)
	except Exception:
		frappe.throw(_("{0} is not a date.").format(frappe.utils.escape_html(str(expires_on)[:40])))
	if moment <= now_datetime():
		frappe.throw(_("The clip would expire at once. Please choose a later date."))
	return moment


# ------------------------------------------------------------------------------------------------ by link


def create_link(
	call: str, start, end, *, message: str = "", title: str = "", days=None, password: str = ""
) -> tuple:
	"""Create a link that opens without a login -> (Call Clip, key); the key is not stored, and cannot be shown again."""
	if not links.allowed():
		frappe.throw(
			_("External links are switched off. A Call Intelligence Manager can allow them in the settings."),
			frappe.PermissionError,
		)
	if not may_share(frappe.get_doc("Call", call)):
		frappe.throw(
			_(
				"Only the owner of the call or a Call Intelligence Manager may share it outside the company, where the site allows sharing."
			),
			frappe.PermissionError,
		)
	days = links.usual_days() if days in (None, "") else cint(days)
	links.check_days(days)
	if password and len(password) < links.SHORTEST_PASSWORD:
		frappe.throw(
			_("The password is too short: please use at least {0} characters.").format(
				links.SHORTEST_PASSWORD
			)
		)
	# the title of the call may be internal
	clip = new_clip(call, start, end, message, title, _("Shared clip"))
	key, clip.link_key = links.new_key()
	clip.update(
		{
			"external": 1,
			"only_this_part": 1,
			"has_password": cint(bool(password)),
			"expires_on": add_days(now_datetime(), days),
		}
	)
	insert(clip)
	if password:
		links.set_password(clip.name, password)
	return clip, key
