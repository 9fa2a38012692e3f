"""Notifies recipients of a clip: a Notification Log and, depending on their Notification Settings, an e-mail."""

from html import escape

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.translate import get_user_lang
from frappe.utils import flt, now

from call_intelligence import compat
from call_intelligence.clips import mails, trim
from call_intelligence.clips.describe import address
from call_intelligence.discussion.mentions import bold, clock
from call_intelligence.transcript import recording_of, segments, speaker_name, speaker_names

MOST_UTTERANCES = 12
MOST_CHARACTERS = 1500


def recipients(clip) -> None:
	"""Notify each recipient, in their language"""
	users = frappe.get_all(
		"User", filters={"name": ["in", [row.user for row in clip.recipients]]}, fields=["name", "email"]
	)
	before, began = frappe.local.lang, now()
	try:
		for user in users:
			frappe.local.lang = get_user_lang(user.name)
			# at once, not by Frappe's job, so that ending the clip later finds all notifications
			make_notification_logs(frappe._dict(notification(clip)), [user.email])
	finally:
		frappe.local.lang = before
	mails.claim(clip.name, began)


def notification(clip) -> dict:
	"""Values of a Notification Log"""
	title = f'<b class="subject-title">{escape(clip.title)}</b>'
	values = {
		# the type that Frappe has a setting for
		"type": "Share",
		"document_type": "Call Clip",
		"document_name": clip.name,
		"subject": _("{0} shared a moment of {1} with you").format(bold(clip.shared_by_name), title),
		"from_user": clip.shared_by,
		"email_content": content(clip),
	}
	return compat.notification_with_link(values, address(clip))


def content(clip) -> str:
	"""HTML: the message, an excerpt of the part's transcript, and the link"""
	parts = [f"<p>{escape(line)}</p>" for line in (clip.message or "").splitlines() if line.strip()]
	lines = excerpt(clip)
	if lines:
		parts.append(
			"<blockquote>"
			+ "".join(f"<p><b>{escape(who)}</b>: {escape(text)}</p>" for who, text in lines)
			+ "</blockquote>"
		)
	length = clock(round(flt(clip.end_seconds) - flt(clip.start_seconds)))
	parts.append(
		f'<p><a href="{escape(address(clip))}">{escape(_("Listen to this moment ({0})").format(length))}</a></p>'
	)
	return "\n".join(parts)


def excerpt(clip) -> list[tuple[str, str]]:
	"""[(speaker's name, text)] of the part, and no words from outside it; cut off if it is long"""
	recording = recording_of(clip.call)
	rows = (
		trim.segments(segments(recording), flt(clip.start_seconds), flt(clip.end_seconds))
		if recording
		else []
	)
	names = speaker_names(clip.call)
	lines: list[tuple[str, str]] = []
	length = 0
	for row in rows:
		length += len(row[4])
		if len(lines) == MOST_UTTERANCES or length > MOST_CHARACTERS:
			lines.append(("…", _("and more, in the recording")))
			break
		lines.append((names.get(row[3]) or speaker_name(row[3]), row[4]))
	return lines
