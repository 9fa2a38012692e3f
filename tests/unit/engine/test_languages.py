"""The language chosen for a stretch of speech."""

import pytest

from call_intelligence.engine.languages import Languages, among_spoken


def begun(first="en", **options):
	languages = Languages(**options)
	languages.begin({first: 0.95, "la": 0.05}, 20.0)
	languages.settle()
	return languages


def test_nobody_speaks_latin_in_a_call():
	found = among_spoken({"la": 0.9, "pl": 0.08, "en": 0.02})
	assert found == pytest.approx({"pl": 0.8, "en": 0.2})
	assert among_spoken({"la": 1.0}) == {"la": 1.0}
	assert Languages("la").path([(found, 8.0)]) == ["la"]


CLEAR_GERMAN = {"de": 0.97, "en": 0.01, "nl": 0.02}
VAGUE = {"th": 0.47, "de": 0.14, "en": 0.02}


def test_a_clear_stretch_in_another_language_is_in_it():
	assert begun().of(CLEAR_GERMAN, 8.0) == "de"


@pytest.mark.parametrize(
	("chances", "seconds"), [(VAGUE, 8.0), (CLEAR_GERMAN, 1.0), ({"de": 0.5, "en": 0.4}, 8.0)]
)
def test_a_short_or_vague_stretch_is_in_the_calls(chances, seconds):
	assert begun().of(chances, seconds) == "en"


def test_vague_stretches_are_in_a_language_that_was_clearly_heard():
	path = begun().path(
		[({"en": 0.98}, 9.0), (VAGUE, 4.0), (CLEAR_GERMAN, 4.0), (VAGUE, 3.0), ({"en": 0.97}, 9.0)]
	)
	assert path == ["en", "de", "de", "de", "en"]


def test_a_language_that_is_never_clear_comes_not_into_question():
	assert begun().path([({"en": 0.98}, 9.0), ({"cy": 0.4, "la": 0.3, "en": 0.1}, 5.0)]) == ["en", "en"]


@pytest.mark.parametrize("options", [{"given": "en"}, {"one": True}])
def test_one_language_for_a_call_stays_and_what_was_not_in_it_is_told(options):
	languages = begun(**options)
	assert languages.path([(CLEAR_GERMAN, 8.0), (CLEAR_GERMAN, 8.0)]) == ["en", "en"]
	assert languages.mistaken is None
	for _ in range(2):
		languages.took("en", CLEAR_GERMAN, 8.0, 6.0)
	assert languages.mistaken == ("de", 16.0)
	assert languages.result()[0] == "en"


def test_the_calls_language_is_the_one_that_was_spoken_longest():
	languages = begun()
	languages.took("en", {"en": 0.98}, 13.0, 11.0)
	languages.took("de", CLEAR_GERMAN, 30.0, 26.0)
	languages.took("de", {"de": 0.77}, 30.0, 25.0)
	assert languages.result() == ("de", pytest.approx(0.87))


def test_nothing_was_heard():
	assert Languages().result() == (None, None)
	assert Languages().call is None


def test_languages_that_share_their_stretches_come_into_the_call():
	"""The model confuses Croatian with Serbian and Bosnian: none is clear, and English is ruled out."""
	languages = begun()
	shared = {"hr": 0.55, "sr": 0.25, "bs": 0.15, "en": 0.01}
	found = [languages.of(shared, 28.0) for _ in range(4)]
	assert found[-1] == "hr" and found.count("hr") >= 3


def test_vague_stretches_bring_no_language_soon():
	languages = begun()
	for _ in range(4):
		assert languages.of({"cy": 0.25, "la": 0.21, "de": 0.1, "en": 0.05}, 4.0) == "en"
