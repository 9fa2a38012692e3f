"""Records for tests that need a site: users, CRM records, and processed calls."""

import base64
import json
import uuid

import frappe

from call_intelligence.engine.spacing import pieces, with_glue
from call_intelligence.jobs import results

SEAT, MANAGER = "Call Intelligence User", "Call Intelligence Manager"

TRANSCRIPT = [
	("S1", 0.5, 4.0, "Thank you for calling Northwind, how can I help you?"),
	("S2", 4.6, 8.1, "I have a question about the premium plan."),
	("S1", 8.5, 12.9, "It is twenty four dollars per user each month."),
	("S2", 13.2, 15.0, "That is more than we pay now."),
]


def unique(text: str) -> str:
	return f"{text} {uuid.uuid4().hex[:8]}"


def user(*roles: str, user_type: str = "System User", email: str | None = None) -> str:
	"""A new enabled user with exactly these roles; returns the name (e-mail)."""
	email = email or f"{uuid.uuid4().hex[:10]}@example.com"
	doc = frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": email.split("@")[0].title(),
			"send_welcome_email": 0,
			"user_type": user_type,
			"roles": [{"role": role} for role in roles],
		}
	).insert(ignore_permissions=True)
	if user_type == "Website User":
		doc.db_set("user_type", user_type)
	frappe.clear_cache(user=email)
	return email


def contact(**values) -> str:
	return (
		frappe.get_doc({"doctype": "Contact", "first_name": unique("Sarah"), **values})
		.insert(ignore_permissions=True)
		.name
	)


def call(owner: str, *, associations=(), participants=(), transcript=TRANSCRIPT, **values) -> str:
	"""A Ready call of `owner` with a recording (no media) and a transcript; returns its name.

	associations: [(DocType, name)]; transcript: [(speaker key, start, end, text, language?)]; without text, a
	gap
	"""
	keys = list(dict.fromkeys(row[0] for row in transcript))
	doc = frappe.get_doc(
		{
			"doctype": "Call",
			"title": unique("Call"),
			"call_owner": owner,
			"direction": "Inbound",
			"start_time": "2026-01-31 14:30:00",
			"duration": max((row[2] for row in transcript), default=0),
			"status": "Ready" if transcript else "No recording",
			"language": "en",
			"associations": [{"link_doctype": doctype, "link_name": name} for doctype, name in associations],
			"participants": [{"speaker_key": key, "talk_share": 100 / len(keys)} for key in keys]
			+ list(participants),
			"preview": json.dumps(
				[
					{"speaker": key, "start": start, "text": text}
					for key, start, _end, text, *_language in transcript[:3]
				]
			),
			**values,
		}
	).insert(ignore_permissions=True)
	if transcript:
		recording(doc.name, transcript)
	return doc.name


def recording(call: str, transcript=TRANSCRIPT, **values) -> str:
	doc = frappe.get_doc(
		{
			"doctype": "Call Recording",
			"call": call,
			"stage": "Ready",
			"source": "Test",
			"external_id": uuid.uuid4().hex,
			"file_name": "call.wav",
			"duration": max((row[2] for row in transcript), default=0),
			"language": "en",
			**values,
		}
	).insert(ignore_permissions=True)
	for position, (speaker, start, end, text, *language) in enumerate(transcript):
		frappe.get_doc(
			{
				"doctype": "Transcript Segment",
				"call": call,
				"recording": doc.name,
				"position": position,
				"start_seconds": start,
				"end_seconds": end,
				"speaker_key": speaker,
				"text": text,
				"language": language[0] if language else "",
				"words": json.dumps(spread_words(text, start, end)),
				"confidence": 0.9,
			}
		).insert(ignore_permissions=True)
	return doc.name


def call_log(doctype: str = "CRM Call Log", **values) -> str:
	"""A log of an incoming call with a recording"""
	doc = frappe.get_doc(
		{
			"doctype": doctype,
			"id": unique("CA"),
			"from": "+48601555010",
			"to": "+48225550100",
			"type": "Incoming",
			"status": "Completed",
			"start_time": "2026-01-31 14:30:00",
			"duration": 61,
			"recording_url": "https://api.twilio.com/2010-04-01/Accounts/AC/Recordings/RE",
			"telephony_medium": "Twilio",
			**values,
		}
	)
	return doc.insert(ignore_permissions=True).name


def made_of(call: str, doctype: str, log: str) -> str:
	"""Marks the call as made of this log by a new Recording Source, and returns its name."""
	from call_intelligence.ingest.keys import source_key
	from call_intelligence.integrations.call_logs import external_id

	source = {"doctype": "Recording Source", "title": "Logs", "provider": "call_logs"}
	name = unique("Logs")
	frappe.get_doc({**source, "name": name}).db_insert()
	key = source_key(name, external_id(doctype, log))
	frappe.db.set_value("Call Recording", {"call": call}, "source_key", key, update_modified=False)
	return name


def sound(recording: str, file, duration: float, kind: str = "Audio") -> None:
	"""Gives a recording its media (a file that is moved to the site's storage), and a waveform."""
	from call_intelligence.core import storage

	peaks = bytes(i * 7 % 120 for i in range(int(duration * 10)))
	frappe.db.set_value(
		"Call Recording",
		recording,
		{
			"file": storage.adopt(file, extension=file.suffix[1:], recording=recording, field="file"),
			"kind": kind,
			"duration": duration,
			"peaks": json.dumps(
				{"per_second": 10.0, "count": len(peaks), "data": base64.b64encode(peaks).decode()}
			),
			"speaker_method": "channels",
		},
	)


VOCABULARY = (
	"we would like to know what the premium plan costs for a team of fifty people before the year ends"
)


