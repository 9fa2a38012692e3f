"""Accuracy of the engine and of plain faster-whisper (batched, same model) with speakers by overlap of segments and turns.

A row for each file and figure: WER, cpWER, DER, words with the wrong speaker, seconds of speech without a word, words invented
in silence. The overlap rule uses the engine's own turns, so that the rules are compared, not the turns.
"""

import json
import math
import subprocess
import sys
import tempfile
from array import array
from pathlib import Path

from engine_common import row, run_stages, speech

from tests.accuracy.measures import by_speaker, cpwer, der, wer, wrong_words

STAGES = ("prepare", "transcribe", "diarize")
MEETINGS = {"men": (("kal16", "awb"), 14), "four people": (("rms", "slt", "awb", "kal16"), 20)}
HOLE = 1.0  # seconds of speech without a word that count as lost

PLAIN = """
import json, os, sys
from faster_whisper import BatchedInferencePipeline, WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=len(os.sched_getaffinity(0)))
segments, info = BatchedInferencePipeline(model).transcribe(
	sys.argv[2], batch_size=4, language="en", word_timestamps=True)
json.dump([[[word.start, word.end, word.word.strip()] for word in segment.words] for segment in segments], sys.stdout)
"""


def main():
	for name, path, said in spoken_files():
		with tempfile.TemporaryDirectory() as work:
			run_stages(path, work, STAGES, "--language", "en")
			ours = _read(work, "utterances.json")["utterances"]
			turns = [(t["start"], t["end"], t["speaker"]) for t in _read(work, "turns.json")["turns"]]
		_figures(f"{name}, ours", said, ours, turns)
		_figures(f"{name}, plain", said, _by_overlap(_plain(path), turns), None)
	for name, path in silent_files():
		with tempfile.TemporaryDirectory() as work:
			run_stages(path, work, STAGES, "--language", "en")
			ours = _read(work, "utterances.json")["utterances"]
		row(f"{name}, ours: invented", sum(len(u["words"]) for u in ours), "words", 0)
		row(f"{name}, plain: invented", sum(map(len, _plain(path))), "words")


def spoken_files():
	"""-> yields (name, Path, [(start, end, speaker, text)])"""
	for script in speech.SCRIPTS:
		call = speech.spoken_call(script)
		said = [(turn.start, turn.end, turn.speaker, turn.text) for turn in call.turns]
		telephone = speech.converted(call.mono, "telephone.wav", "-ar", "8000", "-c:a", "pcm_alaw")
		for kind in ("stereo", "leaking", "mono"):
			yield f"{script} {kind}", getattr(call, kind), said
		yield f"{script} telephone", telephone, said
	for name, (voices, turns) in MEETINGS.items():
		path, spoken = speech.spoken_meeting(voices, turns)
		yield name, path, [(turn.start, turn.end, turn.speaker, turn.text) for turn in spoken]
	if speech.LIBRIVOX.is_dir():
		for path, text in speech.librivox():
			yield f"librivox {path.stem[-4:]}", path, [(0.0, _seconds(path), "reader", text)]


def silent_files():
	"""-> yields (name, Path) of files without speech"""
	folder = speech.CACHE / "silent"
	folder.mkdir(parents=True, exist_ok=True)
	tone = array("h", (int(3000 * math.sin(2 * math.pi * 440 * n / speech.RATE)) for n in range(speech.RATE)))
	rings = (tone + speech.silence(4)) * 6
	for name, samples in (
		("silence", speech.silence(30)),
		("noise", speech.noise(30)),
		("quiet noise", speech.noise(30, rms=0.005)),
		("tone", tone * 30),
		("ringing", rings),
	):
		yield name, speech.write_wav(folder / f"{name}.wav", samples)


def _figures(name, said, utterances, turns):
	texts = {}
	for *_, speaker, text in said:
		texts[speaker] = f"{texts.get(speaker, '')} {text}"
	limits = [(start, end, speaker) for start, end, speaker, _ in said]
	row(
		f"{name}: WER", wer(" ".join(text for *_, text in said), " ".join(u["text"] for u in utterances)), "%"
	)
	row(f"{name}: cpWER", cpwer(texts, by_speaker(utterances)), "%")
	if turns is not None:
		row(f"{name}: DER", der(limits, turns), "%")
	wrong, unknown = wrong_words(limits, utterances)
	row(f"{name}: wrong speaker", wrong, "% of words")
	row(f"{name}: unknown speaker", unknown, "% of words")
	words = sorted((word[0], word[1]) for u in utterances for word in u["words"])
	row(f"{name}: lost", _lost(limits, words), "s")
	invented = [w for w in words if all(w[1] < start - 0.5 or w[0] > end + 0.5 for start, end, _ in limits)]
	row(f"{name}: invented", len(invented), "words")


def _lost(limits, words):
	"""Seconds of speech in gaps of more than HOLE between words"""
	lost = 0.0
	for start, end, _ in limits:
		at = start
		for begin, finish in [*words, (end, end)]:
			if finish < at:
				continue
			hole = min(begin, end) - at
			lost += hole if hole > HOLE else 0.0
			at = max(at, finish)
			if at >= end:
				break
	return lost


def _plain(path):
	"""-> [[(start, end, text) of a segment's words]]"""
	model = speech.engine_home() / "models" / "whisper" / "base"
	done = subprocess.run(
		[str(speech.engine_python()), "-c", PLAIN, str(model), str(path)], capture_output=True, text=True
	)
	if done.returncode:
		sys.exit(done.stderr[-2000:])
	return json.loads(done.stdout)


def _by_overlap(segments, turns):
	"""Assigns each whole segment to the speaker with most overlap -> as in utterances.json"""
	utterances = []
	for words in filter(None, segments):
		start, end = words[0][0], words[-1][1]
		shares = {"unknown": 0.0}
		for begin, finish, speaker in turns:
			shares[speaker] = shares.get(speaker, 0.0) + max(0.0, min(end, finish) - max(start, begin))
		utterances.append(
			{
				"speaker": max(shares, key=shares.get),
				"text": " ".join(word[2] for word in words),
				"words": words,
			}
		)
	return utterances


def _seconds(path):
	return (Path(path).stat().st_size - 44) / 2 / speech.RATE


def _read(work, name):
	return json.loads((Path(work) / name).read_text())


if __name__ == "__main__":
	speech.CACHE.mkdir(parents=True, exist_ok=True)
	main()
