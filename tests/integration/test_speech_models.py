"""Speech models in Settings: which names are taken, and which model a call gets."""

from itertools import pairwise

import frappe
import pytest

from call_intelligence.jobs import engine_stage
from call_intelligence.jobs.stages import TRANSCRIBING
from tests import factories


@pytest.fixture
def settings(site):
	return frappe.get_single("Call Intelligence Settings")


@pytest.mark.parametrize("name", ["base", "large-v3-turbo", "org/name.ct2", "/srv/models/own", "~/model"])
def test_possible_models_are_taken(settings, name):
	settings.update({"model": f" {name} ", "models_for_languages": f"PL: {name}"})
	settings.save()
	assert (settings.model, settings.models_for_languages) == (name, f"pl: {name}")


@pytest.mark.parametrize(
	("values", "says"),
	[
		({"model": "larg-v3"}, "There is no speech model called <strong>larg-v3</strong>"),
		({"model": "--work"}, "There is no speech model called"),
		({"model": "<b>x</b>"}, "&lt;b&gt;x"),
		({"models_for_languages": "pl: larg-v3"}, "no speech model called <strong>larg-v3</strong>"),
		({"models_for_languages": "pl: small\npl: medium"}, "pl</strong> has two models"),
		({"models_for_languages": "Polish: small"}, "Polish: small</strong> cannot be read"),
		({"models_for_languages": "small"}, "small</strong> cannot be read"),
	],
)
def test_others_are_refused_in_words(settings, values, says):
	settings.update(values)
	with pytest.raises(frappe.ValidationError) as refusal:
		settings.save()
	assert says in str(refusal.value)


def arguments_of(people, settings, requested=None, **options):
	call = factories.call(people["owner"])
	recording = frappe.get_doc("Call Recording", {"call": call})
	recording.requested_language = requested
	given = engine_stage.stage_arguments(TRANSCRIBING, recording, settings, options, None)
	return [value for name, value in pairwise(given) if name in ("--model", "--model-for", "--language")]


def test_a_known_language_chooses_the_model(people, settings):
	settings.update({"use_record_names": 0, "vocabulary": ""})
	settings.update({"model": "base", "models_for_languages": "pl: large-v3-turbo\nde: small"})
	assert arguments_of(people, settings, "pl") == ["large-v3-turbo", "pl"]
	assert arguments_of(people, settings, "en") == ["base", "en"]
	assert arguments_of(people, settings, "pl", language="de") == ["small", "de"]
	settings.language = "de"
	assert arguments_of(people, settings) == ["small", "de"]
	settings.language = ""
	assert arguments_of(people, settings) == ["base", "de=small", "pl=large-v3-turbo", "auto"]
