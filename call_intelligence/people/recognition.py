"""Identifies speakers automatically: by channel, by names given with the recording, by elimination.

Doesn't use the database. Decisions of users are never changed, and uncertain cases stay unknown. Earlier automatic decisions are taken
back first, so that the result depends only on what is known now.

A row is a Call Participant as a dict: a voice (with `speaker_key`) or an expected participant (without one). When the participant's
voice is found, the two rows are joined; `voice_by` records how, so that it can be undone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from call_intelligence.engine.terms.words import folded_text

OURS, THEIRS, UNKNOWN = "Owner", "Customer", "Unknown"
BY_HAND, CHANNEL, PROVIDER, NAME, EMAIL, REMAINING = (
	"By hand", "Channel", "Provider", "Name", "E-mail", "Remaining voice",
)  # fmt: skip
# how a User is found here; Contacts and Leads are found by `matching`
OUR_WAYS = (CHANNEL, PROVIDER, NAME, EMAIL, REMAINING)
OF_A_VOICE = ("speaker_key", "voice_name", "talk_seconds", "talk_share")
FACTS = ("display_name", "email", "phone", "party")


@dataclass(frozen=True)
class Owner:
	"""The owner of the call"""

	user: str
	full_name: str = ""
	emails: frozenset = field(default_factory=frozenset)
	"""see `address`"""


def recognise(
	rows: Sequence[dict],
	owner: Owner,
	channel_voice: str | None = None,
	colleagues: dict[str, str] | None = None,
	titles: dict[tuple[str, str], str] | None = None,
) -> list[dict]:
	"""Decide everything that is certain about the rows.

	channel_voice: key of the voice on the owner's channel, if known; colleagues: {e-mail, see `address`: user}, of System Users among
	the rows; titles: {(DocType, name): title of the record}. -> rows; one without a name is new, and one that is missing was joined with
	another.
	"""
	rows = without_guesses(rows)
	call = _Call(rows, owner, colleagues or {})
	call.know_colleagues()
	call.by_name()
	if channel_voice:
		call.by_channel(channel_voice)
	call.settle_sides()
	call.who_is_left()
	call.settle_sides()
	call.settle_names({("User", owner.user): owner.full_name, **(titles or {})})
	return call.rows


# ------------------------------------------------------------------------------------------------ undoing earlier decisions


def without_guesses(rows: Sequence[dict]) -> list[dict]:
	"""The rows without automatic decisions"""
	bare = []
	for row in map(dict, rows):
		guessed = row.get("party_type") == "User" and row.get("matched_by") in OUR_WAYS
		if guessed:
			row.update(party_type=None, party=None, matched_by=PROVIDER if row.get("voice_name") else "")
		if row.get("side_automatic"):
			row.update(side=UNKNOWN, side_automatic=0)
		if row.get("name_automatic") and not row.get("party"):
			own = row.get("given_name") or row.get("voice_name")
			row.update(
				display_name=own or None, name_automatic=0 if row.get("given_name") else int(bool(own))
			)
		if row.get("speaker_key") and row.get("voice_by") in (PROVIDER, REMAINING):
			bare.append(row)
			row = take_voice(row, bare)
		elif guessed and not row.get("speaker_key") and not is_somebody(row):
			# a voice that no longer exists, about which nothing else was known
			continue
		bare.append(row)
	return bare


def take_voice(row: dict, rows: list[dict]) -> dict:
	"""Split the voice off a participant who was known before it; the participant is in `rows` -> the voice, a new row"""
	voice = {key: row.get(key) for key in OF_A_VOICE} | {
		"name": None,
		"display_name": row.get("voice_name") or None,
		"name_automatic": int(bool(row.get("voice_name"))),
		"side": UNKNOWN,
		"matched_by": PROVIDER if row.get("voice_name") else "",
	}
	row.update(silent(), voice_by="")
	if not row.get("party") and row.get("matched_by") == PROVIDER:
		row["matched_by"] = ""
	if not row.get("party") and row.get("name_automatic"):
		row.update(display_name=row.get("given_name"), name_automatic=0)
	return voice


def silent() -> dict:
	"""Values of the voice's fields in a row without a voice"""
	return {"speaker_key": None, "voice_name": None, "talk_seconds": None, "talk_share": None}


def is_somebody(row: dict) -> bool:
	return any(row.get(fact) for fact in FACTS)


# ------------------------------------------------------------------------------------------------ deciding


