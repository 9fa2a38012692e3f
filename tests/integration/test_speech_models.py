"""Speech models in Settings: accepted names, and the model of a call."""

import os
import shutil
import subprocess
from itertools import pairwise

import frappe
import pytest

from call_intelligence import doctor
from call_intelligence.desk import boot
from call_intelligence.queue.stages import TRANSCRIBING
from call_intelligence.speech import engine_stage, messages
from tests import factories
from tests.hub import Hub
from tests.speech import engine_home


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


# ------------------------------------------------------------------------------------------------ setup-engine --model

REMOTE = "test-org/base-again"
CHOSEN = ("model", "models_for_languages", "memory_limit_mb")


@pytest.fixture
def setup_engine(bench, site):
	"""Runs the command with a hub that has `base` under another name; cleans up afterwards."""
	before = {field: frappe.db.get_single_value("Call Intelligence Settings", field) for field in CHOSEN}
	embedded = engine_home() / "models" / "whisper" / "base"
	with Hub({REMOTE: {path.name: path for path in embedded.iterdir()}}) as hub:

		def run(*arguments, **env):
			done = subprocess.run(
				["nice", *bench.command, "call-intelligence", "setup-engine", *map(str, arguments)],
				cwd=bench.sites,
				capture_output=True,
				text=True,
				timeout=500,
				env={**os.environ, "HF_ENDPOINT": hub.url, **env},
			)
			frappe.db.rollback()
			assert "Traceback" not in done.stderr, done.stderr
			return done

		run.hub = hub
		yield run
	shutil.rmtree(engine_home() / "models" / "whisper" / "test-org", ignore_errors=True)
	frappe.db.set_single_value("Call Intelligence Settings", before)
	frappe.db.commit()
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")


def chosen():
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")
	settings = frappe.get_single("Call Intelligence Settings")
	return settings.model, settings.models_for_languages or ""


def test_a_model_of_the_hub_is_fetched_measured_and_chosen(setup_engine):
	done = setup_engine("--model", REMOTE)
	assert done.returncode == 0, done.stdout + done.stderr
	assert "model.bin: complete and checked (138 MB)" in done.stdout
	for text in (
		"It works, on",
		"s for a minute of speech",
		"hours of speech in a day",
		f"with {REMOTE} from now on",
	):
		assert text in done.stdout
	assert chosen() == (REMOTE, "")
	asked = len(setup_engine.hub.requests)
	again = setup_engine("--model", REMOTE, "--language", "PL")
	assert again.returncode == 0, again.stdout + again.stderr
	assert len(setup_engine.hub.requests) == asked
	assert chosen() == (REMOTE, f"pl: {REMOTE}")


def test_a_folder_is_a_model_for_one_language(setup_engine, tmp_path):
	(tmp_path / "own").symlink_to(engine_home() / "models" / "whisper" / "base")
	done = setup_engine("--model", tmp_path / "own", "--language", "pl")
	assert done.returncode == 0, done.stdout + done.stderr
	folder = (tmp_path / "own").resolve()
	assert chosen() == ("base", f"pl: {folder}")
	assert not setup_engine.hub.requests


@pytest.mark.parametrize(
	("arguments", "says"),
	[
		(("--model", "larg-v3"), "There is no speech model called larg-v3"),
		(("--model", "x" * 5000), "is no folder that can be opened"),
		(("--model", "~nobody-of-this-name/model"), "is no folder that can be opened"),
		(("--model", "/no/such/folder"), "There is no model.bin in /no/such/folder"),
		(("--model", "test-org/none"), "There is no model test-org/none on the hub"),
		(("--model", "base", "--language", "polish"), "polish is no language code"),
		(("--model", "distil-large-v3", "--language", "pl"), "distil-large-v3 knows English only"),
		(("--language", "pl"), "--language says what --model is for"),
	],
)
def test_what_cannot_be_set_up_is_said_and_changes_nothing(setup_engine, arguments, says):
	before = chosen()
	done = setup_engine(*arguments)
	assert done.returncode in (1, 2)
	assert says in done.stderr
	assert chosen() == before


