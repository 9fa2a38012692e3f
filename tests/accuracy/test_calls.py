"""Two-voice calls with known words and turns, with the embedded models."""

import dataclasses

import pytest

from tests.accuracy.measures import by_speaker, cpwer, wer
from tests.speech import SCRIPTS, EngineRun, SpokenCall, converted, hear, spoken_call

CALLS = [(name, kind) for name in SCRIPTS for kind in ("stereo", "leaking", "mono")] + [
	("premium_plan", "telephone")
]


@dataclasses.dataclass
class Heard:
	call: SpokenCall
	run: EngineRun
	kind: str

	@property
	def said(self):
		return {speaker: self.call.text(speaker) for speaker in ("owner", "customer")}


@pytest.fixture(scope="module", params=CALLS, ids="-".join)
def heard(request, tmp_path_factory):
	name, kind = request.param
	call = spoken_call(name)
	# A recording of a telephone exchange: 8 kHz A-law, both parties on one line
	path = (
		converted(call.mono, "telephone.wav", "-ar", "8000", "-c:a", "pcm_alaw")
		if kind == "telephone"
		else getattr(call, kind)
	)
	run = hear(path, tmp_path_factory.mktemp("heard"), "--language", "en")
	assert run.exit == 0, run.events
	return Heard(call, run, kind)


def test_words(heard):
	assert wer(heard.call.text(), heard.run.text) <= 5.0, heard.run.text


def test_words_by_speaker(heard):
	whole = wer(heard.call.text(), heard.run.text)
	assert cpwer(heard.said, by_speaker(heard.run.utterances)) <= whole + 2.0, heard.run.utterances


def test_nobody_is_unknown_and_nobody_is_invented(heard):
	assert set(by_speaker(heard.run.utterances)) == {"S1", "S2"}


def test_turn_times(heard):
	"""Each turn is found, begins and ends within half a second, and has one speaker."""
	turns = heard.run.file("turns.json")["turns"]
	speakers = {}
	for turn in heard.call.turns:
		found = [t for t in turns if min(t["end"], turn.end) - max(t["start"], turn.start) > 0.2]
		assert found, turn
		assert len({t["speaker"] for t in found}) == 1, (turn, found)
		speakers.setdefault(turn.speaker, set()).add(found[0]["speaker"])
		assert found[0]["start"] == pytest.approx(turn.start, abs=0.5)
		assert found[-1]["end"] == pytest.approx(turn.end, abs=0.5)
	assert speakers["owner"] != speakers["customer"]
	assert all(len(keys) == 1 for keys in speakers.values())


def test_utterances_begin_and_end_with_their_turns(heard):
	for turn in heard.call.turns:
		inside = [
			u for u in heard.run.utterances if min(u["end"], turn.end) - max(u["start"], turn.start) > 0.3
		]
		assert inside, turn
		assert inside[0]["start"] == pytest.approx(turn.start, abs=0.5)
		assert inside[-1]["end"] == pytest.approx(turn.end, abs=0.5)
