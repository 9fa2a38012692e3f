"""Parses e-mail addresses as mail programs and telephone systems write them. Standard library only."""

import re
from collections.abc import Iterator
from email.utils import parseaddr

MOST_ADDRESSES = 50
# our text fields store brackets and quotes as these characters, see core/plain.py
BRACKETS = str.maketrans({"‹": "<", "›": ">", "“": '"', "”": '"'})
LONGEST = 2000  # characters of one list
# a quoted name, an address in angle brackets, a comment, or a separator
PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|\([^()]*\)|[;,\n]')
NOBODY = re.compile(r"[\w -]+:")  # "undisclosed-recipients:;"
ADDRESS = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+")


def people_of(text: str | None) -> list[tuple[str, str]]:
	"""'"Nowak, Anna" <anna@x.example>; bob@x.example' -> [("Nowak, Anna", "anna@x.example"), ("", "bob@x.example")]

	Each address once. Raises ValueError if a part of the text is not an address.
	"""
	text = str(text or "").strip().translate(BRACKETS)
	# Python's parser reads comments in brackets recursively
	if len(text) > LONGEST or text.count("(") > MOST_ADDRESSES:
		raise ValueError("too long for a list of addresses")
	# a semicolon separates people in Outlook; in the standard it ends a group
	marks = {";": "\0", "\n": "\0", ",": "\1"}
	text = PARTS.sub(lambda part: marks.get(part[0], part[0]), text.replace("\0", "").replace("\1", ""))
	found: dict[str, tuple[str, str]] = {}
	for part in _parts(text):
		name, address = parseaddr(part.removeprefix("mailto:"))
		if not ADDRESS.fullmatch(address):
			raise ValueError(f"no e-mail address: {part!r}")
		name = "" if name.lower() == address.lower() else " ".join(name.split())
		found.setdefault(address.lower(), (name, address))
	if len(found) > MOST_ADDRESSES:
		raise ValueError("too many addresses")
	return list(found.values())


def _parts(text: str) -> Iterator[str]:
	"""text: people separated by NUL, or by the control character 1 in place of a comma -> each person

	A comma may also be part of a name: Nowak, Anna <anna@x.example>. Empty groups are left out.
	"""
	for group in text.split("\0"):
		before: list[str] = []
		for part in filter(None, map(str.strip, group.split("\1"))):
			if "@" not in part and not NOBODY.fullmatch(part):
				before.append(part.replace('"', ""))
			elif before and "<" in part:
				name, _, address = part.partition("<")
				yield f'"{", ".join([*before, name.strip().strip(chr(34))])}" <{address}'
				before = []
			elif "@" in part:
				yield from before
				yield part
				before = []
		yield from before


def addresses_of(text: str | None) -> list[str]:
	"""Like `people_of`, without names; [] if the text is not a list of addresses."""
	try:
		return [address for _name, address in people_of(text)]
	except ValueError:
		return []


def separated(row: dict) -> list[dict]:
	"""A participant as it was given -> one for each address in its `email`, with the name given next to it.

	The participant's own name and number belong to the first. Raises ValueError if the field is not a list of addresses.
	"""
	found = people_of(row.get("email"))
	if not found:
		return [row]
	others = [{"side": row.get("side")} for _ in found[1:]]
	return [
		{**given, "display_name": given.get("display_name") or name or None, "email": address}
		for given, (name, address) in zip([row, *others], found, strict=True)
	]
