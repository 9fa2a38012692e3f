"""Finding those whom a clip is for: colleagues and User Groups."""

import frappe

from call_intelligence.desk.mentions import members
from call_intelligence.matching.search import escaped
from call_intelligence.permissions import can_see, quote

MOST_USERS, MOST_GROUPS = 8, 4
LONGEST = 100


def search(call: str, text: str) -> list[dict]:
	"""By name or e-mail -> [{"doctype", "name", "label", "description", "image", "sees" (users), "members" (groups)}]"""
	like = quote(f"%{escaped(' '.join((text or '').split())[:LONGEST])}%")
	return users(call, like) + groups(like)


def users(call: str, like: str) -> list[dict]:
	"""Who can log in to Desk, without the session's user; those who see the call already are marked."""
	rows = frappe.db.sql(
		f"""select `name`, `full_name`, `email`, `user_image` from `tabUser`
		where `enabled` = 1 and `user_type` = 'System User' and `name` not in ('Guest', {quote(frappe.session.user)})
		and (`full_name` like {like} or `name` like {like} or `email` like {like})
		order by `full_name` limit {MOST_USERS}""",
		as_dict=True,
	)  # nosemgrep
	return [
		{
			"doctype": "User",
			"name": row.name,
			"label": row.full_name or row.name,
			"description": row.email if row.email != row.full_name else "",
			"image": row.user_image,
			"sees": can_see(call, row.name),
		}
		for row in rows
	]


def groups(like: str) -> list[dict]:
	rows = frappe.db.sql(
		f"select `name` from `tabUser Group` where `name` like {like} order by `name` limit {MOST_GROUPS}",
		pluck=True,
	)  # nosemgrep
	return [
		{
			"doctype": "User Group",
			"name": name,
			"label": name,
			"description": "",
			"image": None,
			"members": len(members(name)),
		}
		for name in rows
	]
