"""Clips as Desk shows them."""

import frappe
from frappe.utils import cint, flt, get_url, now

from call_intelligence.clips import openings
from call_intelligence.clips.access import may_end, visible_clips
from call_intelligence.queries import sql

MOST = 100
MOST_OPENINGS = 200
FIELDS = (
	"name", "call", "title", "start_seconds", "end_seconds", "message", "only_this_part", "external", "has_password", "shared_by",
	"shared_by_name", "creation", "expires_on", "ended", "ended_on", "end_reason", "opened", "last_opened_on", "media_state",
	"media_error",
)  # fmt: skip


def address(clip, key: str = "") -> str:
	"""URL of the clip; that of an external one needs its key, which is not stored."""
	if clip.external:
		return get_url(f"/clip/{key}") if key else ""
	if clip.only_this_part:
		return get_url(f"/clip/{clip.name}")
	return get_url(f"/app/call/{clip.call}?shared={clip.name}")


def of_call(call: str) -> list[dict]:
	"""The clips of the Call that the session's user sees, newest first"""
	columns = ", ".join(f"`tabCall Clip`.`{field}`" for field in FIELDS)
	rows = sql.run(
		f"""select {columns} from `tabCall Clip` where `call` = %(call)s and {{visible}}
		order by `creation` desc, `name` limit {MOST}""",
		{"call": call},
		conditions={"visible": visible_clips()},
		as_dict=True,
	)
	return as_shown(rows)


def one(name: str) -> dict:
	return as_shown([frappe.db.get_value("Call Clip", name, FIELDS, as_dict=True)])[0]


def as_shown(rows: list) -> list[dict]:
	"""Openings are shown only to users who may end the clip."""
	names = [row.name for row in rows]
	people = recipients(names)
	ending = {row.name: may_end(row) for row in rows}
	opened = openings.of_clips([name for name in names if ending[name]], MOST_OPENINGS)
	return [clip(row, people.get(row.name, []), opened.get(row.name, []), ending[row.name]) for row in rows]


def recipients(names: list[str]) -> dict[str, list[dict]]:
	found: dict[str, list[dict]] = {}
	rows = names and frappe.get_all(
		"Call Clip Recipient",
		filters={"parenttype": "Call Clip", "parent": ["in", names]},
		fields=["parent", "user", "full_name"],
		order_by="parent, idx",
	)
	for row in rows or ():
		found.setdefault(row.parent, []).append({"user": row.user, "full_name": row.full_name or row.user})
	return found


def clip(row, people: list[dict], opened: list[dict], may_end: bool) -> dict:
	expired = bool(row.expires_on) and str(row.expires_on) <= now()
	return {
		"name": row.name,
		"call": row.call,
		"title": row.title,
		"start": flt(row.start_seconds, 2),
		"end": flt(row.end_seconds, 2),
		"message": row.message or "",
		"only_this_part": bool(row.only_this_part),
		"external": bool(row.external),
		"has_password": bool(row.has_password),
		"shared_by": row.shared_by,
		"shared_by_name": row.shared_by_name or row.shared_by,
		"creation": str(row.creation),
		"expires_on": row.expires_on and str(row.expires_on),
		"live": not row.ended and not expired,
		"ended": bool(row.ended),
		"ended_on": row.ended_on and str(row.ended_on),
		"end_reason": row.end_reason or ("Expired" if expired else ""),
		"recipients": people,
		"link": address(row),
		"opened": cint(row.opened) if may_end else 0,
		"last_opened_on": str(row.last_opened_on) if may_end and row.last_opened_on else None,
		"openings": opened,
		"may_revoke": may_end and not row.ended,
		"mine": row.shared_by == frappe.session.user,
		"media_state": row.media_state or "",
		"media_error": (row.media_error or "") if may_end and row.media_state == "Failed" else "",
	}
