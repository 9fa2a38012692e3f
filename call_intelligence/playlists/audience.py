"""Who sees a playlist, who may add to it and who may change it: defined once, as queries.

A person with a Desk login sees a playlist if they
- hold the role Call Intelligence Manager, or
- own it (`playlist_owner`), or
- are among its chosen people: as a User, as a member of a User Group, or as a holder of a Role, or
- have the seat, if the playlist is for everyone with the seat, or
- have it shared with them (DocShare).

An item is shown only to users who see its playlist AND its call. Lists, documents, link search and notifications go through these
conditions, each of which depends on a single user.
"""

import frappe
from frappe import _

from call_intelligence.permissions import (
	MANAGER_ROLE,
	NOTHING,
	USER_ROLE,
	has_seat,
	visibility,
	visible_calls,
)
from call_intelligence.queries import sql
from call_intelligence.queries.sql import literal, literals

ONLY_ME, CHOSEN, SEAT, WHO_SEES = (
	"Only me",
	"Chosen people",
	"Everyone with the seat",
	"Everyone who sees it",
)
# DocTypes that an audience may name
MEMBERS = ("User", "User Group", "Role")
# roles that Frappe gives to all users, without storing that
EVERYBODYS_ROLES = ("All", "Guest", "Desk User")
# in one list of people who see a playlist
MOST_PEOPLE = 200


@visibility
def visible_playlists(user: str) -> str:
	"""SQL condition over `tabCall Playlist`, in brackets, true for the playlists that `user` sees."""
	me = literal(user)
	alternatives = [
		f"`tabCall Playlist`.`playlist_owner` = {me}",
		f"(`tabCall Playlist`.`visibility` = {literal(CHOSEN)} and {chosen(user)})",
		f"""`tabCall Playlist`.`name` in (
			select `share_name` from `tabDocShare`
			where `share_doctype` = 'Call Playlist' and `read` = 1 and (`user` = {me} or `everyone` = 1)
		)""",
	]
	if has_seat(user):
		alternatives.append(f"`tabCall Playlist`.`visibility` = {literal(SEAT)}")
	return "(" + " or ".join(alternatives) + ")"


def chosen(user: str, only_who_may_add: bool = False) -> str:
	"""SQL condition over `tabCall Playlist`: its audience names `user`, one of their groups or one of their roles."""
	me = literal(user)
	roles = literals(frappe.get_roles(user))
	adding = "and `may_add` = 1" if only_who_may_add else ""
	return f"""`tabCall Playlist`.`name` in (
		select `parent` from `tabCall Playlist Audience` where `parenttype` = 'Call Playlist' {adding} and (
			(`member_doctype` = 'User' and `member` = {me})
			or (`member_doctype` = 'Role' and `member` in ({roles}))
			or (`member_doctype` = 'User Group' and `member` in (
				select `parent` from `tabUser Group Member` where `parenttype` = 'User Group' and `user` = {me}
			))
		)
	)"""


@visibility
def open_playlists(user: str) -> str:
	"""SQL condition over `tabCall Playlist`: those that `user` sees and may add to."""
	return f"""({visible_playlists(user)} and (
		`tabCall Playlist`.`playlist_owner` = {literal(user)}
		or `tabCall Playlist`.`who_may_add` = {literal(WHO_SEES)}
		or (`tabCall Playlist`.`who_may_add` = {literal(CHOSEN)} and {chosen(user, only_who_may_add=True)})
	))"""


@visibility
def own_playlists(user: str) -> str:
	"""SQL condition over `tabCall Playlist`: those that `user` may change, and whose listeners they see."""
	if not has_seat(user):
		return NOTHING
	return f"(`tabCall Playlist`.`playlist_owner` = {literal(user)})"


def visible_items(user: str | None = None) -> str:
	"""SQL condition over `tabCall Playlist Item`, in brackets: `user` sees both the playlist and the call."""
	return f"""(`tabCall Playlist Item`.`playlist` in (
		select `tabCall Playlist`.`name` from `tabCall Playlist` where {visible_playlists(user)}
	) and `tabCall Playlist Item`.`call` in (
		select `tabCall`.`name` from `tabCall` where {visible_calls(user)}
	))"""


def sees(playlist: str | None, user: str | None = None) -> bool:
	return sql.holds(visible_playlists(user), "Call Playlist", playlist)


def may_add(playlist: str | None, user: str | None = None) -> bool:
	return sql.holds(open_playlists(user), "Call Playlist", playlist)


def may_change(playlist: str | None, user: str | None = None) -> bool:
	return sql.holds(own_playlists(user), "Call Playlist", playlist)


def sees_item(item: str | None, user: str | None = None) -> bool:
	return sql.holds(visible_items(user), "Call Playlist Item", item)


