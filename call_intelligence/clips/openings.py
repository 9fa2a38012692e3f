"""Who has opened a clip and when."""

import frappe
from frappe.utils import cint, get_fullname, now

from call_intelligence.clips.addresses import address_of


def log(clip, ip_address: str | None = None) -> None:
	"""Log that the session's user, or a guest, has opened the clip; openings by its sharer don't count.

	ip_address: as stated by the request; stored only if it is an address
	"""
	user = frappe.session.user
	if user == clip.shared_by:
		return
	opening = frappe.get_doc(
		{
			"doctype": "Call Clip Opening",
			"clip": clip.name,
			"call": clip.call,
			"user": user,
			"user_name": None if user == "Guest" else get_fullname(user),
			"opened_on": now(),
			"ip_address": address_of(ip_address),
		}
	)
	opening.set_new_name()
	opening.db_insert()
	table = frappe.qb.DocType("Call Clip")
	# counted by the database, so that concurrent openings are all counted
	(
		frappe.qb.update(table)
		.set(table.opened, table.opened + 1)
		.set(table.last_opened_on, opening.opened_on)
		.where(table.name == clip.name)
	).run()
	clip.opened = cint(clip.opened) + 1


def of_clips(names: list[str], most: int) -> dict[str, list[dict]]:
	"""{clip: [{"user", "full_name", "opened_on"}]}, newest first, of the `most` newest openings of all these clips"""
	found: dict[str, list[dict]] = {}
	rows = names and frappe.get_all(
		"Call Clip Opening",
		filters={"clip": ["in", names]},
		fields=["clip", "user", "user_name", "opened_on"],
		order_by="opened_on desc",
		limit=most,
	)
	for row in rows or ():
		opening = {"user": row.user, "full_name": row.user_name, "opened_on": str(row.opened_on)}
		found.setdefault(row.clip, []).append(opening)
	return found
