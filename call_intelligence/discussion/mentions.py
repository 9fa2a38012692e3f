"""Notifies people who are mentioned in comments and notes. Users who can't see the call are never notified."""

from html import escape
from typing import NoReturn

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.utils import get_fullname, get_url_to_form

from call_intelligence import compat
from call_intelligence.core import grants
from call_intelligence.discussion import richtext
from call_intelligence.permissions import can_see, who_sees

# people and groups in one text; each one costs a query
MOST = 50
MOST_PEOPLE = 100  # to look up or give access to at once


def mentionable(users: list[str]) -> dict[str, str]:
	"""{user: full name} of users who may be mentioned, by the same rules as Frappe's type-ahead"""
	if not users:
		return {}
	rows = frappe.get_all(
		"User",
		filters={"name": ["in", users], "enabled": 1, "user_type": "System User", "allowed_in_mentions": 1},
		fields=["name", "full_name"],
	)
	found = {row.name: row.full_name or row.name for row in rows}
	return {user: found[user] for user in users if user in found}


def allowed_on(call: str, refuse: bool = True) -> richtext.Mention:
	"""A filter for mentions on the Call: users who see it and groups stay mentions, others become plain text.

	With more than `MOST` mentions in one text it raises a ValidationError, or with `refuse=False` makes them plain text.
	"""
	known: dict[tuple[str, bool], str | None] = {}

	def mention(name: str, is_group: bool) -> str | None:
		if (name, is_group) not in known:
			if len(known) == MOST:
				if refuse:
					too_many()
				return None
			known[name, is_group] = looked_up(name, is_group)
		return known[name, is_group]

	def looked_up(name: str, is_group: bool) -> str | None:
		if is_group:
			return name if frappe.db.exists("User Group", name) else None
		full_name = mentionable([name]).get(name)
		return full_name if full_name and can_see(call, name) else None

	return mention


def too_many() -> NoReturn:
	frappe.throw(
		_(
			"Too many people and groups are mentioned: at most {0} are possible in one text. Please mention fewer."
		).format(MOST)
	)


def members(*groups: str) -> list[str]:
	"""Users in these User Groups"""
	if not groups:
		return []
	rows = frappe.get_all(
		"User Group Member", filters={"parent": ["in", groups]}, fields=["parent", "user"], order_by="idx"
	)
	return [row.user for group in groups for row in rows if row.parent == group]


def people_of(markup: str | None) -> list[str]:
	"""Users that a text mentions, directly or as members of a group; each once."""
	users: list[str] = []
	for name, is_group in richtext.mentions_in(markup):
		users += members(name) if is_group else [name]
	return list(dict.fromkeys(users))


def who_cannot_see(call: str, users: list[str], groups: list[str]) -> list[dict]:
	"""[{"user", "full_name"}] of the mentionable users and group members who don't see the Call"""
	check_number(users)
	check_number(groups)
	people = mentionable(list(dict.fromkeys([*users, *members(*groups)])))
	check_number(people)
	seeing = who_sees(call, [*people])
	return [
		{"user": user, "full_name": full_name} for user, full_name in people.items() if user not in seeing
	]


def check_number(chosen) -> None:
	if len(chosen) > MOST_PEOPLE:
		frappe.throw(_("At most {0} people are possible at once. Please choose fewer.").format(MOST_PEOPLE))


def share(call: str, users: list[str]) -> None:
	"""Give these users read access to the Call; Frappe checks whether the session's user may share it."""
	grants.give(call, [person["user"] for person in who_cannot_see(call, users, [])])


# ------------------------------------------------------------------------------------------------ notifications


def notify_of_comment(comment, mentioned: list[str], replied: list[str]) -> None:
	first = comment.reply_to or comment.name
	timed, at = frappe.db.get_value("Call Comment", first, ["timed", "at_seconds"]) or (0, 0)
	where = moment(comment.call, at if timed else None)
	author = bold(comment.author_name)
	about = ("Call Comment", comment.name, f"{get_url_to_form('Call', comment.call)}?comment={comment.name}")
	notify(
		comment.call,
		mentioned,
		_("{0} mentioned you in a comment on {1}").format(author, where),
		comment.content,
		about,
	)
	notify(
		comment.call,
		replied,
		_("{0} replied to a comment on {1}").format(author, where),
		comment.content,
		about,
	)


def notify_of_notes(call: str, mentioned: list[str], content: str) -> None:
	"""Notes are saved repeatedly while typing: users with an unread notification don't get a second one."""
	about = ("Call", call, f"{get_url_to_form('Call', call)}?tab=notes")
	told = frappe.get_all(
		"Notification Log",
		filters={
			"document_type": "Call", "document_name": call, "from_user": frappe.session.user, "type": "Mention", "read": 0,
		},
		pluck="for_user",
	)  # fmt: skip
	subject = _("{0} mentioned you in the notes on {1}").format(bold(get_fullname()), moment(call, None))
	notify(call, [user for user in mentioned if user not in told], subject, content, about)


def notify(call: str, users: list[str], subject: str, content: str, about: tuple[str, str, str]) -> None:
	"""Create a Notification Log and, depending on each user's Notification Settings, an e-mail, for users who see the call."""
	me = frappe.session.user
	people = [user for user in mentionable(users) if user != me]
	seeing = who_sees(call, people)
	users = [user for user in people if user in seeing]
	emails = frappe.get_all("User", filters={"name": ["in", users]}, pluck="email") if users else []
	if not emails:
		return
	doctype, name, address = about
	values = {
		# the type that Frappe has a setting for; used for replies as well
		"type": "Mention",
		"document_type": doctype,
		"document_name": name,
		"subject": subject,
		"from_user": me,
		"email_content": content,
	}
	enqueue_create_notification(emails, compat.notification_with_link(values, address))


def bold(text: str) -> str:
	return f"<b>{escape(text or '')}</b>"


def moment(call: str, at: float | None) -> str:
	title = f'<b class="subject-title">{escape(frappe.db.get_value("Call", call, "title") or call)}</b>'
	return title if at is None else _("{0} at {1}").format(title, clock(at))


def clock(seconds: float) -> str:
	"""83 -> "1:23", 3723 -> "1:02:03" """
	minutes, rest = divmod(int(seconds), 60)
	hours, minutes = divmod(minutes, 60)
	return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
