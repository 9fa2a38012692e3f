"""A valid request to every whitelisted function of the app, as keyword arguments"""

import inspect
from dataclasses import dataclass

import frappe

from call_intelligence import transcript
from call_intelligence.associations import suggestions
from call_intelligence.clips import links
from call_intelligence.terms import catalogue
from tests import factories
from tests.integration.permissions.endpoints import HEATMAP, whitelisted


@dataclass
class Scene:
	"""A call of `owner` and a document of each kind needed in requests"""

	owner: str
	colleague: str
	call: str
	recording: str
	contact: str
	other_contact: str
	comment: str
	clip: str
	part: str
	key: str
	playlist: str
	item: str
	suggestion: str
	email: str
	source: str
	delivery: str
	log: str

	@property
	def segment(self) -> str:
		return frappe.db.get_value("Transcript Segment", {"recording": self.recording, "position": 1})

	@property
	def participant(self) -> str:
		return frappe.db.get_value("Call Participant", {"parent": self.call, "speaker_key": "S1"})

	@property
	def association(self) -> str:
		return frappe.db.get_value("Call Association", {"parent": self.call})


def make_scene(owner: str, colleague: str, keep=lambda doctype, name: name, transcript_rows=None) -> Scene:
	"""keep(doctype, name) registers documents that are not deleted with the call; nothing is committed."""
	contact, other = (keep("Contact", factories.contact()) for _number in range(2))
	rows = transcript_rows or factories.TRANSCRIPT
	call = keep("Call", factories.call(owner, associations=[("Contact", contact)], transcript=rows))
	recording = transcript.recording_of(call)
	comment = factories.comment(call, owner)
	clip = factories.clip(call, owner, recipients=[owner])
	key, stored = links.new_key()
	outside = {"external": 1, "link_key": stored, "expires_on": frappe.utils.add_days(None, 3)}
	part = factories.clip(call, owner, recipients=[owner], only_this_part=1, **outside)
	playlist = keep("Call Playlist", factories.playlist(owner, call, audience=[("User", colleague)]))
	suggestions.offer(call, "Contact", other, "E-mail")
	email = {"communication_type": "Communication", "communication_medium": "Email", "subject": "A"}
	about = {"reference_doctype": "Call", "reference_name": call}
	written = frappe.get_doc({"doctype": "Communication", **email, **about}).insert(ignore_permissions=True)
	log = keep("CRM Call Log", factories.call_log())
	keep("Recording Source", factories.made_of(call, "CRM Call Log", log))
	return Scene(
		owner,
		colleague,
		call,
		recording,
		contact,
		other,
		comment,
		clip,
		part,
		key,
		playlist,
		frappe.db.get_value("Call Playlist Item", {"playlist": playlist}),
		frappe.db.get_value("Association Suggestion", {"call": call}),
		keep("Communication", written.name),
		*with_source(keep),
		log,
	)


def with_source(keep) -> tuple[str, str]:
	source, delivery = factories.source_with_delivery()
	return keep("Recording Source", source), delivery


