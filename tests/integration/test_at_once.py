"""Concurrent changes to a call's participants and associations: nothing is lost or duplicated."""

import threading
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from call_intelligence.associations import linking, suggestions
from call_intelligence.insights import analysis
from call_intelligence.people.matching import apply
from tests import factories

API = "/api/method/call_intelligence.api."


@pytest.fixture
def rep(people):
	return people["rep"]


def at_once(*jobs):
	start = threading.Barrier(len(jobs))

	def run(job):
		start.wait()
		return job()

	with ThreadPoolExecutor(len(jobs)) as pool:
		return list(pool.map(run, jobs))


def post(client, method, **data):
	return lambda: client.post(f"{API}{method}", data=data).status_code


def address():
	return f"{frappe.generate_hash(length=8)}@customer.example"


def person(email, **values):
	"""A Contact that no background job matches to calls: the tests do"""
	name = factories.contact(email_ids=[{"email_id": email, "is_primary": 1}], **values)
	frappe.db.delete("Record Matching", {"record": name})
	return name


def figures(call):
	return frappe.db.get_value("Call", call, ["owner_talk_share", "pauses", "switches_per_minute"])


def test_both_sides_count(rep, committed, web):
	call = committed("Call", factories.long_call(rep, 900, 600))
	frappe.db.commit()
	rows = {row.speaker_key: row.name for row in frappe.get_doc("Call", call).participants}
	answers = at_once(
		post(web(rep), "participants.set_side", call=call, participant=rows["S1"], side="Owner"),
		post(web(rep), "participants.set_side", call=call, participant=rows["S2"], side="Customer"),
	)
	assert answers == [200, 200]
	frappe.db.rollback()
	told = figures(call)
	analysis.sides_changed(call)
	assert told == figures(call)
	assert None not in told


def test_the_same_record_is_there_once_and_each_other_one_too(rep, committed, web):
	call = committed("Call", factories.call(rep))
	same, *others = [committed("Contact", factories.contact()) for _number in range(3)]
	frappe.db.commit()
	answers = at_once(
		*(
			post(web(rep), "associations.add", call=call, doctype="Contact", name=name)
			for name in (same, same, *others)
		)
	)
	assert answers == [200] * 4
	frappe.db.rollback()
	doc = frappe.get_doc("Call", call)
	assert sorted(row.link_name for row in doc.associations) == sorted([same, *others])
	assert [row.idx for row in doc.associations] == [1, 2, 3]
	assert doc.contact == doc.associations[0].link_name
	assert doc.associations_version == 3


def test_a_form_and_the_panel_do_not_wait_for_each_other_for_ever(rep, committed, web):
	call = committed("Call", factories.call(rep))
	frappe.db.commit()
	rows = {row.speaker_key: row.name for row in frappe.get_doc("Call", call).participants}
	form, panel = web(rep), web(rep)
	for number in range(4):
		voices = [
			{"name": rows["S1"], "side": ["Owner", "Customer"][number % 2]},
			{"name": rows["S2"], "side": "Unknown"},
		]
		answers = at_once(
			lambda voices=voices: (
				form.put(f"/api/resource/Call/{call}", json={"participants": voices}).status_code
			),
			post(
				panel,
				"participants.set_side",
				call=call,
				participant=rows["S2"],
				side=["Customer", "Owner"][number % 2],
			),
		)
		assert answers == [200, 200]


def test_matching_leaves_what_somebody_has_said_meanwhile(rep, committed, web):
	email = address()
	right = committed("Contact", factories.contact())
	found = committed("Contact", person(email))
	call = committed("Call", factories.call(rep, participants=[{"display_name": "Somebody", "email": email}]))
	frappe.db.commit()
	# the job has begun to read
	row = frappe.get_doc("Call", call).participants[-1].name
	connect = post(
		web(rep), "participants.connect", call=call, participant=row, doctype="Contact", name=right
	)
	assert connect() == 200

	assert not apply.match_call(call)
	frappe.db.commit()

	now = frappe.get_doc("Call", call)
	assert (now.participants[-1].party, now.participants[-1].matched_by) == (right, "By hand")
	assert found not in [row.link_name for row in now.associations]


def test_what_is_dismissed_meanwhile_is_not_linked(rep, committed, web):
	email = address()
	found = committed("Contact", person(email))
	call = committed("Call", factories.call(rep, participants=[{"display_name": "Somebody", "email": email}]))
	suggestions.offer(call, "Contact", found, "E-mail")
	frappe.db.commit()
	offered = frappe.get_all("Association Suggestion", {"call": call}, pluck="name")[0]
	assert post(web(rep), "associations.dismiss", call=call, id=offered)() == 200

	# in this snapshot it is still suggested
	assert frappe.db.get_value("Association Suggestion", offered, "state") == "Offered"
	assert not linking.associate(call, "Contact", found, automatic=True)


def test_an_older_form_does_not_undo_a_match(rep, committed):
	email = address()
	found = committed("Contact", person(email))
	call = committed("Call", factories.call(rep, participants=[{"display_name": "Somebody", "email": email}]))
	frappe.db.commit()
	form = frappe.get_doc("Call", call)
	assert apply.match_call(call)
	frappe.db.commit()

	form.title = "Only the title"
	with pytest.raises(frappe.TimestampMismatchError):
		form.save()
	frappe.db.rollback()
	assert frappe.get_doc("Call", call).participants[-1].party == found
	# a form loaded since then changes it
	form = frappe.get_doc("Call", call)
	form.title = "Only the title"
	form.save()
	assert form.participants[-1].party == found and not form.participants[-1].side_by_hand


