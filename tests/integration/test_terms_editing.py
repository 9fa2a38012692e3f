"""Tracked terms edited in place or imported, previewed, and searched for in older calls."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest

from call_intelligence.api import terms
from call_intelligence.core.times import utc_now
from call_intelligence.jobs import sweep
from call_intelligence.queue import lease
from call_intelligence.terms import catalogue, jobs, mentions, scans
from call_intelligence.transcript import recording_of
from call_intelligence.transcript.reading import read_transcript
from tests import factories

OURS = ("Term Mention", "Tracked Term Phrase", "Tracked Term", "Tracked Term Category", "Term Scan")
TALK = [("S1", 0, 4, "Our prices are fair."), ("S2", 5, 8, "Is there a discount?")]


@pytest.fixture(autouse=True)
def no_other_terms(site):
	for doctype in OURS:
		# a delete without rows still locks the table, which workers may be using
		if frappe.db.count(doctype):
			frappe.db.delete(doctype)


@pytest.fixture
def as_manager(people, as_user):
	with as_user(people["manager"]):
		yield


def entry(title, *phrases, category="Money", **values):
	rows = [{"phrase": phrase, "word_forms": True} for phrase in phrases]
	return {"title": title, "category": category, "phrases": rows, **values}


def new_category(title):
	return {"name": title, "new": True, "title": title, "position": 1}


def titles():
	return {
		category["title"]: [term["title"] for term in category["terms"]]
		for category in terms.read()["categories"]
	}


def save(call=None, **changes):
	return terms.save(changes, catalogue.version(), call)


# ------------------------------------------------------------------------------------------------ editing in place


def test_all_is_saved_at_once_and_shown_in_the_open_call(people, as_manager):
	call = factories.call(people["owner"], transcript=TALK)
	answer = save(
		call,
		categories=[new_category("Money")],
		terms=[
			entry("Price", "price", "cost"),
			entry("Off", "discount", said_by="Customer", place="In a question"),
		],
	)
	assert titles() == {"Money": ["Off", "Price"]}
	found = {term["title"]: len(term["mentions"]) for term in answer["terms"]["categories"][0]["terms"]}
	# the customer is not identified
	assert found == {"Off": 0, "Price": 1}
	assert answer["scan"]["status"] == "Queued"

	(category,) = answer["categories"]
	off, price = category["terms"]
	save(
		categories=[{"name": "Money", "title": "Budget", "position": 2}],
		terms=[{**price, "title": "Amount", "category": "Money"}],
		deleted_terms=[off["name"]],
	)
	assert titles() == {"Budget": ["Amount"]}
	assert frappe.db.get_value("Term Mention", {"term": price["name"]}, "term_title") == "Amount"
	save(deleted_categories=["Budget"])
	assert titles() == {}
	assert not frappe.db.exists("Term Mention", {"call": call})


def test_a_category_may_change_the_case_of_its_title(as_manager):
	save(categories=[new_category("money")], terms=[entry("Price", "price", category="money")])
	save(categories=[{"name": "money", "title": "Money", "position": 1}])
	assert titles() == {"Money": ["Price"]}


def test_a_category_is_the_same_one_under_another_title(as_manager):
	save(categories=[new_category("Money")])
	(category,) = terms.read()["categories"]
	for title in ("Budget", "budget"):
		save(categories=[{"name": category["name"], "title": title, "position": 1}])
		(renamed,) = terms.read()["categories"]
		assert (renamed["name"], renamed["creation"]) == (title, category["creation"])
		category = renamed


def test_the_title_of_a_deleted_category_is_free_at_once(as_manager):
	save(
		categories=[new_category("Money"), new_category("Next")],
		terms=[entry("Price", "price"), entry("Fee", "fee"), entry("Manager", "manager", category="Next")],
	)
	fee, price = terms.read()["categories"][0]["terms"]
	again = {"name": "new-1", "new": True, "title": " money ", "position": 1}
	save(
		deleted_categories=["Money"],
		categories=[again],
		terms=[{**fee, "category": "new-1"}, entry("Price", "cost", category="new-1")],
		deleted_terms=[price["name"]],
	)
	assert titles() == {"money": ["Fee", "Price"], "Next": ["Manager"]}
	assert frappe.db.get_value("Tracked Term", fee["name"], "category") == "money"
	save(deleted_categories=["money"], categories=[{"name": "Next", "title": "Money", "position": 1}])
	assert titles() == {"Money": ["Manager"]}
	assert not frappe.db.exists("Tracked Term", fee["name"])
	save(categories=[{**again, "title": "Money"}, {"name": "Money", "title": "Old", "position": 2}])
	assert titles() == {"Money": [], "Old": ["Manager"]}


def test_a_save_that_fails_deletes_nothing(people, committed, web):
	user = people["manager"]
	money = committed("Tracked Term Category", factories.term_category("Money"))
	committed("Tracked Term", factories.term("price", title="Price", category=money))
	# a search by a worker would lock it
	frappe.db.delete("Term Scan")
	frappe.db.commit()
	changes = {
		"deleted_categories": ["Money"],
		"categories": [{**new_category("Money"), "name": "new-1"}],
		"terms": [entry("Nothing", category="new-1")],
	}
	body = {"version": catalogue.version(), "changes": changes}
	answer = web(user).post("/api/method/call_intelligence.api.terms.save", json=body)
	assert answer.status_code == 417 and "no phrases" in answer.text
	frappe.db.rollback()
	assert frappe.get_all("Tracked Term Category", pluck="name") == ["Money"]
	assert frappe.get_all("Tracked Term", fields=["title", "category"]) == [
		{"title": "Price", "category": "Money"}
	]


@pytest.mark.parametrize("title", (["Money"], {"title": "Money"}))
def test_a_title_that_is_no_text_is_refused(as_manager, title):
	with pytest.raises(frappe.ValidationError, match="must be a text"):
		save(categories=[{**new_category("Money"), "title": title}])
	save(categories=[new_category("Money")])
	with pytest.raises(frappe.ValidationError, match="must be a text"):
		save(terms=[entry(title, "price")])
	(answer,) = terms.preview([entry(title, "price")])["terms"]
	assert "must be a text" in answer["error"]


@pytest.mark.parametrize(
	("text", "words"),
	[
		("{", "not valid JSON"),
		("[" * 100_000, "not valid JSON"),
		("[]", "cannot be read"),
		("7", "list or an object"),
	],
)
def test_what_cannot_be_read_is_refused_in_words(as_manager, text, words):
	with pytest.raises(frappe.ValidationError, match=words):
		terms.save(text, catalogue.version())
	if text != "[]":
		with pytest.raises(frappe.ValidationError, match=words):
			terms.preview(text)


def test_odd_values_in_what_is_sent_break_nothing(as_manager):
	save(categories=[new_category("Money")])
	odd = {"said_by": [], "place": {}, "minutes": []}
	save(terms=[entry("Price", "price", **odd)])
	assert titles() == {"Money": ["Price"]}
	with pytest.raises(frappe.ValidationError, match="no phrases"):
		save(terms=[{**entry("Cost"), "phrases": 7}])


def test_who_saves_after_somebody_else_overwrites_nothing(as_manager):
	save(categories=[new_category("Money")], terms=[entry("Price", "price")])
	seen = terms.read()["version"]
	save(terms=[entry("Discount", "discount")])
	with pytest.raises(catalogue.CatalogueConflict, match="Nothing of yours"):
		terms.save({"terms": [entry("Cost", "cost")]}, seen)
	assert titles() == {"Money": ["Discount", "Price"]}


def test_what_is_wrong_is_said_with_its_title(as_manager):
	with pytest.raises(frappe.ValidationError, match=r"Price.*no phrases"):
		save(categories=[new_category("Money")], terms=[entry("Price")])


def test_unsaved_terms_are_tried_on_the_last_calls(people, as_manager):
	for _ in range(2):
		factories.call(people["owner"], transcript=TALK, start_time="2099-01-01 10:00:00")
	answer = terms.preview(
		[{"key": "a", **entry("Price", "price")}, {"key": "b", **entry("Nothing", "?!")}], 2
	)
	assert (answer["calls"], answer["wanted"]) == (2, 2)
	found, wrong = answer["terms"]
	assert (found["key"], found["mentions"], found["calls"]) == ("a", 2, 2)
	excerpt = found["excerpts"][0]
	assert (excerpt["before"], excerpt["said"], excerpt["after"]) == ("Our", "prices", "are fair.")
	assert "no letters" in wrong["error"] and "<" not in wrong["error"]
	assert titles() == {}


# ------------------------------------------------------------------------------------------------ older calls


@pytest.fixture
def kept(monkeypatch):
	"""The jobs' commits are rolled back with the site"""
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **options: None)


