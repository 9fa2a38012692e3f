"""Items hidden from people who see the playlist but not the call: counts them, and shares their calls.

Never returns which ones: they may be hidden from the session's user as well.
"""

import frappe
from frappe import _
from frappe.utils import cint

from call_intelligence.permissions import has_seat, is_manager, may_share, visible_calls
from call_intelligence.playlists import audience
from call_intelligence.queries import sql


def hidden_for(playlist: str) -> dict:
	"""One query for each person who sees the playlist, `audience.MOST_PEOPLE` at most.

	-> {"people": [{"user", "full_name", "count", "may_share": how many of them the session's user may share}], "complete": whether
	all people were checked}; people without hidden items are left out
	"""
	people, complete = audience.people(playlist)
	found = [{**person, **hidden_from(playlist, person["user"])} for person in people]
	return {"people": [person for person in found if person["count"]], "complete": complete}


def hidden_from(playlist: str, user: str) -> dict:
	"""-> {"count", "may_share"}"""
	number, own = from_hidden_items(f"count(*), sum({mine_to_share()})", playlist, user)[0]
	return {"count": cint(number), "may_share": cint(own)}


def from_hidden_items(columns: str, playlist: str, user: str) -> list[tuple]:
	"""Columns of the items whose calls `user` does not see"""
	return sql.run(
		f"""select {columns} from `tabCall Playlist Item` item inner join `tabCall` held on held.`name` = item.`call`
		where item.`playlist` = %(playlist)s
		and item.`call` not in (
			select `tabCall`.`name` from `tabCall`
			inner join `tabCall Playlist Item` other on other.`call` = `tabCall`.`name` and other.`playlist` = %(playlist)s
			where {{visible}}
		)""",
		{"playlist": playlist, "me": frappe.session.user},
		conditions={"visible": visible_calls(user)},
	)


def mine_to_share() -> str:
	"""SQL with the parameter `me`, 1 for a call that the session's user may share: `call_intelligence.permissions.may_share` as a
	condition, which may still refuse a single call"""
	if not frappe.has_permission("Call", "share"):
		return "0"
	if is_manager():
		return "1"
	return "held.`call_owner` = %(me)s" if has_seat() else "0"


def share(playlist: str, user: str) -> dict:
	"""Give a user who sees the playlist access to its calls hidden from them, as far as the session's user may share those.

	-> {"shared", "not_shared"}: numbers of items
	"""
	if not frappe.db.get_value("User", user, "enabled") or not audience.sees(playlist, user):
		frappe.throw(
			_("Its calls can be shared only with people who see the playlist."), frappe.PermissionError
		)
	rows = from_hidden_items(f"item.`call`, {mine_to_share()}", playlist, user)
	mine = sorted({call for call, own in rows if own})
	shared = [call for call in mine if may_share(frappe.get_doc("Call", call))]
	for call in shared:
		frappe.share.add("Call", call, user, read=1)
	number = sum(call in shared for call, _own in rows)
	return {"shared": number, "not_shared": len(rows) - number}
