"""Finds recipients for a clip: colleagues and User Groups."""

import frappe

from call_intelligence.discussion.mentions import members
from call_intelligence.permissions import can_see
from call_intelligence.queries import sql

MOST_USERS, MOST_GROUPS = 8, 4
LONGEST = 100


def search(call: str, text: str) -> list[dict]:
	"""By name or e-mail -> [{"doctype", "name", "label", "description", "image", "sees" (users), "members" (groups)}]"""
	pattern = "%" + sql.like(" ".join((text or "").split())[:LONGEST])
	return users(call, pattern) + groups(pattern)


def users(call: str, pattern: str) -> list[dict]:
	"""Users who can log in to Desk, without the session's user; `sees` marks those who see the call already."""
	rows = sql.run(
		f"""select `name`, `full_name`, `user_image` from `tabUser`
		where `enabled` = 1 and `user_type` = 'System User' and `name` not in ('Guest', %(me)s)
		and (`full_name` like %(pattern)s or `name` like %(pattern)s)
		order by `full_name` limit {MOST_USERS}""",
		{"me": frappe.session.user, "pattern": pattern},
		as_dict=True,
	)
	return [
		{
			"doctype": "User",
			"name": row.name,
			"label": row.full_name or row.name,
			# the address used to log in: users may change their other one
			"description": row.name if row.name != row.full_name else "",
			"image": row.user_image,
			"sees": can_see(call, row.name),
		}
		for row in rows
	]


def groups(pattern: str) -> list[dict]:
	rows = sql.run(
		f"select `name` from `tabUser Group` where `name` like %(pattern)s order by `name` limit {MOST_GROUPS}",
		{"pattern": pattern},
		pluck=True,
	)
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
