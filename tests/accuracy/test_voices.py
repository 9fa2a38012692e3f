"""Voices on one channel, of recordings with known turns: number of voices, turns, and speakers of words."""

import dataclasses

import pytest

from tests.accuracy.measures import der, wrong_words
from tests.speech import converted, hear, spoken_meeting

MEETINGS = {
	"men": (("kal16", "awb"), 14),
	"three": (("rms", "slt", "awb"), 16),
	"four": (("rms", "slt", "awb", "kal16"), 20),
}
DER = 12.0  # %, without collar
WRONG_WORDS = 3.0  # %
TELEPHONE = ("-af", "highpass=f=300,lowpass=f=3400", "-ar", "8000", "-c:a", "pcm_alaw")
NOISE = (
	"-filter_complex",
	"anoisesrc=r=16000:color=pink:amplitude=0.1:seed=7[n];[0][n]amix=2:duration=first",
)


@dataclasses.dataclass
class Meeting:
	voices: tuple[str, ...]
	said: list[tuple[float, float, str]]
	found: dict[str, dict]  # result file -> its content, without a given number of speakers
	given: dict[str, dict]  # the same, diarized again with the number of speakers


@pytest.fixture(scope="module", params=MEETINGS)
def meeting(request, tmp_path_factory):
	voices, turns = MEETINGS[request.param]
	path, spoken = spoken_meeting(voices, turns)
	work = tmp_path_factory.mktemp("meeting")
	answers = []
	for arguments in ((), ("--stage", "diarize", "--speakers", len(voices))):
		run = hear(path, work, "--language", "en", *arguments)
		assert run.exit == 0, run.events
		answers.append({name: run.file(name) for name in ("turns.json", "utterances.json")})
	return Meeting(voices, [(turn.start, turn.end, turn.speaker) for turn in spoken], *answers)


@pytest.mark.parametrize("number", ("found", "given"))
def test_who_speaks_when(meeting, number):
	turns = getattr(meeting, number)["turns.json"]
	assert len(turns["speakers"]) == len(meeting.voices)
	heard = [(turn["start"], turn["end"], turn["speaker"]) for turn in turns["turns"]]
	assert der(meeting.said, heard) <= DER


@pytest.mark.parametrize("number", ("found", "given"))
def test_whose_words(meeting, number):
	utterances = getattr(meeting, number)["utterances.json"]["utterances"]
	wrong, unknown = wrong_words(meeting.said, utterances)
	assert wrong <= WRONG_WORDS
	assert unknown <= WRONG_WORDS


def test_what_other_numbers_of_speakers_would_give(meeting):
	"""For each number of speakers the shares of the speech; for the right number, the true shares."""
	offers = meeting.found["turns.json"]["offers"]
	assert {"1", "2", "3", "4"} <= set(offers)
	for number, shares in offers.items():
		assert len(shares) == int(number)
		assert sum(shares) == pytest.approx(1, abs=0.01)
		assert shares == sorted(shares, reverse=True)
	times = dict.fromkeys(meeting.voices, 0.0)
	for start, end, voice in meeting.said:
		times[voice] += end - start
	spoken = sorted((time / sum(times.values()) for time in times.values()), reverse=True)
	assert offers[str(len(meeting.voices))] == pytest.approx(spoken, abs=0.05)


@pytest.mark.parametrize("kind", ("clear", "telephone", "noise"))
@pytest.mark.parametrize("voice", ("slt", "awb"))
def test_one_person_alone_is_one_speaker(voice, kind, tmp_path):
	path, _ = spoken_meeting((voice,), 24)
	if kind == "telephone":
		path = converted(path, "telephone.wav", *TELEPHONE)
	elif kind == "noise":
		path = converted(path, "noise.wav", *NOISE)
	run = hear(path, tmp_path, "--language", "en")
	assert run.exit == 0, run.events
	assert run.file("turns.json")["speakers"] == ["S1"]
