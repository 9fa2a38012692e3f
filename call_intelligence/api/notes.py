"""The notes on a call, for its review."""

import frappe

from call_intelligence.api.arguments import checked
from call_intelligence.discussion import notes, richtext
from call_intelligence.permissions import check_can_see

LONGEST_MARKUP = notes.LONGEST * richtext.MARKUP_PER_TEXT


@frappe.whitelist(methods=["GET"])
@checked()
def get(call: str) -> dict:
	"""-> {"content": safe HTML, "version", "by", "by_name", "on"}"""
	check_can_see(call)
	return notes.read(call)


@frappe.whitelist(methods=["POST"])
@checked(content=LONGEST_MARKUP)
def save(call: str, content: str, version: int | str) -> dict:
	"""Save the notes; version: the one that was edited. -> {"saved": True, "content", "version", "by", "by_name", "on"}

	If another user has saved meanwhile nothing is written: 409 with {"saved": False} and the current notes.
	"""
	check_can_see(call)
	answer = notes.save(call, content, version)
	if not answer["saved"]:
		frappe.local.response.http_status_code = 409
	return answer
