"""Validates tracked terms and converts them for the engine. A term is a Tracked Term, saved or not."""

import frappe
from frappe import _
from frappe.utils import cint, flt

from call_intelligence.core.plain import plain
from call_intelligence.engine.terms import ANYONE, ANYWHERE, FIRST, LAST, QUESTION, Phrase, tokens
from call_intelligence.engine.terms.types import CUSTOMER, OWNER
from call_intelligence.engine.terms.words import folded

# values of the DocType: values of the engine
SIDES = {"Anyone": ANYONE, "Our side": OWNER, "Customer": CUSTOMER}
PLACES = {"Anywhere": ANYWHERE, "First minutes": FIRST, "Last minutes": LAST, "In a question": QUESTION}

LONGEST_TITLE = 80
LONGEST_PHRASE = 140
MOST_PHRASES = 200  # of one term
MOST_MINUTES = 480


def lock(names: list[str]) -> None:
	"""Until the transaction ends, ordered by name"""
	if names:
		table = frappe.qb.DocType("Tracked Term")
		frappe.qb.from_(table).select(table.name).where(table.name.isin(names)).orderby(
			table.name
		).for_update().run()


def check(term) -> None:
	"""Raise frappe.ValidationError unless the term can be searched for; tidies spaces."""
	term.title = title_of(term.title)
	check_place(term)
	check_phrases(term)
	same = frappe.db.get_value(
		"Tracked Term", {"title": term.title, "name": ["!=", term.name or ""]}, "category"
	)
	if same:
		frappe.throw(
			_(
				"There is already a tracked term {0} in the category {1}. Add the phrases there, or choose another title."
			).format(shown(term.title), shown(same)),
		)


def title_of(text: str | None) -> str:
	"""The title of a term or category without needless spaces. Raises if it is invalid."""
	if isinstance(text, list | dict):
		frappe.throw(_("The title of a category or a tracked term must be a text."))
	title = " ".join(str(text or "").split())
	if not title:
		frappe.throw(_("Each category and each tracked term needs a title."))
	if len(title) > LONGEST_TITLE:
		frappe.throw(
			_("The title {0} is too long: {1} characters are possible.").format(shown(title), LONGEST_TITLE)
		)
	if "<" in title or ">" in title:
		frappe.throw(_("A title cannot contain angle brackets."))
	return plain(title)


def check_place(term) -> None:
	if PLACES.get(term.place) not in (FIRST, LAST):
		term.minutes = 0
		return
	if flt(term.minutes) <= 0:
		frappe.throw(_("{0}: enter how many minutes of the call are searched.").format(shown(term.title)))
	if flt(term.minutes) > MOST_MINUTES:
		frappe.throw(
			_("{0}: at most {1} minutes. To search whole calls choose “Anywhere”.").format(
				shown(term.title), MOST_MINUTES
			)
		)


def check_phrases(term) -> None:
	if not term.get("phrases"):
		frappe.throw(
			_("{0} has no phrases yet. Add at least one that is said in calls.").format(shown(term.title))
		)
	if len(term.phrases) > MOST_PHRASES:
		frappe.throw(
			_("{0} has {1} phrases; {2} are possible. Make several terms of it.").format(
				shown(term.title), len(term.phrases), MOST_PHRASES
			)
		)
	known: dict = {}
	for row in term.phrases:
		row.phrase = " ".join((row.phrase or "").split())
		if len(row.phrase) > LONGEST_PHRASE:
			frappe.throw(
				_("{0}: the phrase {1} is too long: {2} characters are possible.").format(
					shown(term.title), shown(row.phrase), LONGEST_PHRASE
				)
			)
		if "<" in row.phrase or ">" in row.phrase:
			frappe.throw(_("{0}: a phrase cannot contain angle brackets.").format(shown(term.title)))
		said = tuple(folded(token) for token in tokens(row.phrase))
		if not said:
			frappe.throw(
				_("{0}: the phrase {1} has no letters or digits, so it can never be said.").format(
					shown(term.title), shown(row.phrase or "")
				)
			)
		if said in known:
			frappe.throw(
				_(
					"{0}: {1} and {2} are the same phrase: case, accents and punctuation do not matter. Remove one."
				).format(shown(term.title), shown(known[said]), shown(row.phrase)),
			)
		known[said] = row.phrase


def shown(text: str) -> str:
	"""The text for a message, which Desk shows as HTML"""
	return frappe.bold(
		frappe.utils.escape_html(text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE]}…")
	)


def matching(term) -> tuple:
	"""The values that determine a term's mentions; equal for two states of a term that have the same mentions"""
	return (
		cint(term.enabled),
		term.said_by,
		term.place,
		flt(term.minutes) if PLACES.get(term.place) in (FIRST, LAST) else 0,
		frozenset((row.phrase, cint(row.word_forms)) for row in term.phrases),
	)


def phrases(term) -> list[Phrase]:
	"""term: as from `current.terms`, or a Tracked Term; the id of each phrase is its text"""
	return [
		Phrase(
			id=row.phrase,
			term=term.name,
			text=row.phrase,
			stem=bool(cint(row.word_forms)),
			side=SIDES[term.said_by],
			where=PLACES[term.place],
			minutes=flt(term.minutes) or None,
		)
		for row in term.phrases
	]
