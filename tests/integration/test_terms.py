"""Tracked terms: found in calls, and updated after edits, changes of sides and deletions."""

import frappe
import pytest
from frappe import client

from call_intelligence import transcript
from call_intelligence.api import review, terms
from call_intelligence.api import transcript as editing
from call_intelligence.insights import analysis
from call_intelligence.jobs import analyse, results
from call_intelligence.terms import mentions, rules
from call_intelligence.transcript.reading import read_transcript
from tests import factories

TALK = [
	("S1", 0, 4, "Thank you for calling. Our prices are fair."),
	("S2", 5, 8, "What is the price of the premium"),
	("S1", 8, 9, "Mm-hm."),
	("S2", 9, 12, "plan? And is there a discount?"),
	("S1", 13, 16, "There is a discount, yes."),
]


@pytest.fixture(autouse=True)
def no_other_terms(site):
	for doctype in (
		"Term Mention",
		"Tracked Term Phrase",
		"Tracked Term",
		"Tracked Term Category",
		"Term Scan",
	):
		# a delete without rows still locks the table, which workers may be using
		if frappe.db.count(doctype):
			frappe.db.delete(doctype)


@pytest.fixture
def call(people):
	name = factories.call(people["owner"], transcript=TALK)
	say_sides(name, S1="Owner", S2="Customer")
	return name


def say_sides(call, **sides):
	for key, side in sides.items():
		frappe.db.set_value("Call Participant", {"parent": call, "speaker_key": key}, "side", side)


def said(call, term=None):
	"""[(text, side)] in the order of the call"""
	filters = {"call": call, **({"term": term} if term else {})}
	rows = frappe.get_all(
		"Term Mention", filters=filters, fields=["text", "side"], order_by="start_seconds asc", as_list=True
	)
	return [tuple(row) for row in rows]


def store(call):
	return mentions.store(read_transcript(call, transcript.recording_of(call)))


# ------------------------------------------------------------------------------------------------ finding


def test_mentions_are_found_with_their_places(call):
	price, plan = factories.term("price", title="Price"), factories.term("premium plan", title="Plan")

	assert store(call) == 3

	assert said(call, price) == [("prices", "Owner"), ("price", "Customer")]
	(row,) = frappe.get_all("Term Mention", filters={"term": plan}, fields=["*"])
	segments = transcript.segments(transcript.recording_of(call))
	# words of others in between are left out
	assert (row.text, row.segment, row.last_segment) == ("premium plan", segments[1][0], segments[3][0])
	assert (row.first_word, row.last_word) == (6, 0)
	assert (row.term_title, row.phrase, row.speaker_key) == ("Plan", "premium plan", "S2")
	assert (row.start_seconds, row.end_seconds) == (segments[1][5][6][0], segments[3][5][0][1])


def test_each_condition_counts(call):
	cases = {
		factories.term("price", said_by="Customer"): ["price"],
		factories.term("price", said_by="Our side"): ["prices"],
		factories.term("discount", place="In a question"): ["discount"],
		factories.term("price", place="First minutes", minutes=0.08): ["prices"],
		factories.term("discount", place="Last minutes", minutes=0.06): ["discount"],
		factories.term("nothing"): [],
	}
	store(call)
	assert {term: [text for text, _side in said(call, term)] for term in cases} == cases


def test_word_forms_can_be_switched_off_for_a_phrase(call):
	term = factories.term("price")
	row = frappe.get_doc("Tracked Term", term)
	row.phrases[0].word_forms = 0
	row.save()
	store(call)
	assert [text for text, _side in said(call, term)] == ["price"]


def test_the_language_of_the_call_decides_about_word_forms(people):
	name = factories.call(people["owner"], transcript=[("S1", 0, 3, "Pytam o rabaty i ceny.")])
	term = factories.term("cena")
	store(name)
	assert said(name, term) == []
	frappe.db.set_value("Call Recording", {"call": name}, "language", "pl")
	store(name)
	assert [text for text, _side in said(name, term)] == ["ceny"]


def test_the_last_stage_and_later_sides_and_edits_make_them_anew(call):
	term, anyones = factories.term("discount", said_by="Customer"), factories.term("discount")
	recording = transcript.recording_of(call)
	analysis.store(call, recording)
	assert len(said(call, term)) == 1
	where = frappe.get_all("Term Mention", {"term": anyones}, pluck="name")

	say_sides(call, S1="Customer", S2="Owner")
	analysis.sides_changed(call)
	assert "Customer" in [side for _text, side in said(call, anyones)]
	# existing mentions only change sides
	assert frappe.get_all("Term Mention", {"term": anyones}, pluck="name") == where
	((_text, side),) = said(call, term)
	assert side == "Customer"
	assert frappe.db.get_value("Term Mention", {"term": term}, "speaker_key") == "S1"

	say_sides(call, S1="Unknown")
	analysis.sides_changed(call)
	assert said(call, term) == []

	say_sides(call, S1="Customer")
	segment = transcript.segments(recording)[0][0]
	editing.correct_text(call, segment, "Thank you for your discount call.")
	frappe.db.commit = lambda: None  # rolled back with the site: the job commits, the test does not
	try:
		analyse.analyse(recording)
	finally:
		del frappe.db.commit
	assert [text for text, _side in said(call, term)] == ["discount", "discount"]