@pytest.fixture
def calls(people, monkeypatch):
	"""Three calls, searched one by one, and no others"""
	names = [factories.call(people["owner"], transcript=TALK) for _ in range(3)]
	recordings = sorted(recording_of(name) for name in names)
	monkeypatch.setattr(scans, "after", lambda last: [name for name in recordings if name > last][:1])
	return names


def test_older_calls_are_searched_for_a_new_term_and_not_touched(calls, kept):
	before = frappe.get_all(
		"Call", filters={"name": ["in", calls]}, fields=["name", "modified"], order_by="name"
	)
	term = factories.term("price")
	assert frappe.db.get_value("Tracked Term", term, "needs_scan") == 1
	jobs.scan(scans.request())
	assert scans.state()["status"] == "Succeeded"
	assert scans.state()["found"] == 3
	assert frappe.db.count("Term Mention", {"term": term}) == 3
	assert frappe.db.get_value("Tracked Term", term, "needs_scan") == 0
	assert before == frappe.get_all(
		"Call", filters={"name": ["in", calls]}, fields=["name", "modified"], order_by="name"
	)


def test_only_what_matters_asks_for_a_search_and_only_once(site):
	first, second = factories.term("price"), factories.term("discount")
	assert frappe.db.count("Term Scan", {"status": "Queued"}) == 1
	assert scans.begin(scans.request())
	doc = frappe.get_doc("Tracked Term", first)
	doc.title = factories.unique("Renamed")
	doc.save()
	assert not doc.needs_scan
	doc.append("phrases", {"phrase": "cost"})
	doc.save()
	assert doc.needs_scan
	doc = frappe.get_doc("Tracked Term", second)
	assert not doc.needs_scan


