"""Foreign markup is normalised so that parsers read it in one pass."""

import random
import time

import pytest
from bs4 import BeautifulSoup

from call_intelligence.discussion.wellformed import wellformed

LENGTH = 100_000


@pytest.mark.parametrize(
	("sent", "becomes"),
	[
		("plain & simple", "plain &amp; simple"),
		("<p>A <b>word</b></p>", "<p>A <b>word</b></p>"),
		("<P CLASS=ql-indent-1>A</P>", '<P CLASS="ql-indent-1">A</P>'),
		('<a href="/x?a=1&amp;b=2" title=\'"\'>A</a>', '<a href="/x?a=1&amp;b=2" title="&quot;">A</a>'),
		('<img alt="a > b">', '<img alt="a &gt; b">'),
		("<br/>and<br />", "<br>and<br>"),
		("3 < 4 and 5 > 4", "3 &lt; 4 and 5 &gt; 4"),
		("a <b", "a &lt;b"),
		('<a href="x', '&lt;a href="x'),
		("<a <b>x</b>", "&lt;a <b>x</b>"),
		("before<!-- <b> -->after", "beforeafter"),
		("<!-- never closed", "&lt;!-- never closed"),
		("<!DOCTYPE html><?php ?>x", "x"),
		("<script>if (a < b) '<p>'</script>x", "<script></script>x"),
		("<STYLE>p {}", "<STYLE>"),
		("&lt;b&gt; &nbsp;&#60;&bogus;", "&lt;b&gt; \xa0&lt;&amp;bogus;"),
	],
)
def test_what_becomes_of_markup(sent, becomes):
	assert wellformed(sent) == becomes
	# repeating it changes nothing
	assert wellformed(becomes) == becomes


UNCLOSED = [
	"<a", "<aaaaaaaaaaaaaaaaaaaaaaaa", "<!--a", "<!a", "<?a", "</a", "</", "<", "&#", "&#x", "&a", '<a b="', "<a b='", "<a b=\"c='",
	'<a b="" c="', "<a b", "<a b=", "<a b =", "<a          ", "<![CDATA[", "<script>", "</script", "<style", "<!-- --", "<a/", "<a\x00",
]  # fmt: skip


@pytest.mark.parametrize("unclosed", UNCLOSED)
@pytest.mark.parametrize("end", ["", ">", ";>", '">', "'>", "-->"])
def test_what_nobody_closes_takes_no_time(unclosed, end):
	markup = unclosed * (LENGTH // len(unclosed)) + end
	started = time.process_time()
	again = wellformed(markup)
	# parsed again, as richtext does, it contains no more tags than this
	if again.count("<") < 5000:
		BeautifulSoup(again, "html.parser")
	assert time.process_time() - started < 1


@pytest.mark.parametrize("seed", range(20))
def test_mixed_leftovers_take_no_time(seed):
	luck = random.Random(seed)
	chosen = luck.sample(UNCLOSED, 4)
	markup = "".join(luck.choices([*chosen, "text", " "], k=LENGTH // 8))
	started = time.process_time()
	wellformed(markup)
	assert time.process_time() - started < 1