def arguments_for(scene: Scene) -> dict[str, dict]:
	"""{"module.function": {argument: value}}: all arguments of the function"""
	call = {"call": scene.call}
	participant = {**call, "participant": scene.participant}
	span = {**call, "start": 1, "end": 2}
	segment = {**call, "segment": scene.segment}
	return {
		"associations.get": call,
		"associations.of_calls": {"calls": [scene.call]},
		"associations.search": {**call, "text": "Sarah", "kind": "Contact"},
		"associations.add": {**call, "doctype": "Contact", "name": scene.other_contact},
		"associations.remove": {**call, "id": scene.association},
		"associations.accept": {**call, "id": scene.suggestion},
		"associations.dismiss": {**call, "id": scene.suggestion},
		"call_logs.review": {"doctype": "CRM Call Log", "name": scene.log},
		"calls.create": {
			"upload": "0" * 32, "file_url": "/private/files/none.wav", "title": "A call", "direction": "Inbound",
			"start_time": "2026-01-31 14:30:00", "call_owner": scene.owner, "language": "en", "speakers": 2, "owner_channel": 1,
			"associations": [{"doctype": "Contact", "name": scene.contact}],
			"participants": [{"display_name": "Sarah", "email": "sarah@example.com", "phone": "+48123456789", "side": "Customer"}],
			"source": "Security test", "external_id": frappe.generate_hash(length=12),
			"raw_format": "mulaw", "sample_rate": 8000,
		},
		"calls.status": call,
		"calls.transcript": {**call, "format": "vtt"},
		"calls.untranscribed": {},
		"calls.transcribe_earlier": {},
		"calls.retry": {**call, "stage": "Analysing", "keep_edits": 1},
		"calls.identify_speakers": {**call, "speakers": 2, "keep_edits": 1},
		"clips.options": call,
		"clips.people": {**call, "text": "people"},
		"clips.who_cannot_see": {**call, "users": [scene.colleague], "groups": []},
		"clips.share": {
			**span, "users": [scene.colleague], "groups": [], "message": "Listen", "title": "A part", "only_this_part": 0,
			"expires_on": "2099-01-01", "notify": 0,
		},
		"clips.create_link": {**span, "message": "Listen", "title": "A part", "days": 3, "password": "long enough"},
		"clips.revoke": {"clip": scene.clip},
		"clips.open": {"clip": scene.clip},
		"clips.part": {"clip": scene.part},
		"clips.media": {"clip": scene.part},
		"clip_links.open": {"key": scene.key, "password": "", "grant": ""},
		"clip_links.media": {"key": scene.key, "grant": ""},
		"comments.get": call,
		"comments.add": {**call, "content": "A word", "at": 1.5, "reply_to": None},
		"comments.edit": {"comment": scene.comment, "content": "Another word"},
		"comments.remove": {"comment": scene.comment},
		"comments.resolve": {"comment": scene.comment, "resolved": 1},
		"comments.mark_read": {**call, "names": [scene.comment]},
		"comments.who_cannot_see": {**call, "users": [scene.colleague], "groups": []},
		"comments.share_with": {**call, "users": [scene.colleague]},
		"notes.get": call,
		"notes.save": {**call, "content": "A note", "version": 0},
		"participants.search": {**call, "text": "Sarah"},
		"participants.connect": {**participant, "doctype": "User", "name": scene.owner},
		"participants.disconnect": participant,
		"participants.set_side": {**participant, "side": "Owner"},
		"participants.set_voice": {**participant, "speaker": "S2"},
		"participants.add_contact": {
			**participant, "full_name": "Sarah Miller", "email": "sarah.miller@example.com", "phone": "+48123456789",
			"company_doctype": "", "company": "Northwind",
		},
		**generic_arguments(scene),
		**door_arguments(scene),
		"media.stream": {"recording": scene.recording, "original": 1, "copy": 0},
		"record_calls.get": {"doctype": "Contact", "name": scene.contact},
		"review.get": {**call, "transcript_version": "none"},
		"playlists.mine": {**call, "text": "Playlist"},
		"playlists.get": {"playlist": scene.playlist},
		"playlists.add": {
			"parts": [{"call": scene.call, "start": 1, "end": 2, "title": "A part", "description": "Listen", "clip": ""}],
			"playlist": scene.playlist,
			"new": {"title": "Another", "description": "", "visibility": "Only me", "cover_colour": "#123456"},
		},
		"playlists.update_item": {
			"item": scene.item, "title": "Another", "description": "Listen", "start": 1, "end": 2,
		},
		"playlists.remove_item": {"item": scene.item},
		"playlists.move_item": {"item": scene.item, "position": 1},
		"playlists.follow": {"playlist": scene.playlist, "following": 1},
		"playlists.progress": {"item": scene.item, "seconds": 2, "listened": 1},
		"playlists.heard": {"playlist": scene.playlist},
		"playlists.hidden_for": {"playlist": scene.playlist},
		"playlists.share_hidden": {"playlist": scene.playlist, "user": scene.colleague},
		"search.count": {"doctype": "Call", "filters": {"name": scene.call}, "debug": 0, "cache": 0},
		"search.records": {
			"doctype": "Call", "txt": "Call", "searchfield": "name", "start": 0, "page_length": 10,
			"filters": {"name": scene.call}, "as_dict": 0,
		},
		"webhooks.receive": {},
		"sources.describe_providers": {},
		"sources.test_connection": {"source": scene.source},
		"sources.ask_now": {"source": scene.source},
		"sources.count_earlier": {"source": scene.source, "days": 7},
		"sources.take_earlier": {"source": scene.source, "days": 7},
		"sources.replay_failed": {"source": scene.source},
		"sources.replay": {"delivery": scene.delivery},
		"terms.get": call,
		"terms.preview": {"terms": [{"key": "a", "title": "Plans", "phrases": [{"phrase": "premium plan"}]}], "calls": 5},
		"terms.progress": {},
		"terms.read": {},
		"terms.save": {"changes": {"terms": []}, "version": catalogue.version(), "call": scene.call},
		"terms.search_again": {},
		"transcript.correct_text": {**segment, "text": "Other words", "before": None},
		"transcript.set_speaker": {**segment, "speaker": "S1", "before": None},
		"transcript.split": {**segment, "word": 1, "before": None},
		"transcript.merge": {**segment, "following": None},
		"transcript.rename_speaker": {**call, "speaker": "S1", "name": "Sarah", "before": None},
		"transcript.merge_speakers": {**call, "speaker": "S1", "into": "S2"},
		"transcript.restore": {**call, "edit": "none", "before": None},
		"transcript.history": call,
		"uploads.start": {"file_name": "call.wav", "size": 10},
		"uploads.inspect": {"file_name": "call.wav", "head": "UklGRg==", "modified": "2026-01-31T14:30:00Z"},
		"uploads.append": {"upload": "0" * 32, "offset": 0},
	}  # fmt: skip


