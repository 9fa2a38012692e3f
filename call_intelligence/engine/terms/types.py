"""Input and output of the matcher."""

from dataclasses import dataclass
from typing import NamedTuple

ANYONE, OWNER, CUSTOMER = "anyone", "Owner", "Customer"
SIDES = (ANYONE, OWNER, CUSTOMER)
ANYWHERE, FIRST, LAST, QUESTION = "anywhere", "first", "last", "question"
PLACES = (ANYWHERE, FIRST, LAST, QUESTION)


@dataclass(frozen=True, slots=True)
class Phrase:
	"""One wording of a tracked term.

	id, term: the caller's names for the phrase and its term. stem: also match other forms of the words.
	side: who says it; voices with an unknown side only match `anyone`. where: anywhere, in the first or last `minutes` of
	the call, or in a sentence that ends with a question mark. Raises ValueError for another side or place, or without minutes.
	"""

	id: str
	term: str
	text: str
	stem: bool = True
	side: str = ANYONE
	where: str = ANYWHERE
	minutes: float | None = None

	def __post_init__(self) -> None:
		if self.side not in SIDES:
			raise ValueError(f"side is {self.side!r}, not one of {SIDES}")
		if self.where not in PLACES:
			raise ValueError(f"where is {self.where!r}, not one of {PLACES}")
		if self.where in (FIRST, LAST) and not (self.minutes or 0) > 0:
			raise ValueError(f"minutes is {self.minutes!r}, though where is {self.where!r}")


class Mention(NamedTuple):
	"""A phrase that was said.

	start, end: seconds, of its first and last word. speaker: key. segments: indices of its first and last utterance in the searched
	list, mostly the same. words: index of its first word in the first utterance, and of its last word in the last one. text: as said,
	without punctuation around it.
	"""

	phrase: str
	term: str
	start: float
	end: float
	speaker: str
	segments: tuple[int, int]
	words: tuple[int, int]
	text: str
