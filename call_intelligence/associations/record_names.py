"""Removes links to records that the session's user may not read from Calls that are sent to them.

The database is not changed: when a call that was read without some links is saved, they are put back.
"""

import frappe

from call_intelligence import permissions
from call_intelligence.associations.linking import primary_records
from call_intelligence.associations.readable_names import told
from call_intelligence.core.mixin import Mixin
from call_intelligence.integrations.registry import is_installed
from call_intelligence.queries.record_names import COLUMNS, LEVEL, reads_all


class DecidesByRecord(Mixin):
	"""Document with columns of `queries.record_names`: in a single document access depends on the records, not on the level."""

	def get_permlevel_access(self, *args, **kwargs):
		return [*super().get_permlevel_access(*args, **kwargs), LEVEL]


class NamesReadableRecords(DecidesByRecord):
	"""A Call"""

	def apply_fieldlevel_read_permissions(self):
		hide(self)
		super().apply_fieldlevel_read_permissions()

	def as_dict(self, *args, **kwargs):
		found = super().as_dict(*args, **kwargs)
		# for responses only; Frappe also stores deleted documents in this form
		if getattr(frappe.local, "request", None) and not self.flags.keeps_names:
			hide(found)
		return found


class NamesReadableRecord(DecidesByRecord):
	"""A row of a Call that is requested on its own"""

	def apply_fieldlevel_read_permissions(self):
		hide_row(self)
		super().apply_fieldlevel_read_permissions()


def hide(call) -> None:
	"""Remove the links that the session's user may not see from a Call (a document or its dict)."""
	if reads_all():
		return
	associations, participants = call.get("associations") or [], call.get("participants") or []
	links = [(row.get("link_doctype"), row.get("link_name")) for row in associations]
	known = told([*links, *((row.get("party_type"), row.get("party")) for row in participants)])
	known |= gone_records(call, links)
	shown = [row for row, link in zip(associations, links, strict=True) if not link[1] or link in known]
	call.update({"associations": shown, **primary_records([frappe._dict(link_of(row)) for row in shown])})
	for row in participants:
		if row.get("party") and (row.get("party_type"), row.get("party")) not in known:
			row.update({"party_type": None, "party": None})


def link_of(row) -> dict:
	return {field: row.get(field) for field in ("kind", "link_doctype", "link_name")}


def gone_records(call, links: list) -> set:
	"""Records of uninstalled apps, if the user may edit the call: they are shown so that they can be removed."""
	gone = {link for link in links if link[0] and not is_installed(link[0])}
	if gone and permissions.may_edit(permissions.stored(frappe._dict(name=call.get("name")))):
		return gone
	return set()


def hide_row(row) -> None:
	if reads_all():
		return
	for name, doctype in COLUMNS[row.doctype].items():
		if doctype and not told([(row.get(doctype), row.get(name))]):
			row.update(dict.fromkeys(COLUMNS[row.doctype]))


def restore(call, before) -> None:
	"""Put back the links that `hide` removed from the copy that is now saved over `before`."""
	if call.flags.ignore_permissions or reads_all():
		return
	parties = {row.name: (row.party_type, row.party) for row in before.participants if row.party}
	links = {row.name: (row.link_doctype, row.link_name) for row in before.associations}
	known = told([*parties.values(), *links.values()])
	for row in call.participants:
		if not row.party and is_hidden(parties.get(row.name), known):
			row.party_type, row.party = parties[row.name]
	present = {row.name: row for row in call.associations}
	rows, after = list(call.associations), None
	for row in before.associations:
		if is_hidden(links[row.name], known):
			if row.name not in present:
				rows.insert(rows.index(after) + 1 if after else 0, row)
				present[row.name] = row
			elif not present[row.name].link_name:
				present[row.name].update(link_of(row))
		after = present.get(row.name, after)
	call.set("associations", rows)


def is_hidden(record, known: set) -> bool:
	return bool(record) and record not in known and is_installed(record[0])
