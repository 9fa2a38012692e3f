"""The expected accuracy of a model in a language is never more than is known."""

import pytest

from call_intelligence.engine.catalogue import REPOSITORIES
from call_intelligence.speech.expectations import (
	FEW,
	GROUPS,
	MANY,
	MEASURED,
	NONE,
	ORDER,
	SOME,
	better_than,
	expected,
	size_of,
)

LANGUAGES = [code for languages, *_ in GROUPS for code in languages.split()] + ["yo"]
BY_SIZE = ("tiny", "base", "small", "medium", "large-v3")


@pytest.mark.parametrize(
	("model", "language", "mistakes"),
	[
		("base", "en", FEW),
		("base", "pl", MANY),
		("base", "de", MANY),
		("small", "pl", SOME),
		("large-v3-turbo", "pl", FEW),
		("turbo", "cs", SOME),
		("base.en", "pl", NONE),
		("distil-large-v3", "pl", NONE),
		("distil-large-v3", "en", FEW),
		("large-v3", "yo", MANY),
		("org/whisper-small-polish", "pl", None),
		("/srv/models/small", "pl", None),
	],
)
def test_what_is_expected(model, language, mistakes):
	assert expected(model, language) == mistakes


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_larger_model_is_never_said_to_be_worse(language):
	ranks = [ORDER.index(expected(model, language)) for model in BY_SIZE]
	assert ranks == sorted(ranks, reverse=True)


def test_no_language_is_in_two_groups():
	assert len(set(LANGUAGES)) == len(LANGUAGES)


@pytest.mark.parametrize("name", REPOSITORIES)
def test_every_name_tells_its_size(name):
	assert size_of(name)


@pytest.mark.parametrize(("case", "figures"), MEASURED.items())
def test_measurements_and_classes_agree(case, figures):
	assert expected(*case) == (FEW if figures[1] < 10 else MANY if figures[1] >= 30 else SOME)


def test_a_better_model_is_named_where_there_is_one():
	assert better_than("base", "pl") == "large-v3-turbo"
	assert better_than("base.en", "pl") == "large-v3-turbo"
	assert better_than("base", "en") is None
	assert better_than("base", "yo") is None
	assert better_than("large-v3", "pl") is None
	assert better_than("org/own", "pl") is None
