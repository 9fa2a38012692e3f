"""Notifies people of their calls that are ready or have failed: a notification in Desk and, depending on their settings, an e-mail."""

from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlsplit

import frappe
from frappe import _
from frappe.translate import get_user_lang
from frappe.utils import get_url_to_form, get_url_to_list

from call_intelligence import compat
from call_intelligence.core.writing import CONCURRENT_WRITES
from call_intelligence.notices import switches, when
from call_intelligence.permissions import is_desk_user, visible_calls
from call_intelligence.queries import sql
from call_intelligence.queue.stages import FAILED, READY

LONGEST_LINK = 140
POINT, MAIL_POINT = "call_intelligence_notices", "call_intelligence_notice_mail"


@dataclass
class Notice:
	subject: str
	"""HTML"""
	plain_subject: str
	details: str
	"""HTML"""
	call: str
	address: str
	"""URL; of one call, or of a list"""


def tell(user: str) -> int:
	"""Notify the user of runs that have ended, if it is time. Does not commit. -> the number of notices

	There is at most one notice of each run: errors are logged and not retried. Raises QueryDeadlockError and QueryTimeoutError,
	after which no notice was sent.
	"""
	runs = when.ended_runs(user)
	if not runs or not when.is_time(user):
		return 0
	calls = take(user, runs)
	if not calls:
		return 0
	frappe.db.savepoint(POINT)
	try:
		return len(write(user, calls))
	except CONCURRENT_WRITES:
		raise
	except Exception:
		frappe.db.rollback(save_point=POINT)
		write_down("a notice could not be written", calls[0])
		return 0


def write_down(what: str, call: str) -> None:
	# without the values of variables, among them titles of other calls
	frappe.log_error(
		f"Call Intelligence: {what}", frappe.get_traceback(), reference_doctype="Call", reference_name=call
	)


def take(user: str, runs: list[str]) -> list[str]:
	"""Calls of these runs, sorted; no other job finds them any more. Locks the runs until the transaction ends."""
	rows = sql.run(
		"""select `name`, `call` from `tabProcessing Run`
		where `name` in %(runs)s and `notify` = %(user)s order by `name` for update""",
		{"runs": runs, "user": user},
		as_dict=True,
	)
	if rows:
		frappe.db.set_value(
			when.RUN, {"name": ["in", [row.name for row in rows]]}, "notify", None, update_modified=False
		)
	return sorted({row.call for row in rows})


def write(user: str, calls: list[str]) -> list[Notice]:
	if not frappe.db.get_value("User", user, "enabled") or not is_desk_user(user):
		return []
	if not switches.wants_notices(user):
		return []
	before = frappe.local.lang
	try:
		frappe.local.lang = get_user_lang(user)
		notices = [
			notice for status in (READY, FAILED) for notice in about(user, seen(user, calls, status), status)
		]
		for notice in notices:
			log(user, notice)
			if switches.wants_mails(user):
				mail(user, notice)
	finally:
		frappe.local.lang = before
	return notices


def seen(user: str, calls: list[str], status: str) -> list:
	"""Those of the calls that have this status now and that the user sees, the latest last"""
	return sql.run(
		"""select `tabCall`.`name`, `tabCall`.`title`, `tabCall`.`error`, `tabCall`.`owner` from `tabCall`
		where `tabCall`.`name` in %(calls)s and `tabCall`.`status` = %(status)s and {visible}
		order by `tabCall`.`creation`, `tabCall`.`name`""",
		{"calls": calls, "status": status},
		conditions={"visible": visible_calls(user)},
		as_dict=True,
	)


def about(user: str, calls: list, status: str) -> list[Notice]:
	if not calls:
		return []
	if len(calls) > 1:
		return [about_many(user, calls, status)]
	call = calls[0]
	text = _("{0} is ready") if status == READY else _("{0} could not be processed")
	title = " ".join((call.title or call.name).split())
	details = escape(call.error or "") if status == FAILED else ""
	return [
		Notice(
			subject=text.format(f'<b class="subject-title">{escape(title)}</b>'),
			plain_subject=text.format(title),
			details=details,
			call=call.name,
			address=get_url_to_form("Call", call.name),
		)
	]


def about_many(user: str, calls: list, status: str) -> Notice:
	"""Without the titles of the calls, as the notice is kept even if the user loses access to one of them."""
	text = _("{0} calls are ready") if status == READY else _("{0} calls could not be processed")
	text = text.format(len(calls))
	return Notice(
		subject=escape(text),
		plain_subject=text,
		details="",
		call=calls[-1].name,
		address=f"{get_url_to_list('Call')}?{filters(user, calls, status)}",
	)


def filters(user: str, calls: list, status: str) -> str:
	"""Query string of the list: the user's own calls with that status, or all of them if others have sent some"""
	if all(call.owner == user for call in calls):
		return f"status={quote(status)}&owner={quote(user)}"
	return f"status={quote(status)}"


def log(user: str, notice: Notice) -> None:
	place = urlsplit(notice.address)
	link = f"{place.path}?{place.query}" if place.query else place.path
	values = {
		"doctype": "Notification Log",
		# the type for which Frappe sends no e-mail: its settings have no switch for ours
		"type": "Alert",
		"for_user": user,
		"from_user": user,
		"document_type": "Call",
		"document_name": notice.call,
		"subject": notice.subject,
		"email_content": notice.details,
	}
	if len(link) <= LONGEST_LINK:
		values = compat.notification_with_link(values, link)
	frappe.get_doc(values).insert(ignore_permissions=True)


def mail(user: str, notice: Notice) -> None:
	address = frappe.db.get_value("User", user, "email")
	if not address:
		return
	frappe.db.savepoint(MAIL_POINT)
	try:
		frappe.sendmail(
			recipients=[address],
			subject=notice.plain_subject,
			template="new_notification",
			args={"body_content": notice.subject, "description": notice.details, "doc_link": notice.address},
			header=[_("Call Intelligence"), "blue"],
			reference_doctype="Call",
			reference_name=notice.call,
			add_unsubscribe_link=0,
		)
	except frappe.OutgoingEmailError:
		# the site sends no e-mails
		frappe.db.rollback(save_point=MAIL_POINT)
		frappe.clear_last_message()
	except CONCURRENT_WRITES:
		raise
	except Exception:
		# the notification in Desk stays
		frappe.db.rollback(save_point=MAIL_POINT)
		write_down("an e-mail about a call could not be sent", notice.call)
