"""Comments on a call, for its review."""

import frappe
from frappe import _
from frappe.utils import cint, sbool

from call_intelligence.api.arguments import checked
from call_intelligence.discussion import comments, mentions, richtext
from call_intelligence.permissions import check_can_see, check_may_edit, may_share

LONGEST_MARKUP = comments.LONGEST * richtext.MARKUP_PER_TEXT


@frappe.whitelist(methods=["GET"])
@checked()
def get(call: str) -> dict:
	"""-> {"comments": [...]}; see `call_intelligence.discussion.comments.describe` for their fields"""
	check_can_see(call)
	return {"comments": comments.describe(call)}


@frappe.whitelist(methods=["POST"])
@checked(content=LONGEST_MARKUP)
def add(call: str, content: str, at: str | float | int | None = None, reply_to: str | None = None) -> dict:
	"""content: HTML, made safe; at: a second of the call; reply_to: a comment of the same call.

	Mentions of users who don't see the call become plain text, and these users are not notified. -> {"name", "comments": [...]}
	"""
	check_can_see(call)
	name = comments.add(call, content, at, reply_to)
	return {"name": name, "comments": comments.describe(call)}


@frappe.whitelist(methods=["POST"])
@checked(content=LONGEST_MARKUP)
def edit(comment: str, content: str) -> dict:
	"""Change the text of the user's own comment. -> {"comments": [...]}"""
	call = comments.call_of(comment)
	check_can_see(call)
	comments.edit(comment, content)
	return {"comments": comments.describe(call)}


@frappe.whitelist(methods=["POST"])
@checked()
def remove(comment: str) -> dict:
	"""Delete the user's own comment, or any for managers; the first one of a thread leaves a placeholder. -> {"comments": [...]}"""
	call = comments.call_of(comment)
	check_can_see(call)
	comments.remove(comment)
	return {"comments": comments.describe(call)}


@frappe.whitelist(methods=["POST"])
@checked()
def resolve(comment: str, resolved: str | int | bool = True) -> dict:
	"""Close the thread of a comment, or open it again (resolved=0). -> {"comments": [...]}"""
	call = comments.call_of(comment)
	check_can_see(call)
	comments.resolve(comment, bool(cint(sbool(resolved))))
	return {"comments": comments.describe(call)}


@frappe.whitelist(methods=["POST"])
@checked()
def mark_read(call: str, names: str | list) -> None:
	"""names: comments of the call that the user has seen"""
	check_can_see(call)
	comments.mark_read(call, texts(names))


@frappe.whitelist(methods=["GET"])
@checked()
def who_cannot_see(call: str, users: str | list = "[]", groups: str | list = "[]") -> dict:
	"""Those of these users and members of User Groups who don't see the call.

	-> {"people": [{"user", "full_name"}], "may_share"}
	"""
	check_can_see(call)
	return {
		"people": mentions.who_cannot_see(call, texts(users), texts(groups)),
		"may_share": may_share(frappe.get_doc("Call", call)),
	}


@frappe.whitelist(methods=["POST"])
@checked()
def share_with(call: str, users: str | list) -> None:
	"""Give access to the call to users who are to be mentioned; only for users who may share it."""
	check_may_edit(call, _("Only the owner of the call or a Call Intelligence Manager may share it."))
	mentions.share(call, texts(users))


def texts(value: str | list | None) -> list[str]:
	"""A list of texts, also as JSON; arguments.NAMES limits their number"""
	found = frappe.parse_json(value) if value else []
	if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found):
		frappe.throw(_("A list of names is needed."))
	return found
