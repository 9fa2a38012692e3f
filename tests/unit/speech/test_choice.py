"""A model per language: valid and invalid settings."""

import json
import subprocess

import pytest

from call_intelligence.engine import catalogue
from call_intelligence.speech.choice import BadLine, parse, written
from tests.speech import engine_python


@pytest.mark.parametrize(
	("text", "models"),
	[
		("", {}),
		(None, {}),
		("pl: large-v3-turbo", {"pl": "large-v3-turbo"}),
		(" PL :small \n\n de: org/name.ct2\n", {"pl": "small", "de": "org/name.ct2"}),
		("pl: small, de: medium", {"pl": "small", "de": "medium"}),
		("yue: /srv/models/yue", {"yue": "/srv/models/yue"}),
	],
)
def test_lines_are_read(text, models):
	assert parse(text) == models
	assert parse(written(models)) == models


@pytest.mark.parametrize(
	("text", "reason", "part"),
	[
		("large-v3", "form", "large-v3"),
		("polish: small", "form", "polish: small"),
		("pl:", "form", "pl:"),
		("pl: small\npl: medium", "twice", "pl"),
		("pl: larg-v3", "model", "larg-v3"),
		("pl: -x", "model", "-x"),
		("pl: --models", "model", "--models"),
		("pl: a/../../b", "model", "a/../../b"),
		("pl: small=x", "model", "small=x"),
	],
)
def test_what_cannot_be_read_says_why(text, reason, part):
	with pytest.raises(BadLine) as problem:
		parse(text)
	assert (problem.value.reason, problem.value.part) == (reason, part)


@pytest.mark.parametrize(
	"name", ["org/..", "../base", "a//b", "a/b/c", "", "-small", "org/-x", "a b/c", "x\n/y"]
)
def test_no_name_leads_out_of_the_models_folder(name):
	assert catalogue.repository_of(name) is None


def test_the_names_are_those_of_the_engines_library():
	code = "import json; from faster_whisper.utils import _MODELS; print(json.dumps(_MODELS))"
	done = subprocess.run([str(engine_python()), "-c", code], capture_output=True, text=True, check=True)
	assert json.loads(done.stdout) == catalogue.REPOSITORIES