def test_terms_and_sides_are_saved_at_once(rep, people, committed, web):
	call = committed("Call", factories.long_call(rep, 900, 600))
	category = committed("Tracked Term Category", factories.term_category())
	factories.term("premium plan", category=category)
	frappe.db.commit()
	row = frappe.get_doc("Call", call).participants[0].name
	manager, owner = web(people["manager"]), web(rep)
	for number in range(4):
		read = manager.get(f"{API}terms.read").json()["message"]
		term = next(each for each in read["categories"] if each["name"] == category)["terms"][0]
		term = {**term, "category": category, "phrases": [{"phrase": f"team {number}"}, {"phrase": "team"}]}
		answers = at_once(
			lambda read=read, term=term: (
				manager.post(
					f"{API}terms.save",
					json={"version": read["version"], "call": call, "changes": {"terms": [term]}},
				).status_code
			),
			post(
				owner,
				"participants.set_side",
				call=call,
				participant=row,
				side=["Owner", "Customer"][number % 2],
			),
		)
		assert answers == [200, 200]


def test_of_what_is_added_moved_and_taken_out_at_once_nothing_is_lost(rep, people, committed, web):
	call = committed("Call", factories.call(rep))
	playlist = committed("Call Playlist", factories.playlist(rep, *[call] * 4))
	# adjacent in the index, which MariaDB locks by ranges
	others = [committed("Call Playlist", factories.playlist(rep, *[call] * number)) for number in (0, 1)]
	frappe.db.commit()
	one, two, three, four = items_of(playlist)
	add = {"parts": f'[{{"call": "{call}"}}, {{"call": "{call}", "start": 1, "end": 4}}]'}
	clients = [web(rep) for _number in range(8)]
	answers = at_once(
		post(clients[0], "playlists.add", playlist=playlist, **add),
		post(clients[1], "playlists.add", playlist=playlist, **add),
		post(clients[2], "playlists.move_item", item=four, position=1),
		post(clients[3], "playlists.move_item", item=one, position=99),
		post(clients[4], "playlists.remove_item", item=two),
		post(clients[5], "playlists.update_item", item=three, start=2, end=4),
		*(
			post(client, "playlists.add", playlist=other, **add)
			for client, other in zip(clients[6:], others, strict=True)
		),
	)
	assert answers == [200] * 8
	frappe.db.rollback()
	names = items_of(playlist)
	assert len(names) == 7 and {one, three, four} <= set(names) and two not in names
	check_counted(playlist, 7)
	for other, number in zip(others, (2, 3), strict=True):
		check_counted(other, number)


def items_of(playlist):
	return frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, order_by="position", pluck="name"
	)


def check_counted(playlist, number):
	rows = frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, fields=["position", "seconds"]
	)
	assert sorted(row.position for row in rows) == list(range(1, number + 1))
	counted = frappe.db.get_value("Call Playlist", playlist, ["item_count", "total_seconds"])
	assert counted == (number, sum(row.seconds for row in rows))


def test_a_call_that_is_deleted_while_it_is_added_leaves_no_item(people, rep, committed, web):
	kept = committed("Call", factories.call(rep))
	playlist = committed("Call Playlist", factories.playlist(rep, kept))
	adding, deleting = [web(rep) for _number in range(2)], web(people["manager"])
	for _number in range(3):
		call = committed("Call", factories.call(rep))
		factories.playlist_item(playlist, call, rep)
		frappe.db.commit()
		item = frappe.db.get_value("Call Playlist Item", {"call": call})
		answers = at_once(
			post(adding[0], "playlists.add", playlist=playlist, parts=f'[{{"call": "{call}"}}]'),
			post(adding[1], "playlists.update_item", item=item, start=1, end=2),
			lambda call=call: deleting.delete(f"/api/resource/Call/{call}").status_code,
		)
		assert answers[2] == 202 and set(answers[:2]) <= {200, 403, 404}
		frappe.db.rollback()
		assert not frappe.db.exists("Call Playlist Item", {"call": call})
		check_counted(playlist, 1)


def test_two_tabs_of_one_listener_make_one_place(rep, committed, web):
	call = committed("Call", factories.call(rep))
	playlist = committed("Call Playlist", factories.playlist(rep, call))
	frappe.db.commit()
	item = items_of(playlist)[0]
	answers = at_once(
		*(
			post(web(rep), f"playlists.{method}", **values)
			for method, values in [
				("progress", {"item": item, "seconds": 3, "listened": 1}),
				("progress", {"item": item, "seconds": 3}),
				("follow", {"playlist": playlist}),
				("follow", {"playlist": playlist}),
			]
		)
	)
	assert answers == [200] * 4
	frappe.db.rollback()
	(row,) = frappe.get_all("Call Playlist Listening", {"item": item}, ["seconds", "listened"])
	assert (row.seconds, row.listened) == (3, 1)
	assert frappe.db.count("Call Playlist Follower", {"playlist": playlist}) == 1