def test_processing_again_replaces_them(call):
	term = factories.term("price")
	recording = transcript.recording_of(call)
	analysis.store(call, recording)
	words = [[0, 1, "No", 0.9], [1, 2, "price.", 0.9]]
	rows = [{"start": 0, "end": 2, "speaker": "S1", "text": "No price.", "words": words, "confidence": 0.9}]
	results.replace_segments(call, recording, rows)
	analysis.store(call, recording)
	assert said(call, term) == [("price", "Owner")]


def test_what_is_said_holds_no_markup(call):
	factories.term("price")
	segment = transcript.segments(transcript.recording_of(call))[0][0]
	editing.correct_text(call, segment, "Our <i>price</i><img/src=x/onerror=alert(1)>s are fair.")
	assert not any("<" in text or ">" in text for text, _side in said(call))
	store(call)
	texts = [text for text, _side in said(call)]
	assert len(texts) == 2 and not any("<" in text or ">" in text for text in texts)


# ------------------------------------------------------------------------------------------------ deletion


def test_a_deleted_call_takes_its_mentions_along(call):
	factories.term("price")
	store(call)
	frappe.delete_doc("Call", call)
	assert not frappe.db.exists("Term Mention", {"call": call})


def test_a_deleted_term_takes_its_mentions_along(call):
	price, discount = factories.term("price"), factories.term("discount")
	store(call)
	frappe.delete_doc("Tracked Term", price)
	assert said(call, price) == []
	assert len(said(call, discount)) == 2


def test_so_do_terms_deleted_together_and_categories(call, monkeypatch):
	from frappe.desk.reportview import delete_bulk

	category = factories.term_category()
	some = [factories.term(text, category=category) for text in ("price", "discount", "premium plan")]
	store(call)
	# Frappe commits after each; the test shall leave nothing
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	delete_bulk("Tracked Term", some[:2])
	assert {row[0] for row in said(call)} == {"premium plan"}
	frappe.delete_doc("Tracked Term Category", category)
	assert said(call) == []
	assert not frappe.db.exists("Tracked Term", {"category": category})


def test_a_term_that_is_switched_off_has_none(call):
	term = factories.term("price")
	store(call)
	doc = frappe.get_doc("Tracked Term", term)
	doc.enabled = 0
	doc.save()
	assert said(call) == []
	store(call)
	assert said(call) == []


def test_a_new_title_reaches_the_mentions(call):
	term = factories.term("price")
	store(call)
	doc = frappe.get_doc("Tracked Term", term)
	doc.title = factories.unique("Money")
	doc.save()
	assert frappe.get_all("Term Mention", filters={"term": term}, pluck="term_title", distinct=True) == [
		doc.title
	]
	assert not doc.needs_scan or frappe.db.get_value("Term Scan", {"status": "Queued"})


# ------------------------------------------------------------------------------------------------ valid terms


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"title": "  "}, "needs a title"),
		({"title": "x" * 81}, "too long"),
		({"title": "<b>Price</b>"}, "angle brackets"),
		({"phrases": []}, "no phrases yet"),
		({"phrases": [{"phrase": "?!"}]}, "no letters or digits"),
		({"phrases": [{"phrase": "price"}, {"phrase": "Príce!"}]}, "are the same phrase"),
		({"phrases": [{"phrase": "x" * 141}]}, "too long"),
		({"phrases": [{"phrase": "<i>price</i>"}]}, "angle brackets"),
		({"phrases": [{"phrase": f"price {n}"} for n in range(201)]}, "201 phrases"),
		({"place": "First minutes"}, "how many minutes"),
		({"place": "Last minutes", "minutes": 481}, "at most"),
	],
)
def test_what_makes_no_sense_is_refused_in_plain_words(values, words):
	term = frappe.get_doc(
		{"doctype": "Tracked Term", "title": "Price", "phrases": [{"phrase": "price"}], **values}
	)
	with pytest.raises(frappe.ValidationError, match=words):
		rules.check(term)


def test_a_title_is_given_once():
	factories.term("price", title="Price", category=factories.term_category("Money"))
	with pytest.raises(frappe.ValidationError, match="in the category"):
		factories.term("cost", title="price")


# ------------------------------------------------------------------------------------------------ the review


def test_the_review_shows_them_by_category(call, people, as_user):
	factories.term("price", title="Price", category=factories.term_category("Money"))
	factories.term("nothing", title="Nothing", category="Money")
	factories.term("discount", title="Off", category="Money", enabled=0)
	store(call)
	with as_user(people["owner"]):
		answer = review.get(call)["terms"]
	(category,) = answer["categories"]
	assert [(term["title"], len(term["mentions"])) for term in category["terms"]] == [
		("Nothing", 0),
		("Price", 2),
	]
	start, _end, speaker, side, *_rest, text = category["terms"][1]["mentions"][1]
	assert (speaker, side, text) == ("S2", "Customer", "price")
	assert 5 <= start < 8
	assert (answer["may_edit"], answer["scan"]) == (False, None)


def test_without_the_seat_there_are_no_insights(people, as_user):
	contact = factories.contact()
	call = factories.call(people["owner"], associations=[("Contact", contact)], transcript=TALK)
	term = factories.term("price")
	store(call)
	with as_user(people["crm user"]):
		assert review.get(call)["terms"] is None
		with pytest.raises(frappe.PermissionError):
			terms.get(call)
		for doctype in ("Tracked Term", "Tracked Term Category", "Term Mention"):
			assert not frappe.has_permission(doctype, "read")
			with pytest.raises(frappe.PermissionError):
				frappe.get_list(doctype)
		with pytest.raises(frappe.PermissionError):
			client.get_list("Tracked Term Phrase", parent="Tracked Term")
		assert not frappe.has_permission("Tracked Term", "read", doc=term)
