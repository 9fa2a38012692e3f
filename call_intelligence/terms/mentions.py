"""Finds mentions of the current terms in calls, and replaces the stored ones.

Writers lock the recordings' rows first and the terms' rows next. So searches of one recording run one after the other, the last with
the latest terms and sides, and a deleted term leaves no mentions.
"""

import frappe
from frappe.utils import flt

from call_intelligence.core.plain import plain_rows
from call_intelligence.engine.terms import ANYONE
from call_intelligence.engine.types import Segment
from call_intelligence.terms import current, rules
from call_intelligence.transcript.reading import Reading, read_segments

FIELDS = (
	"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "call", "recording", "term", "term_title",
	"phrase", "text", "start_seconds", "end_seconds", "speaker_key", "side", "segment", "last_segment", "first_word", "last_word",
)  # fmt: skip
LONGEST_TEXT = 140
ROWS_AT_ONCE = 500


def store(reading: Reading) -> int:
	"""Store the mentions of all terms in one recording, whose row the caller has locked. Does not commit. -> their number"""
	search = current.Search(current.terms())
	found = found_in(search, reading.segments, reading)
	# remove old mentions even if the search fails, because their utterances may no longer exist
	remove_of([reading.recording], None, late=True)
	return insert_found(search, reading, reading.segments, found or [])


def follow_sides(reading: Reading) -> None:
	"""Update mentions after sides have changed, in a recording whose row the caller has locked: terms for any speaker get the new
	side, terms for one side are searched again. Does not commit.
	"""
	mention = frappe.qb.DocType("Term Mention")
	for key, side in reading.sides.items():
		frappe.qb.update(mention).set(mention.side, side).where(
			(mention.recording == reading.recording) & (mention.speaker_key == key) & (mention.side != side)
		).run()
	sided = [term for term in current.terms() if rules.SIDES[term.said_by] != ANYONE]
	if sided:
		search = current.Search(sided)
		found = found_in(search, reading.segments, reading)
		remove_of([reading.recording], list(search.terms), late=True)
		insert_found(search, reading, reading.segments, found or [])


def search_again(recordings: list[str], names: list[str]) -> int:
	"""Replace the mentions of some terms in some recordings; deleted and disabled terms lose theirs. Does not commit. -> their number"""
	lock(recordings)
	search = current.Search(current.terms(names))
	remove_of(recordings, [name for name in names if name not in search.terms])
	if not search.terms:
		return 0
	segments = read_segments(recordings, all_words=True)
	abouts = facts(recordings)
	found = {name: found_in(search, segments[name], about) for name, about in abouts.items()}
	# where the search fails, the old mentions stay
	searched = {name: mentions for name, mentions in found.items() if mentions is not None}
	remove_of(list(searched), list(search.terms))
	return sum(
		insert_found(search, abouts[name], segments[name], mentions) for name, mentions in searched.items()
	)


def lock(recordings: list[str]) -> None:
	"""Lock the recordings until the transaction ends, in the lock order that all code uses: by name."""
	table = frappe.qb.DocType("Call Recording")
	frappe.qb.from_(table).select(table.name).where(table.name.isin(recordings)).orderby(
		table.name
	).for_update().run()


def facts(recordings: list[str]) -> dict[str, frappe._dict]:
	"""{recording: {"recording", "call", "language", "duration", "sides": {speaker key: side}}}"""
	rows = frappe.db.sql(
		"""select rec.`name`, rec.`call`, rec.`language`, rec.`duration`, voice.`speaker_key`, voice.`side`
		from `tabCall Recording` rec left join `tabCall Participant` voice
		on voice.`parent` = rec.`call` and voice.`parenttype` = 'Call' and voice.`speaker_key` != ''
		where rec.`name` in %(recordings)s""",
		{"recordings": tuple(recordings)},
	)
	found: dict[str, frappe._dict] = {}
	for name, call, language, duration, key, side in rows:
		about = found.setdefault(
			name, frappe._dict(recording=name, call=call, language=language, duration=flt(duration), sides={})
		)
		if key:
			about.sides[key] = side or "Unknown"
	return found


def insert_found(
	search: current.Search, about: Reading | frappe._dict, segments: list[Segment], found: list
) -> int:
	"""about: `call`, `recording`, `sides`, `duration` and `language`"""
	now, user = frappe.utils.now(), frappe.session.user
	rows = [
		(
			frappe.generate_hash(length=10), user, now, now, user, 0, 0, about.call, about.recording,
			mention.term, search.terms[mention.term].title, mention.phrase[:LONGEST_TEXT], mention.text[:LONGEST_TEXT],
			mention.start, mention.end, mention.speaker, about.sides.get(mention.speaker) or "Unknown",
			*(segments[number].name for number in mention.segments), *mention.words,
		)
		for mention in found
	]  # fmt: skip
	insert(rows)
	return len(rows)


def found_in(search: current.Search, segments: list[Segment], about: Reading | frappe._dict) -> list | None:
	"""None if the search raises an error, which is logged"""
	try:
		return search.mentions(segments, about.sides, about.duration or None, about.language)
	except Exception:
		# one faulty transcript must not stop the search of all others
		frappe.log_error(
			title="Call Intelligence: tracked terms", reference_doctype="Call", reference_name=about.call
		)
		return None


def insert(rows: list[tuple]) -> None:
	columns = ", ".join(f"`{field}`" for field in FIELDS)
	rows = plain_rows("Term Mention", FIELDS, rows)
	for first in range(0, len(rows), ROWS_AT_ONCE):
		some = rows[first : first + ROWS_AT_ONCE]
		places = ", ".join(["%s"] * len(some))
		frappe.db.sql(f"insert into `tabTerm Mention` ({columns}) values {places}", some)  # nosemgrep


def remove_of(recordings: list[str], names: list[str] | None, late: bool = False) -> None:
	"""Delete mentions by name, because deleting by another condition also takes gap locks where other transactions insert.

	names: of these terms; None: of all. late: the transaction has read something before it locked the recordings, so that only a
	locking read, which takes gap locks too, shows what others have committed meanwhile
	"""
	if not recordings or names == []:
		return
	mention = frappe.qb.DocType("Term Mention")
	query = frappe.qb.from_(mention).select(mention.name).where(mention.recording.isin(recordings))
	if names is not None:
		query = query.where(mention.term.isin(names))
	known = (query.for_update() if late else query).run(pluck=True)
	for first in range(0, len(known), ROWS_AT_ONCE):
		frappe.db.delete("Term Mention", {"name": ["in", known[first : first + ROWS_AT_ONCE]]})


def remove_all(recording: str) -> None:
	frappe.db.delete("Term Mention", {"recording": recording})
