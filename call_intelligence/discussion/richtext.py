"""Sanitises formatted text: what nh3 leaves of it, with only the tags, attributes and addresses named here.

Before that the text is rewritten from the same tags, which keeps the lines of other elements and limits its nesting: nh3 builds the
page as a browser does, where 50 kB of unclosed tags can become 40 MB. Mentions are rewritten too: Desk's editor inserts their
attributes into the page as markup when a text is edited again.
"""

import re
import warnings
from collections.abc import Callable
from html import escape
from urllib.parse import urlsplit

import frappe
import nh3
from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, NavigableString, Tag
from bs4.element import PreformattedString
from frappe import _

from call_intelligence.discussion.wellformed import wellformed

TEXT_TAGS = {
	"p", "br", "strong", "b", "em", "i", "u", "s", "strike", "del", "code", "pre", "blockquote", "ol", "ul", "li",
	"h1", "h2", "h3", "div",
}  # fmt: skip
# elements that a browser shows as separate lines
LINES = {
	"tr": "div",
	"h4": "h3",
	"h5": "h3",
	"h6": "h3",
	"section": "div",
	"article": "div",
	"dt": "p",
	"dd": "p",
}
# dropped together with their text, which isn't meant to be read
DROPPED = {
	"script", "style", "head", "title", "iframe", "frame", "object", "embed", "applet", "noscript", "noembed", "template",
	"svg", "math", "select", "textarea", "button", "audio", "video", "canvas", "xmp", "plaintext",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}
ATTRIBUTES: dict[str, set[str]] = {
	# without this entry nh3 allows some in every tag
	"*": set(),
	"a": {"href", "target", "rel"},
	"p": {"class"},
	"li": {"class", "data-list"},
	"span": {"class", "data-id", "data-value", "data-denotation-char", "data-is-group"},
}
LIST_KINDS = {"bullet", "ordered", "checked", "unchecked"}
INDENT = re.compile(r"\bql-indent-[1-8]\b")
CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")

DEEPEST = 40
MOST_TAGS = 5000
# length of markup allowed per character of text
MARKUP_PER_TEXT = 5

# (user or group, is it a group) -> the name to show, or None for plain text
Mention = Callable[[str, bool], str | None]


def clean(markup: str | None, longest: int, mention: Mention = lambda name, is_group: None) -> str:
	"""Safe markup with the same text. Raises a ValidationError if the text is longer than `longest` characters."""
	markup = markup or ""
	if len(markup) > longest * MARKUP_PER_TEXT or markup.count("<") > MOST_TAGS:
		too_long(longest)
	parts, length = write(parsed(markup), mention)
	if length > longest:
		too_long(longest)
	written = "".join(parts)
	safe = sanitized(written)
	# where tags overlap, nh3 repeats them
	if len(safe) > max(len(written), longest * MARKUP_PER_TEXT):
		too_long(longest)
	return safe.strip()


def sanitized(markup: str) -> str:
	safe = nh3.clean(
		markup,
		tags={*TEXT_TAGS, "a", "span"},
		attributes=ATTRIBUTES,
		attribute_filter=known_class,
		url_schemes=SCHEMES,
		link_rel=None,
	)
	# as everywhere else in the database
	return safe.replace("&nbsp;", "\xa0")


def parsed(markup: str | None) -> BeautifulSoup:
	with warnings.catch_warnings():
		# BeautifulSoup warns that a short text without tags may be a file name
		warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
		return BeautifulSoup(wellformed(markup or ""), "html.parser")


def known_class(tag: str, attribute: str, value: str) -> str | None:
	"""nh3 asks this for each attribute; None removes it."""
	if attribute != "class" or value == "mention" or INDENT.fullmatch(value):
		return value
	return None


def too_long(longest: int) -> None:
	frappe.throw(
		_("This text is too long: at most {0} characters are possible. Please shorten it.").format(
			frappe.format(longest, "Int")
		)
	)