class _Call:
	def __init__(self, rows: list[dict], owner: Owner, colleagues: dict[str, str]):
		self.rows = rows
		self.owner = owner
		self.colleagues = colleagues

	# ---- reading

	@property
	def voices(self) -> list[dict]:
		return [row for row in self.rows if row.get("speaker_key")]

	@property
	def heard(self) -> list[dict]:
		"""Voices with talk time; all voices if none has been measured"""
		measured = [row for row in self.voices if row.get("talk_seconds") or row.get("talk_share")]
		return measured or self.voices

	@property
	def waiting(self) -> list[dict]:
		"""Expected participants without a voice, except the owner"""
		return [
			row
			for row in self.rows
			if not row.get("speaker_key") and is_somebody(row) and not self.is_owner(row)
		]

	def is_owner(self, row: dict) -> bool:
		if row.get("party"):
			return (row["party_type"], row["party"]) == ("User", self.owner.user)
		return bool(row.get("email")) and address(row["email"]) in self.owner.emails

	def side_of(self, row: dict) -> str:
		"""The side that is set, else the record's: users are ours, contacts and leads are customers."""
		if row.get("side") in (OURS, THEIRS):
			return row["side"]
		if row.get("party"):
			return OURS if row["party_type"] == "User" else THEIRS
		return UNKNOWN

	# ---- finding

	def know_colleagues(self) -> None:
		"""Identify System Users by e-mail address, before a Contact with the same address is taken for a customer."""
		for row in self.rows:
			if row.get("party") or row.get("disconnected") or not row.get("email"):
				continue
			ours = address(row["email"]) in self.owner.emails
			user = self.owner.user if ours else self.colleagues.get(address(row["email"]))
			if user:
				row.update(party_type="User", party=user, matched_by=EMAIL)

	def by_name(self) -> None:
		"""By names given with the recording or to the voices, and by e-mail addresses."""
		said = [(voice, self.label(voice)) for voice in self.voices]
		labels = [label for _voice, label in said]
		for voice, label in said:
			if not label or labels.count(label) > 1 or voice.get("voice_by"):
				continue
			people = [row for row in self.waiting if label in names_of(row)]
			means_owner = label in names_of_owner(self.owner)
			if means_owner and not people:
				self.make_owner(voice, NAME if self.is_named(voice) else PROVIDER)
			elif len(people) == 1 and not means_owner and not voice.get("party"):
				# a voice that a user named stays that person's
				self.give_voice(people[0], voice, BY_HAND if self.is_named(voice) else PROVIDER)

	def label(self, voice: dict) -> str:
		return fold_name(voice.get("display_name") if self.is_named(voice) else voice.get("voice_name"))

	def is_named(self, voice: dict) -> bool:
		"""Whether a user has named it"""
		return bool(voice.get("display_name")) and not voice.get("name_automatic")

	def by_channel(self, key: str) -> None:
		voice = next((row for row in self.heard if row["speaker_key"] == key), None)
		if voice and not self.owner_voices():
			self.make_owner(voice, CHANNEL)

	def who_is_left(self) -> None:
		"""Of two voices, identify the second once one is known."""
		heard = self.heard
		if len(heard) != 2:
			return
		for one, other in (heard, heard[::-1]):
			side = self.side_of(one)
			if side == OURS and self.is_open(other):
				return self.other_than_ours(one, other)
			if side == THEIRS and self.is_open(other):
				return self.other_than_theirs(other)

	def is_open(self, voice: dict) -> bool:
		"""Whether no decision about the voice excludes elimination"""
		decided = voice.get("party") or voice.get("disconnected") or voice.get("side_by_hand")
		return not decided and self.side_of(voice) != OURS

	def other_than_ours(self, one: dict, other: dict) -> None:
		waiting = self.waiting
		sides = {self.side_of(row) for row in waiting}
		if OURS in sides and (len(waiting) > 1 or not self.is_owner(one)):
			# the voice may be a colleague's or a customer's
			return
		free = not other.get("voice_by") and not self.is_named(other)
		fits = free and len(waiting) == 1 and self.is_owner(one)
		if fits and not self.contradicts(other, waiting[0]):
			other = self.give_voice(waiting[0], other, REMAINING)
		if self.side_of(other) == UNKNOWN and OURS not in sides:
			self.set_side(other, THEIRS)

	def other_than_theirs(self, other: dict) -> None:
		if self.side_of(other) != UNKNOWN or self.owner_voices():
			return
		sides = {self.side_of(row) for row in self.waiting}
		if not sides:
			name = self.label(other)
			if not name or name in names_of_owner(self.owner):
				self.make_owner(other, REMAINING)
		elif sides == {OURS}:
			# the owner or a colleague: the person is uncertain, the side is not
			self.set_side(other, OURS)

	def contradicts(self, voice: dict, person: dict) -> bool:
		label = self.label(voice)
		if label and names_of(person) and label not in names_of(person):
			return True
		sides = {self.side_of(voice), self.side_of(person)}
		return sides == {OURS, THEIRS}

	# ---- saying

	def owner_voices(self) -> list[dict]:
		return [row for row in self.voices if self.is_owner(row)]

	def make_owner(self, voice: dict, how: str) -> None:
		named_otherwise = self.is_named(voice) and self.label(voice) not in names_of_owner(self.owner)
		if voice.get("party") or voice.get("disconnected") or voice.get("side") == THEIRS or named_otherwise:
			return
		invited = [row for row in self.rows if not row.get("speaker_key") and self.is_owner(row)]
		if len(invited) == 1 and not voice.get("voice_by"):
			voice = self.give_voice(invited[0], voice, BY_HAND if self.is_named(voice) else REMAINING)
		voice.update(party_type="User", party=self.owner.user, matched_by=how)

	def give_voice(self, person: dict, voice: dict, how: str) -> dict:
		"""Join the rows of the participant and their voice. -> the joined row"""
		join(person, voice)
		person["voice_by"] = how
		self.rows = [row for row in self.rows if row is not voice]
		return person

	def set_side(self, row: dict, side: str) -> None:
		if not row.get("side_by_hand"):
			row.update(side=side, side_automatic=1)

	def settle_sides(self) -> None:
		for row in self.rows:
			if row.get("side") not in (OURS, THEIRS) and self.side_of(row) != UNKNOWN:
				self.set_side(row, self.side_of(row))

	def settle_names(self, titles: dict[tuple[str, str], str]) -> None:
		for row in self.rows:
			title = titles.get((row.get("party_type") or "", row.get("party") or ""))
			if title and title != row.get("display_name") and may_be_renamed(row):
				row.update(display_name=title, name_automatic=1)