# the same error for missing documents as for hidden ones


def check_sees(playlist: str) -> None:
	if not sees(playlist):
		frappe.throw(_("This playlist does not exist, or you may not see it."), frappe.PermissionError)


def check_sees_item(item: str) -> None:
	if not sees_item(item):
		frappe.throw(
			_("This item of a playlist does not exist, or you may not see it."), frappe.PermissionError
		)


def check_may_add(playlist: str) -> None:
	check_sees(playlist)
	if not may_add(playlist):
		frappe.throw(
			_("You can listen to this playlist but not add to it. Its owner can allow it."),
			frappe.PermissionError,
		)


def check_may_change(playlist: str) -> None:
	check_sees(playlist)
	if not may_change(playlist):
		frappe.throw(
			_("Only the owner of the playlist or a Call Intelligence Manager may do this."),
			frappe.PermissionError,
		)


# ------------------------------------------------------------------------------------------------ who they are


def people(playlist: str) -> tuple[list[dict], bool]:
	"""([{"user", "full_name"}] of those who see the playlist, by name, `MOST_PEOPLE` at most; whether these are all).

	Without managers, who see everything, and without the session's user.
	"""
	row = frappe.db.get_value("Call Playlist", playlist, ["playlist_owner", "visibility"], as_dict=True)
	rows = sql.run(
		f"""select `tabUser`.`name` user, `tabUser`.`full_name` from `tabUser`
		where `tabUser`.`enabled` = 1 and `tabUser`.`user_type` = 'System User'
		and `tabUser`.`name` not in ('Administrator', %(me)s)
		and `tabUser`.`name` not in ({holders("%(manager_role)s")})
		and ({" or ".join(who_sees(row.visibility))})
		order by `tabUser`.`full_name`, `tabUser`.`name` limit {MOST_PEOPLE + 1}""",
		{
			"me": frappe.session.user,
			"playlist": playlist,
			"playlist_owner": row.playlist_owner or "",
			"manager_role": MANAGER_ROLE,
			"seat_role": USER_ROLE,
			"everybodys_roles": EVERYBODYS_ROLES,
		},
		as_dict=True,
	)
	return [dict(found) for found in rows[:MOST_PEOPLE]], len(rows) <= MOST_PEOPLE


def who_sees(visibility: str) -> list[str]:
	"""SQL conditions over `tabUser`, with the parameters of `people`; one of them is true for users who see the playlist without
	being managers"""
	found = [
		"`tabUser`.`name` = %(playlist_owner)s",
		"""exists (
			select 1 from `tabDocShare` where `share_doctype` = 'Call Playlist' and `share_name` = %(playlist)s
			and `read` = 1 and (`everyone` = 1 or `user` = `tabUser`.`name`)
		)""",
	]
	if visibility == SEAT:
		found.append(f"`tabUser`.`name` in ({holders('%(seat_role)s')})")
	if visibility == CHOSEN:
		named = "select `member` from `tabCall Playlist Audience` where `parenttype` = 'Call Playlist' and `parent` = %(playlist)s"
		role_members = f"{named} and `member_doctype` = 'Role'"
		found += [
			f"`tabUser`.`name` in ({named} and `member_doctype` = 'User')",
			f"""`tabUser`.`name` in (
				select `user` from `tabUser Group Member` where `parenttype` = 'User Group'
				and `parent` in ({named} and `member_doctype` = 'User Group')
			)""",
			f"`tabUser`.`name` in ({holders(role_members)})",
			f"exists ({named} and `member_doctype` = 'Role' and `member` in %(everybodys_roles)s)",
		]
	return found


def holders(roles: str) -> str:
	"""A query of the users who hold one of the roles; roles: SQL for between brackets"""
	return f"select `parent` from `tabHas Role` where `parenttype` = 'User' and `role` in ({roles})"


# ------------------------------------------------------------------------------------------------ deleted members


def member_deleted(doc, method: str | None = None) -> None:
	"""doc_events of User, User Group and Role: one that gets the same name later must not inherit access."""
	# uninstalling the app deletes its roles after its tables
	if not frappe.db.exists("DocType", "Call Playlist"):
		return
	frappe.db.delete("Call Playlist Audience", {"member_doctype": doc.doctype, "member": doc.name})
	if doc.doctype == "User":
		for doctype in ("Call Playlist Follower", "Call Playlist Listening"):
			frappe.db.delete(doctype, {"user": doc.name})
		# their playlists stay, for managers to reassign; their items stay with their name
		for doctype, field in (("Call Playlist", "playlist_owner"), ("Call Playlist Item", "added_by")):
			frappe.db.set_value(doctype, {field: doc.name}, field, None, update_modified=False)
