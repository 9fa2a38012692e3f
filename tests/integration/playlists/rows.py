"""Stored data of playlists, and permissions"""

import frappe

from call_intelligence.api import playlists

EVERYBODY = (
	"owner", "manager", "participant", "shared with", "crm user", "other seat", "rep", "stranger", "portal user", "Guest",
)  # fmt: skip


def listed(playlist):
	return playlists.get(playlist)["items"]


def first(playlist):
	return frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, order_by="position", pluck="name"
	)[0]


def order(playlist):
	"""[position], and the names in that order"""
	rows = frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, fields=["name", "position"], order_by="position"
	)
	return [row.position for row in rows], [row.name for row in rows]


def counted(playlist):
	return frappe.db.get_value("Call Playlist", playlist, ["item_count", "total_seconds"])


def logs(playlist):
	return frappe.get_all(
		"Notification Log", filters={"document_name": playlist}, fields=["for_user", "subject", "type"]
	)


def told(playlist):
	return sorted(row.for_user for row in logs(playlist))


def allowed(people, as_user, attempt, who=EVERYBODY):
	"""The names of the users for whom the attempt succeeds"""
	found = []
	for name in who:
		with as_user(people[name]):
			try:
				if attempt() is not False:
					found.append(name)
			except frappe.PermissionError:
				pass
	return found
