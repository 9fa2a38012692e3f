"""Names stay with their voices when the speakers are told apart once more."""

import importlib.util
from pathlib import Path

# by its file: the package around it needs a bench
SPEC = importlib.util.spec_from_file_location(
	"voices", Path(__file__).resolve().parents[3] / "call_intelligence" / "jobs" / "voices.py"
)
voices = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(voices)


def turns(*rows):
	return [{"speaker": speaker, "start": start, "end": end} for speaker, start, end in rows]


BEFORE = turns(("S1", 0, 10), ("S2", 10, 14), ("S1", 14, 20), ("S2", 20, 30))


def test_the_same_answer_again():
	assert voices.same_voices(BEFORE, BEFORE) == {"S1": "S1", "S2": "S2"}


def test_keys_that_changed_places():
	after = turns(("S2", 0, 10), ("S1", 10, 14), ("S2", 14, 20), ("S1", 20, 30))
	assert voices.same_voices(BEFORE, after) == {"S2": "S1", "S1": "S2"}


def test_two_voices_become_one():
	assert voices.same_voices(BEFORE, turns(("S1", 0, 30))) == {"S1": "S1"}


def test_one_voice_becomes_two():
	after = turns(("S1", 0, 20), ("S2", 20, 30))
	assert voices.same_voices(turns(("S1", 0, 30)), after) == {"S1": "S1"}


def test_what_is_unsure_has_no_name():
	after = turns(("S1", 0, 3), ("S2", 40, 50))
	assert voices.same_voices(turns(("S1", 2, 12)), after) == {}


def test_nothing_before():
	assert voices.same_voices([], BEFORE) == {}
