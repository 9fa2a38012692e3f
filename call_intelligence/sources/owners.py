"""Whose call it was: the provider's host or agent, by e-mail or number, else the default owner of the source."""

from collections.abc import Iterator

import frappe

from call_intelligence.integrations.sources.types import RemoteCall
from call_intelligence.people.matching.find import colleague_with
from call_intelligence.permissions import is_desk_user
from call_intelligence.sources.accounts import Account


def owner_of(account: Account, call: RemoteCall) -> str | None:
	"""A User who may use Desk, with or without the seat; None if there is none and the source has no default owner"""
	return next((user for user in candidates(account, call) if user and may_own(user)), None)


def candidates(account: Account, call: RemoteCall) -> Iterator[str | None]:
	"""The most certain one first"""
	agents = [party for party in call.parties if party.side == "agent"]
	yield from (party.user for party in agents)
	yield user_with(call.host_email)
	if len(agents) == 1:
		yield user_with(agents[0].email)
	numbers = numbers_of(account.name)
	for number in (call.agent_number, *(party.phone for party in agents)):
		yield numbers.get(bare(number)) if bare(number) else None
	yield from (user_with(party.email) for party in agents)
	yield account.doc.default_owner


def user_with(email: str) -> str | None:
	return colleague_with(email.strip(), enabled=1) if email else None


def may_own(user: str) -> bool:
	return bool(frappe.db.get_value("User", user, "enabled")) and is_desk_user(user)


def numbers_of(source: str) -> dict[str, str]:
	"""{extension or number: User}"""
	rows = frappe.get_all(
		"Recording Source User", {"parent": source, "parenttype": "Recording Source"}, ["number", "user"]
	)
	return {bare(row.number): row.user for row in rows}


def bare(number: str | None) -> str:
	"""Its digits, without leading zeros, as +48 601 and 0048601 are the same number"""
	return "".join(filter(str.isdigit, number or "")).lstrip("0")