def test_a_damaged_download_changes_nothing(setup_engine):
	setup_engine.hub.spoilt.add("model.bin")
	before = chosen()
	done = setup_engine("--model", REMOTE)
	assert done.returncode == 1
	assert "model.bin is damaged" in done.stderr and "Settings are as they were" in done.stderr
	assert chosen() == before


def test_a_model_that_does_not_fit_changes_nothing(setup_engine):
	setup_engine.hub.claimed_sizes["model.bin"] = 1 << 50
	before = chosen()
	done = setup_engine("--model", REMOTE)
	assert done.returncode == 1
	assert "of disk are needed" in done.stderr and "of memory are needed" in done.stderr
	assert chosen() == before


def test_a_model_that_does_not_work_changes_nothing(setup_engine, tmp_path):
	(tmp_path / "model.bin").write_bytes(b"no model")
	done = setup_engine("--model", tmp_path)
	assert done.returncode == 1
	assert "does not work on this machine" in done.stderr and "Settings are as they were" in done.stderr
	assert chosen()[0] == "base"


def test_a_model_that_needs_more_than_the_limit_changes_nothing(setup_engine):
	frappe.db.set_single_value("Call Intelligence Settings", "memory_limit_mb", 200)
	frappe.db.commit()
	done = setup_engine("--model", "base", "--language", "pl")
	assert done.returncode == 1
	assert "raise Memory limit of the engine" in done.stderr
	assert chosen() == ("base", "")


# ------------------------------------------------------------------------------------------------ messages


def test_desk_is_told_what_to_expect(settings):
	settings.update({"model": "base", "models_for_languages": "pl: large-v3-turbo\nfr: org/own"})
	settings.save()
	info = frappe._dict()
	boot.extend_bootinfo(info)
	models = info.call_intelligence["speech_models"]
	assert models["pl"] == ["large-v3-turbo", "few", None, None]
	assert models["de"] == ["base", "many", "large-v3-turbo", (30, 30)]
	assert models["en"][:2] == ["base", "few"]
	assert "fr" not in models  # nothing is known about that model
	settings.run_method("onload")
	assert settings.get_onload("speech_models") == models


def test_doctor_tells_which_models_are_not_there(settings, tmp_path):
	settings.update({"model": "base", "models_for_languages": ""}).save()
	assert (doctor.speech_models().ok, doctor.speech_models().found) == (True, "base")
	settings.update({"models_for_languages": "pl: test-org/not-there"}).save()
	check = doctor.speech_models()
	assert check.ok and "test-org/not-there is fetched with the first call" in check.found
	assert "setup-engine --model test-org/not-there" in check.fix
	settings.update({"models_for_languages": f"pl: {tmp_path}"}).save()
	check = doctor.speech_models()
	assert not check.ok and f"there is no model in {tmp_path}" in check.found
	settings.update({"model": "base", "models_for_languages": "pl: base"}).save()
	assert doctor.speech_models().ok


def test_a_call_without_its_model_names_the_command(site):
	assert "setup-engine --model large-v3" in messages.error_text("model_missing", {"model": "large-v3"})
	for params in ({"model": "/srv/own"}, {}, None):
		said = messages.error_text("model_missing", params)
		assert said.endswith("setup-engine") and "/srv" not in said


def test_a_model_that_knows_english_only_detects_no_languages(settings):
	settings.update({"model": "base.en", "language": "", "models_for_languages": "pl: small"})
	with pytest.raises(frappe.ValidationError, match="knows English only"):
		settings.save()
	settings = frappe.get_single("Call Intelligence Settings")
	settings.update({"model": "base.en", "language": "en", "models_for_languages": "pl: small"}).save()
	assert settings.models_for_languages == "pl: small"
