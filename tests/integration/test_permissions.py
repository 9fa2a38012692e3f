"""The visibility rule: a table of who may do what, tried through every way in."""

import importlib
import inspect
import pkgutil

import frappe
import pytest
from frappe import client
from frappe.desk import search as desk_search
from frappe.handler import execute_cmd
from frappe.utils.user import UserPermissions
from werkzeug.wrappers import Request

import call_intelligence.api
from call_intelligence import permissions, suggestions, transcript
from call_intelligence.api import (
	associations,
	calls,
	clip_links,
	clips,
	comments,
	generic,
	media,
	notes,
	participants,
	playlists,
	review,
	search,
	terms,
	uploads,
)
from call_intelligence.api import transcript as editing
from call_intelligence.desk import timeline
from call_intelligence.jobs import results
from call_intelligence.reading import read
from call_intelligence.terms import catalogue, mentions
from tests import factories


@pytest.fixture
def call(people):
	contact = factories.contact()
	name = factories.call(
		people["owner"],
		associations=[("Contact", contact)],
		participants=[{"party_type": "User", "party": people["participant"], "display_name": "A colleague"}],
	)
	frappe.share.add("Call", name, people["shared with"], notify=False)
	factories.comment(name, people["owner"])
	factories.clip(name, people["owner"], recipients=[people["participant"]])
	factories.term("premium plan")
	mentions.store(read(name, transcript.recording_of(name)))
	return frappe.get_doc("Call", name)


SEES = ("owner", "manager", "participant", "shared with", "crm user")
SEES_NOT = ("other seat", "stranger", "portal user", "Guest")
EDITS = ("owner", "manager")


def through_list(call):
	return call.name in frappe.get_list("Call", filters={"name": call.name}, pluck="name")


def through_document(call):
	return bool(frappe.get_doc("Call", call.name).has_permission("read"))


def through_rule(call):
	return permissions.can_see(call.name)


def through_segments(call):
	return bool(frappe.get_list("Transcript Segment", filters={"call": call.name}))


def through_recording(call):
	return bool(frappe.get_list("Call Recording", filters={"call": call.name}))


def through_history(call):
	return bool(frappe.get_list("Transcript Edit", filters={"call": call.name}))


def through_comments(call):
	return bool(frappe.get_list("Call Comment", filters={"call": call.name}))


def through_a_comment(call):
	comment = frappe.get_doc("Call Comment", {"call": call.name})
	return bool(comment.has_permission("read"))


def through_link_search_of_comments(call):
	frappe.local.response = frappe._dict()
	desk_search.search_widget("Call Comment", call.name, ignore_user_permissions=1)
	return call.name in str(frappe.local.response.get("values"))


def through_mentions(call):
	return bool(frappe.get_list("Term Mention", filters={"call": call.name}))


def through_a_mention(call):
	return bool(frappe.get_doc("Term Mention", {"call": call.name}).has_permission("read"))


def through_link_search_of_mentions(call):
	frappe.local.response = frappe._dict()
	desk_search.search_widget(
		"Term Mention", "", filters={"call": call.name}, filter_fields='["text"]', ignore_user_permissions=1
	)
	return bool(frappe.local.response.get("values"))


def through_link_search_of_segments(call):
	frappe.local.response = frappe._dict()
	desk_search.search_widget(
		"Transcript Segment",
		"",
		filters={"call": call.name},
		filter_fields='["text"]',
		ignore_user_permissions=1,
	)
	# a guest's search ends before it has any
	return bool(frappe.local.response.get("values"))


def through_participants(call):
	"""Rows of a child table, asked for by themselves"""
	return bool(client.get_list("Call Participant", filters={"parent": call.name}, parent="Call"))


def through_associations(call):
	return bool(client.get_list("Call Association", filters={"parent": call.name}, parent="Call"))


def through_link_search(call):
	"""As a link field searches that leaves User Permissions out"""
	frappe.local.response = frappe._dict()
	desk_search.search_widget("Call", call.name, ignore_user_permissions=1)
	return call.name in str(frappe.local.response.get("values"))


@pytest.mark.parametrize(
	"way",
	[
		through_list,
		through_document,
		through_rule,
		through_participants,
		through_associations,
		through_link_search,
		through_comments,
		through_a_comment,
		through_link_search_of_comments,
	],
)
def test_who_sees_a_call(call, people, as_user, way):
	for who in (*SEES, *SEES_NOT):
		assert sees(call, people[who], as_user, way) is (who in SEES), who


