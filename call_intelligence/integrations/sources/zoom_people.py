"""Who was in a meeting, from the list of joins: one row for each time that somebody came in.

Since 2022 Zoom gives the address of a guest only if the host could know it, so most guests have a name alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .types import Party, Side
from .zoom_api import Json, text

# where a domain says nothing about the company
ANYBODYS = frozenset(
	{
		"aol.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com", "live.com", "mail.ru", "me.com",
		"msn.com", "o2.pl", "outlook.com", "proton.me", "protonmail.com", "qq.com", "t-online.de", "web.de", "wp.pl", "yahoo.com",
		"yandex.ru",
	}
)  # fmt: skip


@dataclass
class Person:
	id: str = ""
	email: str = ""
	name: str = ""
	internal: bool = False
	"""of the Zoom account"""

	@property
	def keys(self) -> list[tuple[str, str]]:
		"""What the person is known again by. A name counts only where there is nothing better: two guests may share it."""
		known = [("id", self.id), ("email", self.email.lower())]
		known = [(kind, value) for kind, value in known if value]
		return known or [("name", self.name.casefold())]

	def add(self, other: "Person") -> None:
		self.id = self.id or other.id
		self.email = self.email or other.email
		self.name = self.name or other.name
		self.internal = self.internal or other.internal


def people_of(joins: Iterable[Json]) -> list[Person]:
	"""Each person once, in the order in which they came. Who has only waited outside was not there."""
	people: list[Person] = []
	known: dict[tuple[str, str], Person] = {}
	for row in joins:
		joined = Person(
			text(row, "id"), text(row, "user_email").strip(), name_of(row), row.get("internal_user") is True
		)
		if row.get("status") == "in_waiting_room" or not (joined.email or joined.name):
			continue
		person = next((known[key] for key in joined.keys if key in known), None)
		if person is None:
			people.append(person := joined)
		person.add(joined)
		known.update(dict.fromkeys(person.keys, person))
	return people


def name_of(row: Json) -> str:
	return " ".join(text(row, "name").split())


def parties_of(host: Person, people: list[Person]) -> tuple[Party, ...]:
	"""The host first, who is missing in Zoom's list if nobody else came"""
	others = []
	for person in people:
		if set(person.keys) & set(host.keys):
			host.add(person)
		else:
			others.append(person)
	parties = [Party(side_of(person, host), person.name, person.email) for person in others]
	if host.email or host.name:
		parties.insert(0, Party("agent", host.name, host.email))
	return tuple(parties)


def side_of(person: Person, host: Person) -> Side:
	"""The people of the account are ours, and so are those with an address of the host's company."""
	ours = domain_of(host.email)
	same = bool(ours) and ours not in ANYBODYS and domain_of(person.email) == ours
	return "agent" if person.internal or same else "customer"


def domain_of(email: str) -> str:
	return email.rpartition("@")[2].lower() if "@" in email else ""
