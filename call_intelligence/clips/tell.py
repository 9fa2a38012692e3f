"""Recipients hear of a clip: a Notification Log and, as each one's Notification Settings say, an e-mail."""

from html import escape

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.utils import flt

from call_intelligence import compat
from call_intelligence.clips import trim
from call_intelligence.clips.describe import address
from call_intelligence.desk.mentions import bold, clock
from call_intelligence.transcript import recording_of, segments, speaker_name, speaker_names

MOST_UTTERANCES = 12
MOST_CHARACTERS = 1500


def recipients(clip) -> None:
	emails = frappe.get_all(
		"User", filters={"name": ["in", [row.user for row in clip.recipients]]}, pluck="email"
	)
	title = f'<b class="subject-title">{escape(clip.title)}</b>'
	values = {
		# the kind that Frappe has a setting for
		"type": "Share",
		"document_type": "Call Clip",
		"document_name": clip.name,
		"subject": _("{0} shared a moment of {1} with you").format(bold(clip.shared_by_name), title),
		"from_user": clip.shared_by,
		"email_content": content(clip),
	}
	enqueue_create_notification(emails, compat.notification_with_link(values, address(clip)))


def content(clip) -> str:
	"""HTML: the message, what is said in the part, and where it can be heard"""
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
	"""[(speaker's name, text)] of the part, and no word from outside it; cut off where it is long"""
	recording = recording_of(clip.call)
	rows = (
		trim.segments(segments(recording), flt(clip.start_seconds), flt(clip.end_seconds))
		if recording
		else []
	)
	names = speaker_names(clip.call)
	lines, length = [], 0
	for row in rows:
		length += len(row[4])
		if len(lines) == MOST_UTTERANCES or length > MOST_CHARACTERS:
			lines.append(("…", _("and more, in the recording")))
			break
		lines.append((names.get(row[3]) or speaker_name(row[3]), row[4]))
	return lines