def sees(call, user: str, as_user, way) -> bool:
	with as_user(user):
		try:
			return way(call)
		except frappe.PermissionError:
			return False


@pytest.mark.parametrize(
	"way",
	[
		through_segments,
		through_recording,
		through_history,
		through_link_search_of_segments,
		through_mentions,
		through_a_mention,
		through_link_search_of_mentions,
	],
)
def test_who_reads_what_belongs_to_it(call, people, as_user, way):
	editing.rename_speaker(call.name, "S1", "Daniel")
	for who in ("owner", "manager", *SEES_NOT):
		assert sees(call, people[who], as_user, way) is (who in EDITS), who


@pytest.mark.parametrize(("right", "allowed"), [("write", EDITS), ("share", EDITS), ("delete", ("manager",))])
def test_who_changes_a_call(call, people, as_user, right, allowed):
	for who in (*SEES, *SEES_NOT):
		with as_user(people[who]):
			assert bool(frappe.has_permission("Call", right, doc=call)) is (who in allowed), who


def test_who_creates_calls(people, site, as_user):
	for who in (*SEES, *SEES_NOT):
		with as_user(people[who]):
			may = bool(frappe.has_permission("Call", "create"))
		assert may is (who in ("owner", "manager", "other seat")), who


def test_results_of_processing_cannot_be_written_by_hand(call, people, as_user):
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call.name)
		doc.update({"status": "Failed", "duration": 1, "title": "Renamed"})
		doc.save()
	doc.reload()
	assert (doc.title, doc.status, doc.duration) == ("Renamed", "Ready", call.duration)


def test_nobody_associates_a_record_they_cannot_read(call, people, as_user):
	note = frappe.get_doc({"doctype": "Contact", "first_name": factories.unique("Hidden")}).insert()
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call.name)
		doc.append("associations", {"link_doctype": "Contact", "link_name": note.name})
		with pytest.raises(frappe.PermissionError):
			doc.save()


def test_a_call_is_given_away_by_managers_only(call, people, as_user):
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call", call.name)
		doc.call_owner = people["other seat"]
		with pytest.raises(frappe.PermissionError):
			doc.save()
	with as_user(people["manager"]):
		doc = frappe.get_doc("Call", call.name)
		doc.call_owner = people["other seat"]
		doc.save()
	with as_user(people["other seat"]):
		assert permissions.can_see(call.name)


def test_losing_the_record_loses_the_call(call, people, as_user):
	"""User Permissions of the associated record count, also when they come later."""
	other = factories.contact()
	with as_user(people["crm user"]):
		assert permissions.can_see(call.name)
	frappe.get_doc(
		{"doctype": "User Permission", "user": people["crm user"], "allow": "Contact", "for_value": other}
	).insert(ignore_permissions=True)
	with as_user(people["crm user"]):
		assert not permissions.can_see(call.name)
		assert not through_list(call)


def test_neither_selecting_a_record_nor_a_user_permission_is_reading_it(call, people, as_user):
	contact = call.associations[0].link_name
	frappe.get_doc(
		{"doctype": "User Permission", "user": people["stranger"], "allow": "Contact", "for_value": contact}
	).insert(ignore_permissions=True)
	with as_user(people["stranger"]):
		assert not frappe.has_permission("Contact", "read", doc=contact)
		assert not permissions.can_see(call.name)


def test_the_title_of_a_hidden_call_is_nobodys_business(call, people, as_user):
	with as_user(people["stranger"]):
		assert desk_search.get_link_title("Call", call.name) == call.name


def test_files_of_hidden_calls_are_not_listed(call, people, as_user):
	recording = transcript.recording_of(call.name)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "opaque.wav",
			"file_url": "/private/files/opaque.wav",
			"is_private": 1,
			"attached_to_doctype": "Call Recording",
			"attached_to_name": recording,
		}
	)
	file.set_new_name()
	file.db_insert()
	for who, allowed in {"owner": True, "manager": True, "other seat": False, "stranger": False}.items():
		with as_user(people[who]):
			files = frappe.get_list(
				"File", filters={"attached_to_doctype": "Call Recording"}, pluck="attached_to_name"
			)
			assert (recording in files) is allowed, who