def test_a_worker_that_dies_loses_nothing(calls, kept):
	term = factories.term("price")
	name = scans.request()
	dead = lease.claim(name, "Term Scan")
	dead.check()
	scans.begin(name)
	jobs.step(dead)
	assert scans.state()["done"] == 1
	# killed: its lease lapses, the sweep queues it again, and the next worker continues
	assert jobs.scan(name) is None and scans.state()["done"] == 1
	long_ago = utc_now() - timedelta(hours=1)
	frappe.db.set_value("Term Scan", name, "heartbeat", long_ago, update_modified=False)
	before = frappe.db.get_value("Term Scan", name, "job_id")
	assert name in sweep.queue_again("Term Scan", jobs.enqueue.scan_terms)
	assert frappe.db.get_value("Term Scan", name, "job_id") != before
	jobs.scan(name)
	assert (scans.state()["status"], scans.state()["done"], scans.state()["found"]) == ("Succeeded", 3, 3)
	assert frappe.db.count("Term Mention", {"term": term}) == 3
	# if the first one is alive after all, it may not write
	with pytest.raises(lease.LeaseLost):
		jobs.step(dead)


def test_a_slice_that_is_over_goes_on_with_the_next_job(calls, kept, monkeypatch):
	factories.term("price")
	name = scans.request()
	monkeypatch.setattr(jobs, "slice_seconds", lambda: 0)
	jobs.scan(name)
	assert (scans.state()["status"], scans.state()["done"]) == ("Running", 1)
	monkeypatch.undo()
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **options: None)
	assert frappe.db.get_value("Term Scan", name, "lease") is None


