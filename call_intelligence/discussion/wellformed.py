"""Normalises foreign markup so that any parser reads it in one pass: complete tags, quoted attributes, everything else escaped.

This avoids quadratic time: `html.parser` scans to the end of the text for every unclosed tag, comment or reference.
"""

import html
import re
from collections.abc import Iterator

# each alternative begins with a different character and the end of the name is fixed, so that it never backtracks
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>"'=]*)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
ATTRIBUTE = re.compile(r"""([^\s/<>"'=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?""")
# their contents are not markup
RAW = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in ("script", "style")}


def wellformed(markup: str) -> str:
	"""The same text and tags. Comments, declarations, scripts and style sheets are left out; an unclosed tag becomes text."""
	return "".join(pieces(markup))


def pieces(markup: str) -> Iterator[str]:
	at = 0
	ends = Ends(markup)
	while (tag := markup.find("<", at)) >= 0:
		yield text(markup[at:tag])
		if markup.startswith("<!--", tag):
			at = ends.after("-->", tag + 4)
		elif markup.startswith(("<!", "<?"), tag):
			at = ends.after(">", tag + 2)
		elif found := TAG.match(markup, tag):
			closing, name, attributes = found.groups()
			at = found.end()
			if not closing and name.lower() in RAW:
				end = RAW[name.lower()].search(markup, at)
				at = end.start() if end else len(markup)
			yield f"</{name}>" if closing else f"<{name}{''.join(written(attributes))}>"
			continue
		else:
			at = -1
		if at < 0:
			yield "&lt;"
			at = tag + 1
	yield text(markup[at:])


class Ends:
	"""Finds end marks, and remembers which are missing so as not to search for them again."""

	def __init__(self, markup: str):
		self.markup = markup
		self.missing: set[str] = set()

	def after(self, sign: str, start: int) -> int:
		"""The position after the next `sign`, -1 if there is none."""
		found = -1 if sign in self.missing else self.markup.find(sign, start)
		if found < 0:
			self.missing.add(sign)
			return -1
		return found + len(sign)


def text(markup: str) -> str:
	return html.escape(html.unescape(markup), quote=False)


def written(attributes: str) -> Iterator[str]:
	for found in ATTRIBUTE.finditer(attributes):
		value = next((group for group in found.groups()[1:] if group is not None), "")
		yield f' {found[1]}="{html.escape(html.unescape(value))}"'