def test_files_attached_to_hidden_calls_are_not_listed(call, people, as_user):
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "offer.txt",
			"file_url": "/private/files/offer.txt",
			"is_private": 1,
			"attached_to_doctype": "Call",
			"attached_to_name": call.name,
		}
	)
	file.set_new_name()
	file.db_insert()
	for who, allowed in {"owner": True, "crm user": True, "other seat": False, "stranger": False}.items():
		with as_user(people[who]):
			files = frappe.get_list("File", filters={"attached_to_doctype": "Call"}, pluck="name")
		assert (file.name in files) is allowed, who


def test_a_form_that_was_opened_earlier_takes_no_results_away(call, people, as_user):
	opened = frappe.get_doc("Call", call.name)
	results.replace_speakers(call.name, [{"key": "S9", "talk_seconds": 3}], same={})
	frappe.db.set_value("Call", call.name, {"status": "Failed", "error": "Oh"}, update_modified=False)
	opened.notes = "A note"
	opened.save()
	call.reload()
	assert (call.notes, call.status, call.error) == ("A note", "Failed", "Oh")
	assert "S9" in [row.speaker_key for row in call.participants]


def test_a_shared_record_shows_its_calls(call, people, as_user):
	contact = call.associations[0].link_name
	frappe.share.add("Contact", contact, people["stranger"], notify=False)
	with as_user(people["stranger"]):
		assert permissions.can_see(call.name)


def test_a_name_with_a_percent_sign_or_quote_breaks_nothing(people, as_user):
	contact = factories.contact(first_name='100% O\'Brien \\ "x"')
	name = factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people["crm user"]):
		assert permissions.can_see(name)
		cards = timeline.get_timeline_cards("Contact", contact)
	assert [card["template_data"]["name"] for card in cards] == [name]
	assert not permissions.can_see("CALL-2026-00001' or '1'='1", people["stranger"])


@pytest.mark.parametrize("who", ["stranger", "other seat", "portal user", "Guest"])
def test_the_timeline_shows_nothing_to_those_who_may_not_see(call, people, as_user, who):
	contact = call.associations[0].link_name
	with as_user(people[who]):
		assert timeline.get_timeline_cards("Contact", contact) == []


@pytest.mark.parametrize(
	("doctype", "filters"),
	[
		("Call", {"notes": ["like", "%zebra%"]}),
		("Call Comment", {"content": ["like", "%giraffe%"]}),
		("Transcript Segment", {"text": ["like", "%premium plan%"]}),
		("Term Mention", {"text": ["like", "%premium plan%"]}),
		("Call Participant", {"given_name": "A colleague"}),
		("Call Association", {"link_doctype": "Contact"}),
	],
)
def test_nobody_guesses_words_by_counting(call, people, as_user, doctype, filters):
	frappe.db.set_value("Call", call.name, "notes", "<p>zebra</p>", update_modified=False)
	frappe.get_doc({"doctype": "Call Comment", "call": call.name, "content": "<p>giraffe</p>"}).insert(
		ignore_permissions=True
	)
	own = {"name": call.name} if doctype == "Call" else {"call": call.name}
	if frappe.get_meta(doctype).istable:
		own = {"parent": call.name}
	for who, sees in {"owner": True, "stranger": False, "other seat": False}.items():
		with as_user(people[who]):
			try:
				number = search.count(doctype, {**own, **filters})
			except frappe.PermissionError:
				number = 0
		assert bool(number) is sees, who


@pytest.mark.parametrize("doctype", ["Version", "Deleted Document", "Email Queue"])
def test_nor_in_frappes_copies(people, as_user, doctype):
	with as_user(people["stranger"]), pytest.raises(frappe.PermissionError):
		search.count(doctype, {"name": ["like", "%"]})


def test_frappes_own_counts_stay_as_they_were(people, as_user):
	with as_user(people["stranger"]):
		assert search.count("DocType", {"name": "User"}) == 1


