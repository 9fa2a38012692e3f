"""Plain text contains no markup, and keeps its words."""

import html
import json

import pytest

pytest.importorskip("frappe")

from call_intelligence.core.plain import plain, without_brackets

HOSTILE = [
	"<img src=x onerror=alert(1)",
	"&lt;img src=x onerror=alert(1)&gt;",
	"&LTimg src=x onerror=alert(1)",
	"&ltimg src=x",
	"&#60;img",
	"&#0000060img",
	"&#x3C;img",
	"&#X3c;img",
	"&nvlt;",
	"&l&lt;t;",
	'" onmouseover=alert(1) x="',
	"&quot; onmouseover=alert(1)",
	"&#34; x",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_is_left(text):
	for rule in (without_brackets, plain):
		once = rule(text)
		assert rule(once) == once and len(once) <= len(text)
		# Kanban boards unescape entities before rendering
		assert not set("<>") & set(html.unescape(once))
	assert '"' not in html.unescape(plain(text))


@pytest.mark.parametrize(
	("text", "stored"),
	[
		("a < b, <3", "a ‹ b, ‹3"),
		("Anna <anna@example.com>", "Anna ‹anna@example.com›"),
		("AT&T, R&D; Q&A &copy;", "AT&T, R&D; Q&A &copy;"),
		("He said “no”, it's 5 &amp; up", "He said “no”, it's 5 &amp; up"),
		('He said "no" ("never")', 'He said "no" ("never")'),
	],
)
def test_words_stay(text, stored):
	assert without_brackets(text) == stored


def test_quotes():
	assert plain('He said "no" ("never"), 5" wide') == "He said “no” (“never”), 5” wide"


def test_json_stays_json():
	found = [[0.5, 1, '<"quoted"> &lt; &quot;', 0.9]]
	assert json.loads(without_brackets(json.dumps(found))) == [[0.5, 1, '‹"quoted"› ‹ ”', 0.9]]