def test_what_breaks_off_again_and_again_is_told_and_tried_again(calls, kept):
	term = factories.term("price")
	name = scans.request()
	assert scans.begin(name)
	frappe.db.set_value("Term Scan", name, {"status": "Running", "attempts": 5}, update_modified=False)
	jobs.scan(name)
	assert scans.state()["status"] == "Failed"
	assert "Error Log" in scans.state()["error"]
	# the next search includes them
	assert frappe.db.get_value("Tracked Term", term, "needs_scan") == 1
	scans.try_again()
	assert frappe.db.exists("Term Scan", {"status": "Queued"})


def test_the_next_search_also_looks_for_the_terms_of_one_that_failed_or_was_deleted(calls, kept):
	failed = factories.term("price")
	name = scans.request()
	assert scans.begin(name)
	frappe.db.set_value("Term Scan", name, {"status": "Running", "attempts": 5}, update_modified=False)
	jobs.scan(name)
	deleted = factories.term("fair")
	name = scans.request()
	assert scans.begin(name)
	assert json.loads(frappe.db.get_value("Term Scan", name, "terms")) == sorted([failed, deleted])
	frappe.db.set_value("Term Scan", name, "status", "Running", update_modified=False)
	frappe.delete_doc("Term Scan", name)
	factories.term("discount")
	jobs.scan(scans.request())
	assert scans.state()["status"] == "Succeeded"
	for term in (failed, deleted):
		assert frappe.db.count("Term Mention", {"term": term}) == 3


def test_a_transcript_that_cannot_be_read_keeps_none_of_the_others_from_being_searched(people):
	first, second = (factories.call(people["owner"], transcript=TALK) for _ in range(2))
	recordings = [recording_of(first), recording_of(second)]
	term = factories.term("price")
	assert mentions.search_again(recordings, [term]) == 2
	rows = {"recording": recordings[0], "position": 0}
	# no words: the text is searched; malformed words: mentions are kept
	for words, found in (("[[0, 1, ", 2), ("[7]", 1)):
		frappe.db.set_value("Transcript Segment", rows, "words", words)
		assert mentions.search_again(recordings, [term]) == found
		for call in (first, second):
			assert frappe.db.count("Term Mention", {"call": call, "term": term}) == 1
	frappe.db.set_value("Tracked Term", term, "enabled", 0)
	mentions.search_again(recordings, [term])
	assert not frappe.db.exists("Term Mention", {"term": term})


def test_who_saves_waits_for_the_call_before_it_holds_the_terms(people, committed, web, eventually):
	"""All writers of mentions lock in this order; opposite orders would deadlock."""
	user = people["manager"]
	call = committed("Call", factories.call(people["owner"], transcript=TALK))
	term = committed("Tracked Term", factories.term("price", category=factories.term_category()))
	category = committed("Tracked Term Category", frappe.db.get_value("Tracked Term", term, "category"))
	# a worker searching for the new term would also lock it
	frappe.db.delete("Term Scan")
	frappe.db.commit()
	manager = web(user)
	version = manager.get("/api/method/call_intelligence.api.terms.read").json()["message"]["version"]
	changes = {"terms": [entry("Renamed", "price", category=category, name=term)]}
	body = {"call": call, "version": version, "changes": changes}
	mentions.lock([recording_of(call)])
	with ThreadPoolExecutor(1) as pool:
		answer = pool.submit(manager.post, "/api/method/call_intelligence.api.terms.save", json=body)
		try:
			eventually(
				lambda: answer.done() or waits_for("Call Recording"), what="the save waits for the call"
			)
			# raises if they are locked
			frappe.db.sql("select `name` from `tabTracked Term` for update nowait")
		finally:
			frappe.db.rollback()
	assert answer.result().status_code == 200, answer.result().text
	assert frappe.db.get_value("Tracked Term", term, "title") == "Renamed"
	frappe.db.delete("Term Scan")
	frappe.db.commit()