def generic_arguments(scene: Scene) -> dict[str, dict]:
	return {
		"generic.chart": {
			"chart_name": None, "chart": HEATMAP, "no_cache": 1, "filters": [], "from_date": None, "to_date": None,
			"timespan": None, "time_interval": None, "heatmap_year": 2026, "refresh": 1,
		},
		"generic.custom_field_values": {"doctype": "Call", "field": "preview", "names": [scene.call]},
		"generic.document": {"doctype": "Call", "name": "", "filters": {"name": scene.call}, "parent": None},
		"generic.goal_graph": {
			"title": "Calls", "doctype": "User", "docname": scene.owner, "goal_value_field": "name", "goal_total_field": "name",
			"goal_history_field": "name", "goal_doctype": "Call", "goal_doctype_link": "owner", "goal_field": "duration",
			"date_field": "start_time", "aggregation": "max", "filters": {},
		},
		"generic.group_by_count": {"doctype": "Call", "current_filters": {}, "field": "assigned_to"},
		"generic.linked_documents": {"doctype": "Call", "docname": scene.call},
		"generic.next_document": {
			"doctype": "Call", "value": scene.call, "prev": 0, "filters": {}, "sort_order": "desc", "sort_field": "modified",
		},
		"generic.tagged_documents": {"doctype": "Call", "tag": "vip"},
		"generic.web_form_options": {
			"web_form_name": "edit-profile", "doctype": "Call", "allow_read_on_all_link_options": 1,
		},
		"generic.workflow_state_count": {
			"doctype": "Call", "workflow_state_field": "status", "states": ["Failed"],
		},
	}  # fmt: skip


def door_arguments(scene: Scene) -> dict[str, dict]:
	return {
		"doors.export_report": {},
		"doors.followers": {"doctype": "Call", "doc_name": scene.call},
		"doors.global_search": {"text": "Call", "start": 0, "limit": 10, "doctype": "Call"},
		"doors.relink": {"name": scene.email, "reference_doctype": "Call", "reference_name": scene.call},
		"doors.message_preview": {
			"reference_dt": "Call",
			"reference_doc": scene.call,
			"message": "{{ doc.title }}",
			"subject": "{{ doc.name }}",
		},
		"doors.move_card": {"board_name": "None", "docname": scene.call},
		"doors.order_cards": {"board_name": "None", "order": {"Inbound": [scene.call]}},
		"doors.toggle_like": {"doctype": "Call", "name": scene.call, "add": "No"},
		"doors.remove_tag": {"tag": "vip", "dt": "Call", "dn": scene.call},
		"doors.run_report": {
			"report_name": "ToDo",
			"custom_columns": [
				{
					"doctype": "Call",
					"fieldname": "notes",
					"link_field": "id",
					"label": "Notes",
					"insert_after_index": 0,
				},
			],
		},
	}


def unknown_arguments(requests: dict[str, dict]) -> dict[str, set]:
	"""{"module.function": arguments in only one of the two}; arguments passed on to Frappe may be listed here"""
	found = {}
	for name, function in whitelisted().items():
		parameters = inspect.signature(function).parameters.values()
		named = {p.name for p in parameters if p.kind != p.VAR_KEYWORD}
		given = set(requests.get(name, {}))
		differing = named - given if len(named) < len(parameters) else named ^ given
		if differing or name not in requests:
			found[name] = differing
	return found
