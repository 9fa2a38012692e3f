"""The choice of model and hardware for a call."""

import os

import pytest

from tests.speech import engine_home, engine_python, run_engine, say, silence, write_wav


@pytest.fixture(scope="module")
def english(tmp_path_factory):
	"""A few seconds of speech"""
	return write_wav(
		tmp_path_factory.mktemp("english") / "english.wav",
		silence(0.3)
		+ say("Good morning. I am calling about the delivery that we expect on Monday.")
		+ silence(0.3),
	)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
	"""The folder of another model: base under another name"""
	engine_python()
	folder = tmp_path_factory.mktemp("models") / "other"
	os.symlink(engine_home() / "models" / "whisper" / "base", folder)
	return folder


def heard_by(english, tmp_path, *arguments):
	run = run_engine(english, tmp_path / "w", "--stage", "prepare", "--stage", "transcribe", *arguments)
	assert run.exit == 0, run.errors
	words = run.file("words.json")
	assert len(words["words"]) > 8
	return words["model"]


@pytest.mark.parametrize("language", ["auto", "en"])
def test_the_language_of_a_call_has_a_model_of_its_own(english, other, tmp_path, language):
	arguments = ("--language", language, "--model-for", f"en={other}", "--model-for", "pl=no-such/model")
	assert heard_by(english, tmp_path, *arguments) == str(other)


def test_other_languages_have_the_model_for_all(english, other, tmp_path):
	assert heard_by(english, tmp_path, "--model-for", f"pl={other}") == "base"


def test_a_model_for_a_language_that_is_not_there_is_said(english, tmp_path):
	run = run_engine(english, tmp_path / "w", "--model-for", f"en={tmp_path / 'none'}")
	assert (run.exit, run.error) == (4, "model_missing")


@pytest.mark.parametrize("value", ["en", "=base", "en="])
def test_a_model_for_a_language_is_written_in_one_way(english, tmp_path, value):
	run = run_engine(english, tmp_path / "w", "--model-for", value)
	assert run.exit == 2 and "CODE=NAME" in run.errors


def test_a_gpu_that_cannot_be_used_is_a_warning(english, tmp_path):
	"""This machine may or may not have a GPU: a missing part must not stop the call."""
	run = run_engine(
		english, tmp_path / "w", "--stage", "prepare", "--stage", "transcribe", "--device", "cuda"
	)
	assert run.exit == 0, run.errors
	used = run.file("words.json")
	assert len(used["words"]) > 8
	assert (used["device"] == "cpu") == ("gpu_unusable" in run.warnings)
	if used["device"] == "cpu":
		assert "CUDA" in run.warnings["gpu_unusable"]["detail"]
		assert used["compute_type"] == "int8"
		assert used["load_seconds"] > 0


def test_voices_go_on_without_the_gpu_as_well(english, tmp_path):
	run = run_engine(english, tmp_path / "w", "--diarizer", "pyannote", "--device", "cuda")
	assert run.exit == 0, run.errors
	turns = run.file("turns.json")
	assert (turns["method"], len(turns["speakers"])) == ("pyannote", 1)
	assert "diarizer_failed" not in run.warnings
	told = [warning["code"] for warning in turns["warnings"]]
	assert told == ([] if run.file("words.json")["device"] == "cuda" else ["gpu_unusable"])


def test_no_gpu_asked_for_is_no_warning(english, tmp_path):
	run = run_engine(
		english, tmp_path / "w", "--stage", "prepare", "--stage", "transcribe", "--device", "cpu"
	)
	assert (run.exit, run.warnings) == (0, {})