def waits_for(doctype):
	return frappe.db.sql(
		"""select `id` from `information_schema`.`processlist` where `id` != connection_id()
		and `info` like %s and `info` like '%%for update%%'""",
		f"%`tab{doctype}`%",
	)


def test_the_terms_of_a_deleted_scan_wait_for_the_next(site):
	term = factories.term("price")
	name = scans.request()
	scans.begin(name)
	frappe.db.set_value("Term Scan", name, "status", "Running")
	assert not frappe.db.get_value("Tracked Term", term, "needs_scan")
	frappe.delete_doc("Term Scan", name)
	assert frappe.db.get_value("Tracked Term", term, "needs_scan") == 1


def test_only_the_changed_terms_are_searched_for_again(calls, kept):
	price = factories.term("price")
	jobs.scan(scans.request())
	names = set(frappe.get_all("Term Mention", filters={"term": price}, pluck="name"))
	factories.term("discount")
	jobs.scan(scans.request())
	assert set(frappe.get_all("Term Mention", filters={"term": price}, pluck="name")) == names
	assert frappe.db.count("Term Mention") == 6


# ------------------------------------------------------------------------------------------------ Data Import


CSV = """Title,Category,Said by,Where in the call,Minutes,Phrase (Phrases),Also other word forms (Phrases)
Budget,Money,Customer,First minutes,10,budget,1
,,,,,how much money,0
Refund,Money,Anyone,Anywhere,,refund,1
"""


def test_terms_are_imported_with_their_phrases(as_manager, kept):
	from frappe.core.doctype.data_import.importer import Importer

	factories.term_category("Money")
	file = frappe.get_doc(
		{"doctype": "File", "file_name": f"{factories.unique('terms')}.csv", "content": CSV, "is_private": 1}
	).insert(ignore_permissions=True)
	data_import = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": "Tracked Term",
			"import_type": "Insert New Records",
			"import_file": file.file_url,
		}
	).insert(ignore_permissions=True)
	Importer("Tracked Term", data_import=data_import).import_data()
	logs = frappe.get_all(
		"Data Import Log", filters={"data_import": data_import.name}, fields=["success", "messages"]
	)
	assert [row.success for row in logs] == [1, 1], logs
	budget = frappe.get_doc("Tracked Term", {"title": "Budget"})
	assert (budget.said_by, budget.place, budget.minutes, budget.enabled) == (
		"Customer",
		"First minutes",
		10,
		1,
	)
	assert [(row.phrase, row.word_forms) for row in budget.phrases] == [("budget", 1), ("how much money", 0)]
	# one search of older calls for all of them
	assert frappe.db.count("Term Scan", {"status": "Queued"}) == 1
	assert frappe.db.count("Tracked Term", {"needs_scan": 1}) == 2


def test_the_state_of_a_scan_names_terms_as_json(site):
	term = factories.term("price")
	name = scans.request()
	scans.begin(name)
	assert json.loads(frappe.db.get_value("Term Scan", name, "terms")) == [term]


def test_a_call_searched_by_its_own_analysis_meanwhile_is_not_counted_twice(people):
	term = factories.term("price")
	call = factories.call(people["owner"], transcript=TALK)
	mentions.store(read_transcript(call, recording_of(call)))
	assert mentions.search_again([recording_of(call)], [term]) == 1
	assert frappe.db.count("Term Mention", {"term": term}) == 1