def write(soup: BeautifulSoup, mention: Mention) -> tuple[list[str], int]:
	"""(pieces of markup, length of the text). No recursion, since nesting may be of any depth."""
	parts: list[str] = []
	length = depth = 0
	# elements to write, and texts of closing tags
	waiting: list = [soup]
	while waiting:
		item = waiting.pop()
		if isinstance(item, str) and not isinstance(item, NavigableString):
			parts.append(item)
			depth -= 1
		elif isinstance(item, NavigableString):
			# comments, CDATA, declarations
			if not isinstance(item, PreformattedString):
				length += len(item)
				parts.append(escape(item, quote=False))
		elif item is not soup and item.name in DROPPED:
			continue
		elif "mention" in classes(item):
			text = written_mention(item, mention)
			length += len(item.get_text())
			parts.append(text)
		else:
			opening, closing = tags(item) if depth < DEEPEST and item is not soup else ("", "")
			parts.append(opening)
			if closing:
				depth += 1
				waiting.append(closing)
			elif item.name in ("td", "th"):
				parts.append(" ")
			waiting.extend(reversed(item.contents))
	return parts, length


def classes(element: Tag) -> list[str]:
	found = element.get("class") or []
	return found if isinstance(found, list) else found.split()


def tags(element: Tag) -> tuple[str, str]:
	"""The opening and closing tag to write for an element; empty if only its contents are kept."""
	name = LINES.get(element.name, element.name)
	if name == "br":
		return "<br>", ""
	if name == "a":
		address = safe_address(element.get("href"))
		if not address:
			return "", ""
		# browsers read /\\ as //
		own = address.startswith("/") and not address.startswith(("//", "/\\"))
		rest = "" if own else ' target="_blank" rel="noopener noreferrer"'
		return f'<a href="{escape(address)}"{rest}>', "</a>"
	# unknown tags, and the editor's wrapper, which is only for its stylesheet
	if name not in TEXT_TAGS or (name == "div" and "ql-editor" in classes(element)):
		return "", ""
	attributes = ""
	indent = INDENT.search(" ".join(classes(element)))
	if indent and name in ("p", "li"):
		attributes += f' class="{indent[0]}"'
	if name == "li" and element.get("data-list") in LIST_KINDS:
		attributes += f' data-list="{element["data-list"]}"'
	return f"<{name}{attributes}>", f"</{name}>"


def safe_address(address: str | None) -> str | None:
	"""The address of a link as browsers understand it, None for one that could run something."""
	address = CONTROL.sub("", address or "")
	try:
		parts = urlsplit(address)
	except ValueError:
		return None
	if parts.scheme:
		return address if parts.scheme.lower() in SCHEMES else None
	return address if address.startswith("/") else None


def written_mention(element: Tag, mention: Mention) -> str:
	name = str(element.get("data-id") or "")
	is_group = str(element.get("data-is-group")).lower() == "true"
	shown = mention(name, is_group) if name else None
	if shown is None:
		return escape(plain(element.get_text()), quote=False)
	# escaped twice, since the editor inserts the attribute's value as markup
	inside = escape(escape(shown))
	return (
		f'<span class="mention" data-id="{escape(name)}" data-value="{inside}" data-denotation-char="@" '
		f'data-is-group="{str(is_group).lower()}">@{escape(shown)}</span>'
	)


def plain(text: str) -> str:
	"""Remove the marks that the editor puts around embeds."""
	return text.replace("\ufeff", "")


def text_of(markup: str | None) -> str:
	"""The words of safe markup, in one line."""
	return " ".join(plain(parsed(markup).get_text(" ")).split())


def mentions_in(markup: str | None) -> list[tuple[str, bool]]:
	"""[(user or group, is it a group)] of safe markup, each once, in their order"""
	found = parsed(markup).find_all(class_="mention")
	return list(dict.fromkeys((row["data-id"], row["data-is-group"] == "true") for row in found))