def join(person: dict, voice: dict) -> None:
	"""Copy what is known about the voice to the participant's row, without replacing what is known about the participant."""
	person.update({key: voice.get(key) for key in OF_A_VOICE})
	if voice.get("display_name") and not voice.get("name_automatic"):
		person.update(display_name=voice["display_name"], name_automatic=0)
	for fact in ("display_name", "email", "phone"):
		person[fact] = person.get(fact) or voice.get(fact)
	if person.get("side") not in (OURS, THEIRS) or (
		voice.get("side_by_hand") and not person.get("side_by_hand")
	):
		person.update({key: voice.get(key) for key in ("side", "side_automatic", "side_by_hand")})
	if not person.get("party") and voice.get("party"):
		person.update({key: voice.get(key) for key in ("party_type", "party", "matched_by")})
	person["disconnected"] = person.get("disconnected") or voice.get("disconnected") or 0


def may_be_renamed(row: dict) -> bool:
	"""Whether the record's title may replace the name: no user has chosen the name for the voice."""
	name = row.get("display_name")
	return not name or bool(row.get("name_automatic")) or name == row.get("given_name")


# ------------------------------------------------------------------------------------------------ names


def address(email: str) -> str:
	"""The form in which addresses are compared: accents count, and "ß" is not "ss", unlike in the database's comparison."""
	return email.strip().lower()


def fold_name(name: str | None) -> str:
	"""Like `folded_text`, for names in any word order: "Reyes, Daniel (Northwind)" -> "daniel reyes"; e-mail addresses keep their form."""
	name = name or ""
	if "@" in name and " " not in name.strip():
		return address(name)
	bare = re.sub(r"[(\[<].*?[)\]>]", " ", folded_text(name))
	return " ".join(sorted(re.findall(r"[^\W_]+", bare)))


def names_of(row: dict) -> set[str]:
	names = {
		fold_name(row.get("display_name")),
		fold_name(row.get("given_name")),
		address(row.get("email") or ""),
	}
	return names - {""}


def names_of_owner(owner: Owner) -> set[str]:
	return ({fold_name(owner.full_name)} | set(owner.emails)) - {""}
