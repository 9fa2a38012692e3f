"""Applies the rules of the review's participants panel to the table on the Call form."""

from frappe.utils import cint

from call_intelligence.people import parties
from call_intelligence.people.automatic import WRITTEN, recognised
from call_intelligence.people.matching import addresses
from call_intelligence.people.recognition import BY_HAND, UNKNOWN

# not editable in the form
KEPT = (
	"matched_by", "voice_by", "given_name", "voice_name", "name_automatic", "side_automatic", "side_by_hand", "disconnected",
)  # fmt: skip
TELLING = ("speaker_key", "display_name", "side", "party_type", "party")


def keep(call) -> None:
	"""Hook validate of Call: changes count as decisions of the user, and the conclusions from them are added."""
	before = call.get_doc_before_save()
	old_rows = {row.name: row for row in before.participants} if before else {}
	for row in call.participants:
		old = old_rows.get(row.name)
		if not row.party:
			row.party_type = row.party = None
		if old:
			row.update({field: old.get(field) for field in KEPT})
			changed(row, old)
		elif before or not call.flags.ignore_permissions:
			row.update(dict.fromkeys(KEPT))
		if before and not old and not call.flags.ignore_permissions:
			# voices come only from the recording; a copied row is another person
			row.speaker_key = None
		if not old and not row.speaker_key:
			row.given_name = row.display_name
		new_party = row.party and (not old or (old.party_type, old.party) != (row.party_type, row.party))
		if new_party and not call.flags.ignore_permissions:
			parties.check(row.party_type, row.party)
		if new_party:
			row.matched_by = row.matched_by or BY_HAND
	conclude(call)


def separate(call) -> None:
	"""'Anna <anna@x.example>, bob@x.example' in the field of one participant becomes two participants. Texts that are not addresses stay."""
	kept = []
	for row in call.participants:
		try:
			first, *others = addresses.separated(
				{"side": row.side, "email": row.email, "display_name": row.display_name}
			)
		except ValueError:
			first, others = {}, []
		if row.email and first:
			row.update(first)
		kept += [row, *others]
	if len(kept) > len(call.participants):
		call.set("participants", kept)


def changed(row, old) -> None:
	if (row.display_name or "") != (old.display_name or ""):
		row.name_automatic = cint(not row.display_name)
		decided(row)
	if (row.side or UNKNOWN) != (old.side or UNKNOWN):
		row.update({"side_by_hand": 1, "side_automatic": 0})
		decided(row)
	if (row.party_type, row.party or None) != (old.party_type, old.party or None):
		row.update({"matched_by": BY_HAND if row.party else "", "disconnected": cint(not row.party)})
		decided(row)


def decided(row) -> None:
	if row.voice_by:
		row.voice_by = BY_HAND


def conclude(call) -> None:
	"""Apply `automatic` to the rows before they are saved."""
	rows = [
		{"name": row.name or f"new {row.idx}", **{f: row.get(f) for f in WRITTEN}}
		for row in call.participants
	]
	after = recognised(call.name, call.call_owner, rows)
	by_name = {row.name or f"new {row.idx}": row for row in call.participants}
	kept = []
	for values in after:
		row = by_name.get(values["name"]) if values.get("name") else None
		values = {field: values.get(field) for field in WRITTEN}
		if row:
			row.update(values)
		kept.append(row or values)
	call.set("participants", kept)


def tells_otherwise(call) -> bool:
	"""Whether a voice, a side, a person or the owner has changed, so that dependent data must be recomputed."""
	before = call.get_doc_before_save()
	if not before:
		return False
	return before.call_owner != call.call_owner or told(before) != told(call)


def told(call) -> list[tuple]:
	return [tuple(row.get(field) or None for field in TELLING) for row in call.participants]
