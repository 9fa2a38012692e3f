"""Tracked terms: what counts as a mention, where, and by whom."""

import random

import pytest

from call_intelligence.engine.terms import Matcher, Mention, Phrase, has_stemmer, tokens
from call_intelligence.engine.terms.words import folded, joined, stemmer

from .conversations import said

SIDES = {"S1": "Owner", "S2": "Customer"}


def phrase(text, **options):
	return Phrase(id=options.pop("id", text), term=options.pop("term", text), text=text, **options)


def found(text, *texts, language="en", **options):
	"""The phrases found in a text -> list of their wordings in the text"""
	options.setdefault("stem", False)
	matcher = Matcher([phrase(one, **options) for one in texts], [language])
	return [mention.text for mention in matcher.mentions([said(0, 60, "S1", text, language)])]


# ------------------------------------------------------------------------------------------------ the same words


@pytest.mark.parametrize(
	("text", "wanted"),
	[
		("The PRICE is fine.", "price"),
		("Le résumé.", "resume"),
		("Le resume.", "Résumé"),
		("«Price»!", "price"),
		("our price-list", "price list"),
		("our price list", "price-list"),
		("a follow-up", "follow-up"),
		("a follow up", "follow-up"),
		("a followup", "follow-up"),
		("a follow\u2011up", "follow up"),
		("Sarah's offer", "Sarah"),
		("O’Brien", "O'Brien"),
		("we don't", "don’t"),
		("we dont", "don't"),
		("l'offre", "offre"),
		("Straße", "strasse"),
		("STRASSE", "Straße"),
		("łódź", "lodz"),
		("ŁÓDŹ", "łódź"),
		("İstanbul", "istanbul"),
		("ISPARTA", "ısparta"),
		("24/7 support", "24/7"),
		("for $1,000 now", "1000"),
		("for 1.000 € now", "1,000"),
		("version 2.5", "2,5"),
		("in C++ and C#", "c#"),
		("Ёлка", "елка"),
		("Ὀδυσσεύς", "οδυσσευς"),
		("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
		("שָׁלוֹם", "שלום"),
		("مُحَمَّد", "محمد"),
		("हिन्दी में", "हिन्दी"),
		("soft\u00adhyphen", "softhyphen"),
		("Xerox™ here", "xerox"),
		("\uff30\uff32\uff29\uff23\uff25", "price"),
	],
)
def test_case_accents_and_punctuation_do_not_matter(text, wanted):
	assert len(found(text, wanted)) == 1


@pytest.mark.parametrize(
	("text", "other"),
	[
		("priceless", "price"),
		("enterprise", "prise"),
		("we can't", "can"),
		("we won't", "won"),
		("the year 2024", "24"),
		("version 2.5", "5"),
		("twenty four", "24"),
		("price of the list", "price list"),
		("list price", "price list"),
		("prices", "price"),  # not asked for other forms
		("in C++ and C#", "C"),
		("его", "её"),
		("мой", "мои"),  # й is no и with an accent
		("か", "が"),
		("in followup", "follow up"),
	],
)
def test_other_words_are_not_found(text, other):
	assert found(text, other) == []


def test_what_was_said_is_told_as_it_was_said():
	matcher = Matcher([phrase("price list", id="p", term="t", stem=False)])
	segments = [said(10, 20, "S2", 'Well, your "Price- List", please.')]
	# five words in 10 s: 2 s each
	assert matcher.mentions(segments) == [
		Mention("p", "t", 14, 18, "S2", segments=(0, 0), words=(2, 3), text="Price- List")
	]


def test_scripts_without_spaces_are_searched_by_character():
	assert found("请问价格是多少？", "价格", language="zh") == ["价格"]
	assert found("データを見る", "データ", language="ja") == ["データ"]
	assert found("ราคาเท่าไหร่", "ราคา", language="th") == ["ราคาเท่าไหร่"]  # one word in this transcript
	assert found("格价", "价格", language="zh") == []
	# words as they come from Whisper, of several characters and of other scripts
	words = [[0, 1, "使用", 0.9], [1, 2, "CRM", 0.9, 1], [2, 3, "系统", 0.9, 1]]
	mixed = ["a", 0, 3, "S1", "使用CRM系统", words]
	(mention,) = Matcher([phrase("crm 系统")], ["zh"]).mentions([mixed])
	assert (mention.words, mention.text) == ((1, 2), "CRM系统")


def test_a_phrase_without_letters_is_never_found():
	assert found("Well ... ? !", "?", "", "...", "-") == []
	assert tokens("?!") == []


def test_no_phrases_and_no_words():
	assert Matcher([]).mentions([said(0, 1, "S1", "Hello.")]) == []
	assert Matcher([phrase("hello")], ["en"]).mentions([]) == []
	assert (
		Matcher([phrase("hello")]).mentions([["a", 0, 1, "S1", "", []], ["b", 1, 2, None, None, None]]) == []
	)


def test_a_transcript_without_words_has_times_by_their_lengths():
	mentions = Matcher([phrase("price")]).mentions([["a", 10, 20, "S1", "The price is so", []]])
	# 12 letters in 10 s: "price" are the fourth to the eighth
	assert [(m.start, m.end, m.words) for m in mentions] == [(12.5, 16.67, (1, 1))]


# ------------------------------------------------------------------------------------------------ other forms


@pytest.mark.parametrize(
	("language", "text", "wanted"),
	[
		("en", "Your prices were priced.", "price"),
		("en-US", "They cancelled", "cancel"),
		("pl", "o cenach i rabatami", "cena"),
		("pl", "fakturę", "faktura"),
		("pl", "Umowę, umowy", "umowa"),
		("de", "den Preisen", "Preis"),
		("de", "viele Häuser", "haus"),
		("fr", "deux réductions", "réduction"),
		("fr", "résilié", "resilier"),
		("tr", "fiyatlar", "fiyat"),
		("tr", "KIZLAR", "kız"),  # the small letter of I is ı
		("ru", "о ценах", "цена"),
	],
)
def test_other_forms_of_a_word(language, text, wanted):
	assert found(text, wanted, language=language, stem=True)
	assert not found(text, wanted, language=language, stem=False)


def test_whoever_wants_other_forms_gets_the_word_itself_too():
	# without its accent the word has no Polish ending, but it is the same word
	assert stemmer("pl")("zadzwonię") != stemmer("pl")("zadzwonie")
	for text in ("zadzwonię", "zadzwonie", "ZADZWONIĘ"):
		for wanted in ("zadzwonię", "zadzwonie"):
			assert found(text, wanted, language="pl", stem=True), (text, wanted)


def test_a_language_without_a_stemmer_has_exact_forms():
	assert (has_stemmer("pl"), has_stemmer("uk"), has_stemmer(None), has_stemmer("zz")) == (
		True,
		False,
		False,
		False,
	)
	assert found("ціна", "ЦІНА", language="uk", stem=True) == ["ціна"]
	assert found("ціни", "ціна", language="uk", stem=True) == []


def test_several_languages_in_one_call():
	matcher = Matcher([phrase("price"), phrase("cena")], ["en", "pl"])
	assert [m.text for m in matcher.mentions([said(0, 9, "S1", "Your prices, czyli ceny.")])] == [
		"prices",
		"ceny",
	]


# ------------------------------------------------------------------------------------------------ utterances


def test_a_phrase_may_go_on_in_the_next_utterance_of_the_same_voice():
	matcher = Matcher([phrase("price list")])
	segments = [
		said(0, 2, "S1", "Our price"),
		said(1.5, 2.5, "S2", "Uh-huh."),
		said(4.9, 6, "S1", "list, yes."),
	]
	(mention,) = matcher.mentions(segments)
	assert (mention.start, mention.segments, mention.words, mention.text) == (1, (0, 2), (1, 0), "price list")
	# at most 3 s
	segments[2] = said(5.01, 6, "S1", "list, yes.")
	assert matcher.mentions(segments) == []
	assert Matcher([phrase("price list")], gap=4).mentions(segments)


def test_a_phrase_is_not_put_together_from_two_voices():
	assert (
		Matcher([phrase("price list")]).mentions([said(0, 2, "S1", "Our price"), said(2, 4, "S2", "list.")])
		== []
	)


def test_nor_from_utterances_of_which_nobody_knows_who_spoke():
	matcher = Matcher([phrase("price list")])
	assert matcher.mentions([said(0, 2, "unknown", "Our price"), said(2, 4, None, "list.")]) == []
	assert len(matcher.mentions([said(0, 2, "unknown", "Our price list.")])) == 1


def test_the_order_of_utterances_does_not_matter():
	segments = [said(0, 2, "S1", "Our price"), said(2.5, 4, "S1", "list and price.")]
	there = Matcher([phrase("price list"), phrase("price")]).mentions(segments)
	back = Matcher([phrase("price list"), phrase("price")]).mentions(segments[::-1])
	assert [m._replace(segments=()) for m in there] == [m._replace(segments=()) for m in back]
	assert (there[1].segments, back[1].segments) == ((0, 1), (1, 0))


# ------------------------------------------------------------------------------------------------ conditions

TALK = [
	said(0, 10, "S1", "Is the price fine? The price stays."),
	said(60, 70, "S2", "What a price!"),
	said(3590, 3600, "S2", "So what price, and when?"),
	said(3595, 3596, "unknown", "Price."),
]


def times(**options):
	mentions = Matcher([phrase("price", **options)], ["en"]).mentions(
		TALK, {**SIDES, "unknown": "Customer"}, 3600
	)
	return [int(mention.start) for mention in mentions]


def test_who_says_it():
	assert times() == [2, 7, 66, 3594, 3595]
	assert times(side="Owner") == [2, 7]
	assert times(side="Customer") == [66, 3594]  # the person of "unknown" is not known
	mentions = Matcher([phrase("price", side="Owner")]).mentions(TALK)
	assert mentions == []  # no sides


def test_where_it_is_said():
	assert times(where="first", minutes=1) == [2, 7]
	assert times(where="first", minutes=1.2) == [2, 7, 66]
	assert times(where="last", minutes=1) == [3594, 3595]
	assert times(where="last", minutes=60) == [2, 7, 66, 3594, 3595]
	assert times(where="question") == [2, 3594]
	assert times(where="question", side="Owner") == [2]


def test_a_question_may_span_utterances():
	segments = [
		said(0, 2, "S1", "So the price"),
		said(2.5, 4, "S1", "is what? The price."),
		said(20, 21, "S1", "price"),
	]
	assert [m.start for m in Matcher([phrase("price", where="question")]).mentions(segments)] == [
		pytest.approx(1.33, abs=0.01)
	]
	assert found("多少钱？价格高。价格呢？", "价格", language="zh", where="question") == ["价格"]


def test_a_phrase_that_makes_no_sense_is_refused():
	for wrong in (
		{"side": "Nobody"},
		{"where": "middle"},
		{"where": "first"},
		{"where": "last", "minutes": 0},
	):
		with pytest.raises(ValueError):
			phrase("price", **wrong)


# ------------------------------------------------------------------------------------------------ overlaps


def test_what_overlaps_is_said_once():
	assert found("ha ha ha ha ha", "ha ha") == ["ha ha", "ha ha"]
	# wordings of one term: the longest that begins first
	assert found("The price list price.", "price", "price list", term="t") == ["price list", "price"]
	assert found("The new price list.", "new price", "price list", term="t") == ["new price"]
	# of different terms: each
	assert found("The price list.", "price", "price list") == ["price", "price list"]


def test_a_wording_that_is_not_meant_here_hides_none_that_is():
	matcher = Matcher([phrase("price list", term="t", side="Customer"), phrase("price", term="t")])
	assert [m.phrase for m in matcher.mentions([said(0, 2, "S1", "price list")], SIDES)] == ["price"]


# ------------------------------------------------------------------------------------------------ against a naive matcher


def naive(phrases, language, segments, sides, duration, gap):
	"""Compares each phrase at each place, token by token."""
	stem = stemmer(language)
	voices = {}
	for number, (_name, _start, _end, key, _text, words) in sorted(
		enumerate(segments), key=lambda pair: pair[1][1:3]
	):
		row = voices.setdefault(key, [[]])
		if row[-1] and words[0][0] - row[-1][-1][1] > gap:
			row.append([])
		row[-1] += [(word[0], word[1], word[2], number, index) for index, word in enumerate(words)]
	result = []
	for key, rows in voices.items():
		for row in rows:
			heard = [(token, at) for at, word in enumerate(row) for token in tokens(word[2])]
			asks = [
				next((w[2][-1] == "?" for w in row[at:] if w[2][-1] in ".?"), False) for at in range(len(row))
			]
			by_term = {}
			for number, one in enumerate(phrases):
				for wording in {one.text, joined(one.text)}:
					wanted = tokens(wording)
					for first in range(len(heard) - len(wanted) + 1):
						here = [token for token, _ in heard[first : first + len(wanted)]]
						exact = [folded(t) for t in here] == [folded(t) for t in wanted]
						forms = one.stem and [stem(t) for t in here] == [stem(t) for t in wanted]
						if not (exact or forms):
							continue
						a, b = heard[first][1], heard[first + len(wanted) - 1][1]
						fits = {
							"anywhere": True,
							"first": one.minutes and row[a][0] < one.minutes * 60,
							"last": one.minutes and row[b][1] > duration - one.minutes * 60,
							"question": any(asks[a : b + 1]),
						}[one.where]
						if fits and one.side in ("anyone", sides.get(key)):
							by_term.setdefault(one.term, set()).add((first, -len(wanted), number, a, b))
			for hits in by_term.values():
				free = 0
				for first, length, number, a, b in sorted(hits):
					if first >= free:
						free = first - length
						result.append(
							(
								row[a][0],
								row[b][1],
								number,
								key,
								(row[a][3], row[b][3]),
								(row[a][4], row[b][4]),
							)
						)
	return sorted(result)


def test_the_same_as_a_naive_matcher_finds():
	rng = random.Random(11)
	vocabulary = [
		"price",
		"prices",
		"Pricing",
		"list",
		"lists",
		"e-mail",
		"don't",
		"new",
		"résumé",
		"resume",
		"C++",
	]
	places = [
		{},
		{},
		{"where": "question"},
		{"where": "first", "minutes": 0.5},
		{"where": "last", "minutes": 0.5},
	]
	for _turn in range(150):
		phrases = [
			Phrase(
				id=str(number),
				term=str(rng.randint(0, 4)),
				text=" ".join(rng.choices(vocabulary, k=rng.randint(1, 4))),
				stem=rng.random() < 0.5,
				side=rng.choice(["anyone", "anyone", "Owner", "Customer"]),
				**rng.choice(places),
			)
			for number in range(12)
		]
		segments, at = [], 0.0
		for _ in range(25):
			text = " ".join(
				w + rng.choice(["", "", "", ",", ".", "?"])
				for w in rng.choices(vocabulary, k=rng.randint(1, 6))
			)
			segments.append(said(round(at, 2), round(at + 2, 2), rng.choice(["S1", "S2"]), text))
			at += rng.choice([1.5, 2, 3, 6])
		segments = rng.sample(segments, len(segments))
		got = Matcher(phrases, ["en"], gap=3).mentions(segments, SIDES, at)
		assert [(m.start, m.end, int(m.phrase), m.speaker, m.segments, m.words) for m in got] == naive(
			phrases, "en", segments, SIDES, at, 3
		)


def test_more_words_than_one_plane_of_unicode_holds():
	phrases = [phrase(f"w{number} x{number}", stem=False) for number in range(40_000)]
	matcher = Matcher(phrases)
	assert [
		m.text for m in matcher.mentions([said(0, 9, "S1", "w0 x0 w27700 x27700 w39999 x39999 w1 x2")])
	] == [
		"w0 x0",
		"w27700 x27700",
		"w39999 x39999",
	]


def test_one_matcher_for_many_calls(monkeypatch):
	monkeypatch.setattr("call_intelligence.engine.terms.matcher.KNOWN_WORDS", 3)
	matcher = Matcher([phrase("price list")], ["en"])
	for number in range(5):
		segments = [said(0, 9, "S1", f"Some{number} other{number} price{number} lists, price lists.")]
		assert [m.text for m in matcher.mentions(segments)] == ["price lists"]
