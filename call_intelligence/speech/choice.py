"""Parses the speech models for languages: "pl: large-v3-turbo", one per line. Doesn't use Frappe."""

import re
from typing import Protocol

from call_intelligence.engine.catalogue import is_possible

CODE = re.compile(r"[a-z]{2,3}")


class Settings(Protocol):
	"""The part of Call Intelligence Settings that is read here"""

	models_for_languages: str | None


class BadLine(ValueError):
	"""A line that can't be read. reason: "form", "twice" or "model"; part: the faulty text"""

	def __init__(self, reason: str, part: str) -> None:
		super().__init__(f"{reason}: {part}")
		self.reason, self.part = reason, part


def parse(text: str | None) -> dict[str, str]:
	"""Entries "code: model", one per line or separated by commas -> {language code: model}. Raises BadLine."""
	found: dict[str, str] = {}
	for line in re.split(r"[\n,]", text or ""):
		if not line.strip():
			continue
		code, colon, model = (part.strip() for part in line.partition(":"))
		code = code.lower()
		if not colon or not model or not CODE.fullmatch(code):
			raise BadLine("form", line.strip())
		if code in found:
			raise BadLine("twice", code)
		if not is_possible(model):
			raise BadLine("model", model)
		found[code] = model
	return found


def written(models: dict[str, str]) -> str:
	"""The reverse of parse"""
	return "\n".join(f"{code}: {model}" for code, model in sorted(models.items()))


def of_settings(settings: Settings) -> dict[str, str]:
	"""{language code: model} as set. Invalid lines, which can only be written past the form, are ignored."""
	found: dict[str, str] = {}
	for line in (settings.models_for_languages or "").split("\n"):
		try:
			found.update(parse(line))
		except BadLine:
			continue
	return found