def long_call(owner: str, seconds: float, utterances: int, **values) -> str:
	"""A Ready call with this number of utterances of two speakers, written in bulk; returns its name. No media."""
	name = call(
		owner, transcript=[("S1", 0, 1, "First."), ("S2", 1, 2, "Second.")], duration=seconds, **values
	)
	recording = frappe.db.get_value("Call Recording", {"call": name})
	each, vocabulary = seconds / utterances, VOCABULARY.split()
	rows = []
	for number in range(utterances):
		length = 3 + number * 7 % 9
		words = [vocabulary[(number * 11 + i) % len(vocabulary)] for i in range(length)]
		start, end = round(number * each, 2), round((number + 0.9) * each, 2)
		text = f"{number}: {' '.join(words)}."
		rows.append(
			{
				"start": start,
				"end": end,
				"speaker": f"S{number // 2 % 2 + 1}",
				"text": text,
				"words": spread_words(text, start, end),
				"confidence": 0.9,
			}
		)
	results.replace_segments(name, recording, rows)
	frappe.db.set_value("Call Recording", recording, "duration", seconds)
	return name


def spread_words(text: str, start: float, end: float) -> list[list]:
	words = pieces(text)
	step = (end - start) / max(len(words), 1)
	return [
		with_glue([round(start + i * step, 2), round(start + (i + 1) * step, 2), word, 0.9], glued)
		for i, (word, glued) in enumerate(words)
	]


def comment(call: str, author: str, content: str = "<p>A word about this</p>", **values) -> str:
	"""A Call Comment by `author`; returns its name."""
	before = frappe.session.user
	frappe.set_user(author)
	try:
		return (
			frappe.get_doc({"doctype": "Call Comment", "call": call, "content": content, **values})
			.insert()
			.name
		)
	finally:
		frappe.set_user(before)


def clip(call: str, owner: str, recipients=(), *, start: float = 1.0, end: float = 3.0, **values) -> str:
	"""A Call Clip shared by `owner`, without notifications; returns its name."""
	doc = frappe.get_doc(
		{
			"doctype": "Call Clip",
			"call": call,
			"title": frappe.db.get_value("Call", call, "title"),
			"start_seconds": start,
			"end_seconds": end,
			"message": "Do you hear the zebra?",
			"shared_by": owner,
			"shared_by_name": owner,
			"recipients": [{"user": user, "given": values.get("only_this_part", 0)} for user in recipients],
			**values,
		}
	)
	doc.flags.ignore_permissions = True
	for row in doc.recipients:
		row.flags.ignore_permissions = True
	return doc.insert().name


def playlist(owner: str, *calls: str, audience=(), **values) -> str:
	"""A Call Playlist of `owner`, with these calls as items added by the owner; returns its name.

	audience: [(DocType, name)] or [(DocType, name, may add)]: chosen people, who see it unless `visibility` differs
	"""
	doc = frappe.get_doc(
		{
			"doctype": "Call Playlist",
			"title": unique("Playlist"),
			"playlist_owner": owner,
			"visibility": "Chosen people" if audience else "Only me",
			"audience": [
				{"member_doctype": doctype, "member": name, "may_add": int(any(may_add))}
				for doctype, name, *may_add in audience
			],
			**values,
		}
	).insert(ignore_permissions=True)
	for call in calls:
		playlist_item(doc.name, call, owner)
	return doc.name


def playlist_item(playlist: str, call: str, added_by: str, **values) -> str:
	"""An item of a playlist, ignoring permissions; returns its name."""
	before = frappe.session.user
	frappe.set_user(added_by)
	try:
		return (
			frappe.get_doc({"doctype": "Call Playlist Item", "playlist": playlist, "call": call, **values})
			.insert(ignore_permissions=True)
			.name
		)
	finally:
		frappe.set_user(before)


def user_group(*users: str) -> str:
	return (
		frappe.get_doc(
			{
				"doctype": "User Group",
				"name": unique("Group"),
				"user_group_members": [{"user": user} for user in users],
			}
		)
		.insert(ignore_permissions=True)
		.name
	)


def mention(user: str, name: str = "Somebody", group: bool = False) -> str:
	"""The markup of a mention in Desk's editor"""
	return (
		f'<span class="mention" data-id="{user}" data-value="{name}" data-denotation-char="@" '
		f'data-is-group="{str(group).lower()}">\ufeff<span contenteditable="false">'
		f'<span class="ql-mention-denotation-char">@</span>{name}</span>\ufeff</span>'
	)


def term(*phrases: str, title: str | None = None, category: str | None = None, **values) -> str:
	"""A Tracked Term with these phrases, in a new category unless one is given; returns its name."""
	category = category or term_category()
	return (
		frappe.get_doc(
			{
				"doctype": "Tracked Term",
				"title": title or unique("Term"),
				"category": category,
				"phrases": [{"phrase": phrase} for phrase in phrases],
				**values,
			}
		)
		.insert(ignore_permissions=True)
		.name
	)


def term_category(title: str | None = None) -> str:
	return (
		frappe.get_doc({"doctype": "Tracked Term Category", "title": title or unique("Category")})
		.insert(ignore_permissions=True)
		.name
	)


def source_with_delivery(**values) -> tuple[str, str]:
	"""-> names of a Recording Source that is switched off, and of a Source Delivery that has failed"""
	source = frappe.get_doc(
		{
			"doctype": "Recording Source",
			"title": unique("Source"),
			"provider": "demo_telephone",
			"enabled": 0,
			**values,
		}
	).insert(ignore_permissions=True)
	delivery = frappe.get_doc(
		{
			"doctype": "Source Delivery",
			"source": source.name,
			"arrival": "Webhook",
			"status": "Failed",
			"body": "{}",
		}
	).insert(ignore_permissions=True)
	return source.name, delivery.name
