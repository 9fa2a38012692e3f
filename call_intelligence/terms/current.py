"""Matchers for the current terms, cached in the process until a term changes."""

import threading
from collections import OrderedDict

import frappe

from call_intelligence.compat import share_lock
from call_intelligence.engine.terms import Matcher
from call_intelligence.terms import rules

KEPT = 8  # matchers, one for each language and state of the terms

_matchers: OrderedDict[tuple, Matcher] = OrderedDict()
# a matcher serves one thread at a time
_lock = threading.RLock()


def terms(names: list[str] | None = None) -> list[frappe._dict]:
	"""Enabled terms with their phrases, in the latest committed state and locked for sharing until the transaction ends. names:
	these only.

	-> [{name, title, modified, said_by, place, minutes, phrases: [{phrase, word_forms}]}]
	"""
	if names is not None and not names:
		return []
	some = "and `name` in %(names)s" if names is not None else ""
	found = frappe.db.sql(
		f"""select `name`, `title`, `modified`, `said_by`, `place`, `minutes` from `tabTracked Term`
		where `enabled` = 1 {some} order by `name` {share_lock()}""",
		{"names": tuple(names or ())},
		as_dict=True,
	)  # nosemgrep
	if not found:
		return []
	by_name = {row.name: row.update({"phrases": []}) or row for row in found}
	for row in frappe.db.sql(
		f"""select `parent`, `phrase`, `word_forms` from `tabTracked Term Phrase`
		where `parenttype` = 'Tracked Term' and `parent` in %(names)s order by `parent`, `idx` {share_lock()}""",
		{"names": tuple(by_name)},
		as_dict=True,
	):  # nosemgrep
		by_name[row.parent].phrases.append(row)
	return found


class Search:
	"""Finds some terms in any number of transcripts in any language."""

	def __init__(self, terms: list[frappe._dict], keep: bool = True):
		"""keep: cache the matchers for later searches for the same terms"""
		self.terms = {term.name: term for term in terms}
		self._phrases = [phrase for term in terms for phrase in rules.phrases(term)]
		state = tuple((term.name, str(term.modified)) for term in terms)
		self._key = (frappe.local.site, state) if keep else object()
		self._own: dict[str | None, Matcher] = {}

	def mentions(self, segments, sides: dict, duration: float | None, language: str | None) -> list:
		"""Like engine.terms.Matcher.mentions; language: code of the spoken language, or None"""
		if not self._phrases:
			return []
		with _lock:
			return self._matcher(language).mentions(segments, sides, duration)

	def _matcher(self, language):
		kept: dict = _matchers if isinstance(self._key, tuple) else self._own
		key = (self._key, language) if kept is _matchers else language
		if key not in kept:
			kept[key] = Matcher(self._phrases, [language] if language else [])
		if kept is _matchers:
			_matchers.move_to_end(key)
			while len(_matchers) > KEPT:
				_matchers.popitem(last=False)
		return kept[key]
