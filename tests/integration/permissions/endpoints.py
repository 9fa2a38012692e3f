"""Requests to every whitelisted function of the app for one call"""

import importlib
import inspect
import pkgutil

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import call_intelligence.api
from call_intelligence import transcript
from call_intelligence.api import (
	associations,
	call_logs,
	calls,
	clip_links,
	clips,
	comments,
	doors,
	generic,
	media,
	notes,
	participants,
	playlists,
	record_calls,
	review,
	search,
	sources,
	terms,
	uploads,
	webhooks,
)
from call_intelligence.api import transcript as editing
from call_intelligence.associations import suggestions
from call_intelligence.terms import catalogue
from tests import factories

# audience of the playlist in the requests: all of them see its call
AUDIENCE = [
	f"{who.replace(' ', '.')}@people.example.com" for who in ("participant", "shared with", "crm user")
]


def requests_for(call) -> dict:
	"""Every whitelisted function of the app, and its arguments for `call`."""
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
	source, delivery = factories.source_with_delivery()
	factories.made_of(call.name, "CRM Call Log", log := factories.call_log())
	colleague = [frappe.db.get_value("User", {"name": ["!=", call.call_owner], "user_type": "System User"})]
	return {
		"associations.get": lambda: associations.get(call.name),
		"associations.of_calls": lambda: counted(associations.of_calls([call.name])),
		"associations.search": lambda: associations.search(call.name, "Sarah"),
		"associations.add": lambda: associations.add(call.name, "Contact", other),
		"associations.remove": lambda: associations.remove(call.name, association),
		"associations.accept": lambda: associations.accept(call.name, suggestion),
		"associations.dismiss": lambda: associations.dismiss(call.name, suggestion),
		"call_logs.review": lambda: call_logs.review("CRM Call Log", log),
		"calls.create": lambda: calls.create(file_url="/private/files/none.wav"),
		"calls.status": lambda: calls.status(call.name),
		"calls.transcript": lambda: calls.transcript(call.name),
		"calls.retry": lambda: calls.retry(call.name),
		"calls.untranscribed": lambda: counted(calls.untranscribed()["count"]),
		"calls.transcribe_earlier": lambda: calls.transcribe_earlier(),
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
		"record_calls.get": lambda: record_calls.get("Contact", call.associations[0].link_name),
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
		"webhooks.receive": lambda: refused_request(webhooks.receive),
		"sources.describe_providers": sources.describe_providers,
		"sources.test_connection": lambda: sources.test_connection(source),
		"sources.ask_now": lambda: sources.ask_now(source),
		"sources.count_earlier": lambda: sources.count_earlier(source, 7),
		"sources.take_earlier": lambda: sources.take_earlier(source, 7),
		"sources.replay_failed": lambda: sources.replay_failed(source),
		"sources.replay": lambda: sources.replay(delivery),
		"terms.get": lambda: terms.get(call.name),
		"terms.preview": lambda: terms.preview([]),
		"terms.progress": lambda: terms.progress(),
		"terms.read": lambda: terms.read(),
		"terms.save": lambda: terms.save({}, catalogue.version(), call.name),
		"terms.search_again": lambda: terms.search_again(),
		"uploads.start": lambda: uploads.start("call.wav", 10),
		"uploads.inspect": lambda: uploads.inspect("call.wav"),
		"uploads.append": lambda: uploads.append("0" * 32, 0),
	}


def generic_requests(call) -> dict:
	"""Overrides of Frappe's generic functions: for a hidden call they refuse, or return nothing."""
	frappe.db.set_value("Call", call.name, "_user_tags", ",vip", update_modified=False)
	todo = {"doctype": "ToDo", "reference_type": "Call", "reference_name": call.name, "status": "Open"}
	frappe.get_doc({**todo, "name": factories.unique("todo"), "allocated_to": call.call_owner}).db_insert()
	board = factories.unique("Board")
	frappe.get_doc({"doctype": "Kanban Board", "name": board, "reference_doctype": "Call"}).db_insert()
	added = [{"doctype": "Call", "fieldname": "notes", "link_field": "id", "insert_after_index": 0}]
	return {
		"doors.export_report": lambda: exported(added),
		"doors.followers": lambda: doors.followers("Call", call.name),
		"doors.global_search": lambda: counted(doors.global_search(call.title)),
		"doors.message_preview": lambda: doors.message_preview("Call", call.name, "{{ doc.notes }}"),
		"doors.move_card": lambda: doors.move_card(board, call.name),
		"doors.order_cards": lambda: doors.order_cards(board, {"Inbound": [call.name]}),
		"doors.toggle_like": lambda: doors.toggle_like("Call", call.name),
		"doors.relink": lambda: doors.relink("an e-mail", "Call", call.name),
		"doors.remove_tag": lambda: doors.remove_tag("vip", "Call", call.name),
		"doors.run_report": lambda: doors.run_report("ToDo", added),
		"generic.chart": lambda: generic.chart(chart=HEATMAP, no_cache=1),
		"generic.custom_field_values": lambda: counted(generic.custom_field_values("Call", "preview")),
		"generic.document": lambda: generic.document("Call", call.name),
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
		"generic.web_form_options": lambda: generic.web_form_options("edit-profile", "Call"),
		"generic.workflow_state_count": lambda: counted(
			generic.workflow_state_count("Call", "status", ["Failed"])
		),
	}


HEATMAP = {
	"document_type": "Call", "type": "Heatmap", "chart_type": "Count", "based_on": "start_time", "filters_json": "[]",
}  # fmt: skip


def exported(columns):
	frappe.local.form_dict = frappe._dict(report_name="ToDo", custom_columns=columns)
	return doors.export_report()


def gone(function, **arguments):
	"""Without login the answer is 404: hidden documents do not exist."""
	frappe.local.request_ip = "127.0.0.1"
	try:
		return function(**arguments)
	except frappe.DoesNotExistError as error:
		raise frappe.PermissionError from error


def refused_request(receive):
	"""A webhook without a source's key is answered with 404."""
	frappe.local.request_ip = "127.0.0.1"
	frappe.local.request = Request(EnvironBuilder(method="POST", data=b"{}").get_environ())
	if receive().status_code == 404:
		raise frappe.PermissionError


def found(call, records):
	"""A search refuses by an empty result."""
	if call.name not in [row[0] for row in records]:
		raise frappe.PermissionError
	return records


def counted(number):
	"""A count refuses by 0."""
	if not number:
		raise frappe.PermissionError
	return number


def whitelisted() -> dict:
	"""{"module.function": function} of everything in the app that REST can reach"""
	found = {}
	for module in pkgutil.iter_modules(call_intelligence.api.__path__):
		module = importlib.import_module(f"call_intelligence.api.{module.name}")
		for name, function in inspect.getmembers(module, inspect.isfunction):
			if function in frappe.whitelisted and function.__module__ == module.__name__:
				found[f"{module.__name__.rsplit('.', 1)[1]}.{name}"] = function
	return found


ENDPOINTS = sorted(whitelisted())
# the first overrides Frappe's own; the others serve the holder of a key or a secret
FOR_GUESTS = ("generic.web_form_options", "clip_links.open", "clip_links.media", "webhooks.receive")
