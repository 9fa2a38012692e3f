"""The dominance gate and the cutting of long recordings, in the engine's own Python (they need numpy)."""

import itertools
import json
import subprocess

import pytest

from tests.speech import ROOT, engine_python, mixed, noise, say, scaled, silence, spoken_call, write_wav

GATE = """
import json, sys
import numpy as np
from call_intelligence.engine.gate import DominanceGate
from call_intelligence.engine.speech import RATE, SpeechFiles
files = SpeechFiles(sys.argv[1:3])
gate = DominanceGate(files)
whole = files.read(0, files.samples)
gated = gate.apply(0, whole)
parts = np.concatenate([gate.apply(start, files.read(start, 70001)) for start in range(0, files.samples, 70001)], axis=1)
def level(samples, start, end):
	cut = samples[int(start * RATE):int(end * RATE)].astype(float)
	return float(np.sqrt((cut ** 2).mean()))
print(json.dumps({
	"same_in_parts": bool(np.allclose(gated, parts, atol=1e-6)),
	"kept": [[level(gated[c], a, b) / (level(whole[c], a, b) / 32768 + 1e-9) for a, b in json.loads(sys.argv[3])] for c in (0, 1)],
}))
"""
PIECES = """
import json, sys
from call_intelligence.engine.speech import RATE, SpeechFiles
print(json.dumps([[start / RATE, block.shape[1] / RATE] for start, block in SpeechFiles(sys.argv[1:]).pieces(10, search=5)]))
"""


def in_engine(script, *arguments):
	answer = subprocess.run(
		[str(engine_python()), "-c", script, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT
	)
	assert answer.returncode == 0, answer.stderr
	return json.loads(answer.stdout)


def gated(tmp_path, left, right, spans):
	paths = [write_wav(tmp_path / f"{number}.wav", samples) for number, samples in enumerate((left, right))]
	return in_engine(GATE, *paths, json.dumps(spans))


def call_with_leak(leak, quieter=1.0):
	"""-> (left, right, turns) of a call with `leak` of each speaker in the other's channel, the customer `quieter`"""
	call = spoken_call()
	channels = {"owner": silence(call.duration), "customer": silence(call.duration)}
	for turn in call.turns:
		samples = say(
			turn.text,
			"rms" if turn.speaker == "owner" else "slt",
			0.06 if turn.speaker == "owner" else 0.06 * quieter,
		)
		start = int(turn.start * 16000)
		cut = samples[: len(channels["owner"]) - start]
		channels[turn.speaker][start : start + len(cut)] = cut
	return (
		mixed(channels["owner"], channels["customer"], leak),
		mixed(channels["customer"], channels["owner"], leak),
		call.turns,
	)


@pytest.mark.parametrize(("leak", "quieter"), [(0.1, 1.0), (0.2, 1.0), (0.1, 0.4), (0.03, 0.3)])
def test_the_leak_goes_and_the_speech_stays(tmp_path, leak, quieter):
	left, right, turns = call_with_leak(leak, quieter)
	spans = [[turn.start + 0.3, turn.end - 0.5] for turn in turns]
	answer = gated(tmp_path, left, right, spans)
	assert answer["same_in_parts"]
	for number, turn in enumerate(turns):
		owner, customer = answer["kept"][0][number], answer["kept"][1][number]
		own, other = (owner, customer) if turn.speaker == "owner" else (customer, owner)
		assert own > 0.9, turn
		assert other < 0.35, turn


def test_a_quiet_speaker_is_heard_while_the_loud_one_speaks(tmp_path):
	"""Both talk at once, one 12 dB louder, on a call with a leak of -26 dB: neither is a leak."""
	loud, quiet = say("I would like to say that this is all very nice of you and your team", "rms"), None
	quiet = scaled(say("wait a moment please, I have to ask my manager first", "slt"), 0.25)
	alone = silence(0.5) + loud + silence(0.5)
	owner = alone * 3 + silence(0.5) + loud + silence(1)
	at = len(alone) * 3 + int(0.7 * 16000)
	customer = silence(len(owner) / 16000)[: len(owner)]
	customer[at : at + len(quiet)] = quiet
	left, right = mixed(owner, customer, 0.05), mixed(customer, owner, 0.05)
	answer = gated(tmp_path, left, right, [[at / 16000 + 0.2, (at + len(quiet)) / 16000 - 0.3]])
	assert answer["kept"][1][0] > 0.8
	assert answer["kept"][0][0] > 0.8


def test_clean_channels_are_left_alone(tmp_path):
	left, right, turns = call_with_leak(0.0)
	answer = gated(tmp_path, left, right, [[turn.start, turn.end] for turn in turns])
	for number, turn in enumerate(turns):
		assert answer["kept"][0 if turn.speaker == "owner" else 1][number] > 0.95


def test_long_recordings_are_cut_in_silences_and_nothing_is_lost(tmp_path):
	talk = noise(7.0, 0.1)
	path = write_wav(tmp_path / "a.wav", (talk + silence(1)) * 5)
	pieces = in_engine(PIECES, path)
	assert pieces[0][0] == 0
	assert sum(length for _, length in pieces) == pytest.approx(40)
	for (start, length), (following, _) in itertools.pairwise(pieces):
		assert start + length == pytest.approx(following)
		assert 7 <= following % 8 <= 8, "cut in the second of silence"
		assert length <= 10