@pytest.mark.parametrize(("who", "sees"), [("owner", True), ("other seat", False), ("stranger", False)])
def test_frappes_generic_functions_tell_of_calls_what_one_may_read(call, people, as_user, ask, who, sees):
	contact, recording = call.associations[0].link_name, transcript.recording_of(call.name)
	# Frappe looks at one child table of a DocType alone, whichever it happens to come upon
	row = {"parent": call.name, "parenttype": "Call", "parentfield": "participants", "idx": 9}
	frappe.get_doc(
		{"doctype": "Call Participant", **row, "party_type": "Contact", "party": contact}
	).db_insert()
	generic_requests(call)
	with as_user(people[who]):
		values = ask("frappe.desk.query_report.get_data_for_custom_field", doctype="Call", field="preview")
		assert (call.name in values) is sees
		linked = ask("frappe.desk.form.linked_with.get", doctype="Contact", docname=contact)
		assert (call.name in [row["name"] for row in linked.get("Call", [])]) is sees
		states = ask(
			"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
			doctype="Call",
			workflow_state_field="status",
			states='["x"]',
		)
		assert bool(states) is sees
		tagged = ask("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype="Call", tag="%vip%")
		assert (call.name in [row[0] for row in tagged]) is sees
		assigned = ask(
			"frappe.desk.listview.get_group_by_count",
			doctype="Call",
			current_filters="{}",
			field="assigned_to",
		)
		assert bool(assigned) is sees
		if sees:
			linked = ask("frappe.desk.form.linked_with.get", doctype="Call", docname=call.name)
			assert recording in [row["name"] for row in linked["Call Recording"]]
			ask("frappe.desk.form.utils.get_next", doctype="Call", value=call.name, prev=0)
			return
		for function, arguments in {
			"frappe.desk.form.linked_with.get": {"doctype": "Call", "docname": call.name},
			"frappe.desk.form.utils.get_next": {"doctype": "Call", "value": call.name, "prev": 0},
			"frappe.website.doctype.web_form.web_form.get_link_options": {
				"web_form_name": "edit-profile", "doctype": "Call", "allow_read_on_all_link_options": 1,
			},
			"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": {"chart": HEATMAP, "no_cache": 1},
		}.items():  # fmt: skip
			with pytest.raises(frappe.PermissionError):
				ask(function, **arguments)


@pytest.fixture
def ask(site):
	"""`ask("frappe.client.get_count", doctype="Call")` as a request does, through what stands in for the function."""

	def request(function, **arguments):
		frappe.local.request = Request.from_values(method="GET")
		frappe.local.form_dict = frappe._dict(arguments)
		return execute_cmd(function)

	before = getattr(frappe.local, "request", None)
	yield request
	frappe.local.request = before


def test_of_other_doctypes_frappes_generic_functions_tell_what_they_did(people, as_user, ask):
	contact = factories.contact()
	with as_user(people["crm user"]):
		values = ask(
			"frappe.desk.query_report.get_data_for_custom_field", doctype="Contact", field="first_name"
		)
		assert contact in values
		assert isinstance(ask("frappe.desk.form.linked_with.get", doctype="Contact", docname=contact), dict)
		groups = ask(
			"frappe.desk.listview.get_group_by_count", doctype="Contact", current_filters="{}", field="status"
		)
		assert groups
		ask("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype="Contact", tag="vip")
		ask("frappe.desk.form.utils.get_next", doctype="Contact", value=contact, prev=1)
	with as_user(people["manager"]):
		assert ask("frappe.desk.doctype.dashboard_chart.dashboard_chart.get", chart=HEATMAP, no_cache=1)


def test_only_who_sees_a_call_follows_it(call, people):
	def follow(user):
		return frappe.get_doc(
			{"doctype": "Document Follow", "ref_doctype": "Call", "ref_docname": call.name, "user": user}
		).insert(ignore_permissions=True)

	refused = follow(people["stranger"])
	assert not frappe.db.exists("Document Follow", refused.name)
	kept, lost = follow(people["owner"]), follow(people["shared with"])
	frappe.share.remove("Call", call.name, people["shared with"])

	permissions.forget_followers()

	assert frappe.db.exists("Document Follow", kept.name)
	assert not frappe.db.exists("Document Follow", lost.name)


def test_a_deleted_call_leaves_nothing_that_was_written_on_it(call, people):
	frappe.db.set_value("Call", call.name, "notes", "<p>a secret zebra</p>", update_modified=False)
	frappe.delete_doc("Call", call.name, force=True)
	kept = frappe.get_all("Deleted Document", filters={"deleted_name": call.name}, pluck="data")
	assert kept and "zebra" not in "".join(kept)


# ------------------------------------------------------------------------------------------------ endpoints


# of the playlist that requests are about: all of them see its call
AUDIENCE = [
	f"{who.replace(' ', '.')}@people.example.com" for who in ("participant", "shared with", "crm user")
]


def requests_for(call) -> dict:
	"""Every whitelisted function of ours, and how to call it for `call`."""
	recording = transcript.recording_of(call.name)
	segment = frappe.db.get_value("Transcript Segment", {"recording": recording, "position": 1})
	comment = frappe.db.get_value("Call Comment", {"call": call.name})
	association = call.associations[0].name
	voice = next(row.name for row in call.participants if row.speaker_key == "S1")
	suggestions.offer(call.name, "Contact", other := factories.contact(), "E-mail")
	suggestion = frappe.db.get_value("Association Suggestion", {"call": call.name})
	clip = frappe.db.get_value("Call Clip", {"call": call.name})
	playlist = factories.playlist(call.call_owner, call.name, audience=[("User", who) for who in AUDIENCE])
	item = frappe.db.get_value("Call Playlist Item", {"playlist": playlist})
	colleague = [frappe.db.get_value("User", {"name": ["!=", call.call_owner], "user_type": "System User"})]
	return {
		"associations.get": lambda: associations.get(call.name),
		"associations.search": lambda: associations.search(call.name, "Sarah"),
		"associations.add": lambda: associations.add(call.name, "Contact", other),
		"associations.remove": lambda: associations.remove(call.name, association),
		"associations.accept": lambda: associations.accept(call.name, suggestion),
		"associations.dismiss": lambda: associations.dismiss(call.name, suggestion),
		"calls.create": lambda: calls.create(file_url="/private/files/none.wav"),
		"calls.status": lambda: calls.status(call.name),
		"calls.transcript": lambda: calls.transcript(call.name),
		"calls.retry": lambda: calls.retry(call.name),
		"calls.identify_speakers": lambda: calls.identify_speakers(call.name),
		"clips.options": lambda: clips.options(call.name),
		"clips.people": lambda: clips.people(call.name),
		"clips.who_cannot_see": lambda: clips.who_cannot_see(call.name, colleague),
		"clips.share": lambda: clips.share(call.name, 1, 2, colleague),
		"clips.create_link": lambda: clips.create_link(call.name, 1, 2),
		"clips.revoke": lambda: clips.revoke(clip),
		"clips.open": lambda: clips.open(clip),
		"clips.part": lambda: clips.part(clip),
		"clips.media": lambda: clips.media(clip),
		"clip_links.open": lambda: gone(clip_links.open, key=clip),
		"clip_links.media": lambda: gone(clip_links.media, key="0" * 64),
		"comments.get": lambda: comments.get(call.name),
		"comments.add": lambda: comments.add(call.name, "A word"),
		"comments.edit": lambda: comments.edit(comment, "Another word"),
		"comments.remove": lambda: comments.remove(comment),
		"comments.resolve": lambda: comments.resolve(comment),
		"comments.mark_read": lambda: comments.mark_read(call.name, [comment]),
		"comments.who_cannot_see": lambda: comments.who_cannot_see(call.name, ["Administrator"]),
		"comments.share_with": lambda: comments.share_with(call.name, ["Administrator"]),
		"notes.get": lambda: notes.get(call.name),
		"notes.save": lambda: notes.save(call.name, "A note", 0),
		"participants.search": lambda: participants.search(call.name, ""),
		"participants.connect": lambda: participants.connect(call.name, voice, "User", call.call_owner),
		"participants.disconnect": lambda: participants.disconnect(call.name, voice),
		"participants.set_side": lambda: participants.set_side(call.name, voice, "Owner"),
		"participants.set_voice": lambda: participants.set_voice(call.name, voice, ""),
		"participants.add_contact": lambda: participants.add_contact(call.name, voice, "Sarah Miller"),
		**generic_requests(call),
		"media.stream": lambda: media.stream(recording),
		"review.get": lambda: review.get(call.name),
		"playlists.mine": lambda: playlists.mine(call.name),
		"playlists.get": lambda: playlists.get(playlist),
		"playlists.add": lambda: playlists.add([{"call": call.name}], playlist=playlist),
		"playlists.update_item": lambda: playlists.update_item(item, title="Another"),
		"playlists.remove_item": lambda: playlists.remove_item(item),
		"playlists.move_item": lambda: playlists.move_item(item, 1),
		"playlists.follow": lambda: playlists.follow(playlist),
		"playlists.progress": lambda: playlists.progress(item, 2),
		"playlists.heard": lambda: playlists.heard(playlist),
		"playlists.hidden_for": lambda: playlists.hidden_for(playlist),
		"playlists.share_hidden": lambda: playlists.share_hidden(playlist, AUDIENCE[0]),
		"search.count": lambda: counted(search.count("Transcript Segment", {"call": call.name})),
		"search.records": lambda: found(call, search.records("Call", call.name)),
		"transcript.correct_text": lambda: editing.correct_text(call.name, segment, "Other words"),
		"transcript.set_speaker": lambda: editing.set_speaker(call.name, segment, "S1"),
		"transcript.split": lambda: editing.split(call.name, segment, 1),
		"transcript.merge": lambda: editing.merge(call.name, segment),
		"transcript.rename_speaker": lambda: editing.rename_speaker(call.name, "S1", "Sarah"),
		"transcript.merge_speakers": lambda: editing.merge_speakers(call.name, "S1", "S2"),
		"transcript.restore": lambda: editing.restore(call.name, "none"),
		"transcript.history": lambda: editing.history(call.name),
		"terms.get": lambda: terms.get(call.name),
		"terms.preview": lambda: terms.preview([]),
		"terms.progress": lambda: terms.progress(),
		"terms.read": lambda: terms.read(),
		"terms.save": lambda: terms.save({}, catalogue.version(), call.name),
		"terms.search_again": lambda: terms.search_again(),
		"uploads.start": lambda: uploads.start("call.wav", 10),
		"uploads.append": lambda: uploads.append("0" * 32, 0),
	}


def generic_requests(call) -> dict:
	"""What stands in for Frappe's generic functions: of a hidden call they refuse, or tell nothing."""
	frappe.db.set_value("Call", call.name, "_user_tags", ",vip", update_modified=False)
	todo = {"doctype": "ToDo", "reference_type": "Call", "reference_name": call.name, "status": "Open"}
	frappe.get_doc({**todo, "name": factories.unique("todo"), "allocated_to": call.call_owner}).db_insert()
	return {
		"generic.chart": lambda: generic.chart(chart=HEATMAP, no_cache=1),
		"generic.custom_field_values": lambda: counted(generic.custom_field_values("Call", "preview")),
		"generic.goal_graph": lambda: generic.goal_graph(
			"Calls",
			"User",
			frappe.session.user,
			"name",
			"name",
			"name",
			"Call",
			"owner",
			"notes",
			"start_time",
			"max",
		),
		"generic.group_by_count": lambda: counted(generic.group_by_count("Call", {}, "assigned_to")),
		"generic.linked_documents": lambda: generic.linked_documents("Call", call.name),
		"generic.next_document": lambda: generic.next_document("Call", call.name, 0, sort_field="notes"),
		"generic.tagged_documents": lambda: counted(generic.tagged_documents("Call", "%vip%")),
		"generic.web_form_options": lambda: generic.web_form_options("edit-profile", "Call", 1),
		"generic.workflow_state_count": lambda: counted(
			generic.workflow_state_count("Call", "status", ["Failed"])
		),
	}


HEATMAP = {
	"document_type": "Call", "type": "Heatmap", "chart_type": "Count", "based_on": "start_time", "filters_json": "[]",
}  # fmt: skip


def gone(function, **arguments):
	"""Who has no login is refused by 404: what they may not see does not exist."""
	frappe.local.request_ip = "127.0.0.1"
	try:
		return function(**arguments)
	except frappe.DoesNotExistError as error:
		raise frappe.PermissionError from error


def found(call, records):
	"""A search refuses by finding nothing."""
	if call.name not in [row[0] for row in records]:
		raise frappe.PermissionError
	return records


def counted(number):
	"""A count refuses by counting nothing."""
	if not number:
		raise frappe.PermissionError
	return number


def whitelisted() -> dict:
	"""{"module.function": function} of everything that REST can reach in the app"""
	found = {}
	for module in pkgutil.iter_modules(call_intelligence.api.__path__):
		module = importlib.import_module(f"call_intelligence.api.{module.name}")
		for name, function in inspect.getmembers(module, inspect.isfunction):
			if function in frappe.whitelisted and function.__module__ == module.__name__:
				found[f"{module.__name__.rsplit('.', 1)[1]}.{name}"] = function
	return found


ENDPOINTS = sorted(whitelisted())
# the first in place of Frappe's own; the others open what a key is for
FOR_GUESTS = ("generic.web_form_options", "clip_links.open", "clip_links.media")


def test_every_endpoint_of_the_app_is_in_the_api_folder():
	ours = {
		function for function in frappe.whitelisted if function.__module__.startswith("call_intelligence.")
	}
	assert {function.__module__.split(".")[1] for function in ours} == {"api"}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_stranger_is_refused_everywhere(call, people, as_user, endpoint):
	request = requests_for(call)[endpoint]
	for who in ("stranger", "portal user"):
		with as_user(people[who]):
			try:
				answer = request()
			except frappe.PermissionError:
				continue
		pytest.fail(f"{who}: {answer}")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_endpoints_say_what_they_take_and_how(endpoint):
	function = whitelisted()[endpoint]
	signature = inspect.signature(function)
	assert function.__doc__
	assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())
	methods = frappe.allowed_http_methods_for_whitelisted_func[function]
	# those that stand in for functions of Frappe's are called as those are
	stands_in = endpoint == "search.count" or endpoint.startswith("generic.")
	assert len(methods) == 1 or stands_in
	assert (function in frappe.guest_methods) is (endpoint in FOR_GUESTS)


CHANGING_ASSOCIATIONS = [f"associations.{name}" for name in ("search", "add", "remove", "accept", "dismiss")]
EDITING = [name for name in ENDPOINTS if name.startswith("transcript.") and name != "transcript.history"]
PARTICIPANTS = [name for name in ENDPOINTS if name.startswith("participants.")]


@pytest.mark.parametrize(
	"endpoint",
	[
		"calls.retry",
		"calls.identify_speakers",
		"comments.edit",
		"comments.remove",
		"comments.share_with",
		*CHANGING_ASSOCIATIONS,
		*PARTICIPANTS,
		*EDITING,
	],
)
def test_those_who_only_see_change_nothing(call, people, as_user, endpoint):
	for who in ("participant", "shared with", "crm user"):
		with as_user(people[who]):
			try:
				answer = requests_for(call)[endpoint]()
			except frappe.PermissionError:
				continue
		pytest.fail(f"{who}: {answer}")


@pytest.mark.parametrize(
	"endpoint",
	[
		"associations.get", "calls.status", "calls.transcript", "review.get", "search.records", "comments.get", "comments.add",
		"comments.who_cannot_see", "notes.get", "notes.save",
	],
)  # fmt: skip
def test_those_who_see_may_read(call, people, as_user, endpoint):
	for who in SEES:
		with as_user(people[who]):
			assert requests_for(call)[endpoint](), who


LISTENING = ["playlists.mine", "playlists.get", "playlists.follow", "playlists.progress"]


@pytest.mark.parametrize("endpoint", [name for name in ENDPOINTS if name.startswith("playlists.")])
def test_the_audience_of_a_playlist_listens_and_its_owner_keeps_it(call, people, as_user, endpoint):
	request = requests_for(call)[endpoint]
	for who in (*SEES, *SEES_NOT):
		frappe.db.savepoint("unchanged")
		with as_user(people[who]):
			if who in EDITS or (who in SEES and endpoint in LISTENING):
				assert request() is not None, who
			else:
				with pytest.raises(frappe.PermissionError):
					request()
		frappe.db.rollback(save_point="unchanged")


def test_desk_shows_the_list_of_playlists_to_everybody_who_works_there(people, as_user):
	for who, makes in {"owner": True, "manager": True, "crm user": False, "stranger": False}.items():
		rights = UserPermissions(people[who])
		with as_user(people[who]):
			rights.build_permissions()
		assert "Call Playlist" in rights.can_read
		assert ("Call Playlist" in rights.can_create) is makes, who


MANAGING_TERMS = [name for name in ENDPOINTS if name.startswith("terms.") and name != "terms.get"]


@pytest.mark.parametrize("endpoint", MANAGING_TERMS)
def test_only_managers_edit_tracked_terms(call, people, as_user, endpoint):
	request = requests_for(call)[endpoint]
	for who in ("owner", "other seat", "crm user"):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			request()
	with as_user(people["manager"]):
		assert request() is not None


@pytest.mark.parametrize(
	("who", "may"), [("owner", True), ("manager", True), ("other seat", False), ("crm user", False)]
)
def test_who_has_the_seat_and_sees_the_call_gets_its_mentions(call, people, as_user, who, may):
	with as_user(people[who]):
		try:
			assert terms.get(call.name)["categories"]
		except frappe.PermissionError:
			assert not may
		else:
			assert may


@pytest.mark.parametrize("doctype", ["Tracked Term", "Tracked Term Category"])
def test_people_with_the_seat_read_tracked_terms_and_managers_change_them(people, as_user, doctype):
	rights = {
		"owner": {"read"},
		"manager": {"read", "write", "create", "delete", "import", "export"},
		"crm user": set(),
	}
	for who, allowed in rights.items():
		with as_user(people[who]):
			for right in ("read", "write", "create", "delete", "import", "export"):
				assert bool(frappe.has_permission(doctype, right)) is (right in allowed), (who, right)


@pytest.mark.parametrize(
	("doctype", "who"), [("Term Mention", "owner"), ("Term Mention", "manager"), ("Term Scan", "manager")]
)
def test_desk_has_lists_for_those_who_may_read_them(people, doctype, who):
	rights = UserPermissions(people[who])
	rights.build_permissions()
	assert doctype in rights.can_read


CLIPS = ("Call Clip", "Call Clip Opening")


def test_who_sees_a_clip_and_how_it_fared(call, people, as_user, ask):
	clip = frappe.db.get_value("Call Clip", {"call": call.name})
	with as_user(people["participant"]):
		clips.open(clip)
	# who sees the call opens the clip by its address, but only whom it is for has it in a list
	listed = {"owner": True, "manager": True, "participant": True, "shared with": False, "crm user": False}
	for who in (*SEES, *SEES_NOT):
		with as_user(people[who]):
			assert (clip in names_of("Call Clip")) is listed.get(who, False), who
			document = frappe.get_doc("Call Clip", clip)
			assert bool(document.has_permission("read")) is listed.get(who, False), who
			assert bool(names_of("Call Clip Opening")) is (who in ("owner", "manager")), who
			rows = guarded(
				client.get_list, "Call Clip Recipient", filters={"parent": clip}, parent="Call Clip"
			)
			assert bool(rows) is listed.get(who, False), who
			for doctype in CLIPS:
				for right in ("write", "create", "delete", "share"):
					assert not frappe.has_permission(doctype, right), (who, doctype, right)
			assert bool(guarded(search.count, "Call Clip", {"message": ["like", "%zebra%"]})) is listed.get(
				who, False
			)


def names_of(doctype: str) -> list[str]:
	return guarded(frappe.get_list, doctype, pluck="name") or []


def guarded(function, *arguments, **options):
	"""What it returns; None where it refuses"""
	try:
		return function(*arguments, **options)
	except frappe.PermissionError:
		return None


def test_nobody_writes_clips_past_their_rules(call, people, as_user):
	clip = frappe.db.get_value("Call Clip", {"call": call.name})
	for who in ("owner", "manager"):
		with as_user(people[who]):
			document = frappe.get_doc("Call Clip", clip)
			document.message = "Other words"
			for write in (document.save, document.delete):
				with pytest.raises(frappe.PermissionError):
					write()
			recipient = {
				"parenttype": "Call Clip",
				"parent": clip,
				"parentfield": "recipients",
				"user": people["stranger"],
			}
			with pytest.raises(frappe.PermissionError):
				frappe.get_doc({"doctype": "Call Clip Recipient", **recipient}).insert()


def test_a_call_that_does_not_exist_looks_like_a_hidden_one(call, people, as_user):
	with as_user(people["stranger"]):
		with pytest.raises(frappe.PermissionError) as hidden:
			calls.status(call.name)
		with pytest.raises(frappe.PermissionError) as missing:
			calls.status("CALL-1999-00001")
	assert str(hidden.value) == str(missing.value)


def test_without_the_seat_the_review_is_read_only(call, people, as_user):
	with as_user(people["crm user"]):
		answer = review.get(call.name)
	assert answer["permissions"] == {"write": False, "retry": False}
	assert [row[4] for row in answer["segments"]] == [row[3] for row in factories.TRANSCRIPT]
