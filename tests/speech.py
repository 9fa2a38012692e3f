"""Speech with known words for tests, demo calls and benchmarks, spoken by Debian's flite voices, and running the engine on it.

Standard library and the ffmpeg command only. Files are cached under .bench/cache/speech, by content.
"""

import array
import contextlib
import dataclasses
import fcntl
import hashlib
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".bench" / "cache" / "speech"
LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")
RATE = 16000
VOICES = {"owner": "rms", "customer": "slt"}

# Two calls without digits or words with several spellings.
PREMIUM_PLAN = (
	(
		"owner",
		"Good morning, thank you for calling Northwind Software. My name is Daniel. How can I help you today?",
	),
	(
		"customer",
		"Hi Daniel, this is Sarah Miller from Blue Harbor Logistics. I have a few questions about the premium plan.",
	),
	("owner", "That is great to hear, Sarah. What would you like to know?"),
	("customer", "How much does the premium plan cost for a team of fifty people?"),
	(
		"owner",
		"The price depends on the number of users, and there is a discount if you pay for a full year.",
	),
	("customer", "That is a bit more expensive than what we are paying now. I need to talk to my manager."),
	("owner", "Of course. Would a short call with both of you on Thursday afternoon help?"),
	("customer", "Thursday works for me. Thank you very much."),
	("owner", "You are welcome. I will send you an invitation with the details. Have a nice day."),
)
LATE_DELIVERY = (
	(
		"customer",
		"Hello, I am calling about an order that has not arrived yet. We were expecting it on Monday.",
	),
	("owner", "I am sorry to hear that. Could you please tell me the name of your company?"),
	("customer", "Yes, it is Green Valley Farms. We ordered new water pumps for our greenhouse last month."),
	(
		"owner",
		"Thank you. I can see your order here. The truck was delayed because of the heavy snow in the mountains.",
	),
	("customer", "I understand. When do you think the pumps will be here? Our plants need water every day."),
	("owner", "The driver told us that he will arrive tomorrow morning before ten o'clock."),
	("customer", "That would be good. Is there any way to follow the truck on a map?"),
	("owner", "Yes, I will send you a message with a link. You can open it on your phone."),
	(
		"customer",
		"Perfect. And what about the broken pump from the last delivery? You promised to replace it.",
	),
	(
		"owner",
		"The replacement is on the same truck. You do not have to pay for it, and the driver will take the old one back.",
	),
	("customer", "Wonderful. Thank you for your help. Goodbye."),
	("owner", "Thank you for your patience. Goodbye."),
)
SCRIPTS = {"premium_plan": PREMIUM_PLAN, "late_delivery": LATE_DELIVERY}


@dataclasses.dataclass(frozen=True)
class SpokenTurn:
	start: float  # seconds
	end: float
	speaker: str  # owner or customer
	text: str


@dataclasses.dataclass(frozen=True)
class SpokenCall:
	"""A synthetic call: its files and its words."""

	name: str
	turns: tuple[SpokenTurn, ...]
	duration: float
	stereo: Path  # owner left, customer right
	leaking: Path  # the same with each speaker leaking into the other's channel, 20 dB quieter
	mono: Path
	mono_twice: Path

	def text(self, speaker=None):
		"""All words, or those of one speaker."""
		return " ".join(turn.text for turn in self.turns if speaker in (None, turn.speaker))

	def rttm(self):
		return "".join(
			f"SPEAKER call 1 {t.start:.3f} {t.end - t.start:.3f} <NA> <NA> {t.speaker} <NA> <NA>\n"
			for t in self.turns
		)


def spoken_call(name="premium_plan", seed=1, pauses=(0.25, 0.8)):
	"""name: a key of SCRIPTS; pauses: minimum and maximum seconds between turns -> SpokenCall"""
	script = SCRIPTS[name]
	folder = _kept("call", 2, name, json.dumps(script), seed, pauses)
	with _alone_in(folder):
		if not (folder / "truth.json").exists():
			_make_call(folder, script, random.Random(seed), pauses)
	truth = json.loads((folder / "truth.json").read_text())
	return SpokenCall(
		name=name,
		turns=tuple(SpokenTurn(**turn) for turn in truth["turns"]),
		duration=truth["duration"],
		**{kind: folder / f"{kind}.wav" for kind in ("stereo", "leaking", "mono", "mono_twice")},
	)


def spoken_meeting(voices, turns=16, seed=1, pauses=(0.25, 0.8)):
	"""voices: names of flite voices, which speak the lines of both scripts in turns; one alone makes a monologue -> (Path of a mono wav,
	list of SpokenTurn with the voices as speakers)"""
	lines = [text for script in SCRIPTS.values() for _, text in script]
	folder = _kept("meeting", 1, json.dumps(lines), voices, turns, seed, pauses)
	with _alone_in(folder):
		if not (folder / "truth.json").exists():
			_make_meeting(folder, voices, [lines[n % len(lines)] for n in range(turns)], seed, pauses)
	return folder / "meeting.wav", [
		SpokenTurn(**turn) for turn in json.loads((folder / "truth.json").read_text())
	]


def say(text, voice="slt", rms=0.06):
	"""-> array of int16 at 16 kHz, spoken by flite, with normalised loudness"""
	with tempfile.TemporaryDirectory() as folder:
		path = Path(folder) / "said.wav"
		subprocess.run(
			["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True
		)
		with wave.open(str(path)) as file:
			assert file.getframerate() == RATE
			samples = array.array("h", file.readframes(file.getnframes()))
	loud = math.sqrt(sum(x * x for x in samples) / len(samples)) / 32768
	return scaled(samples, rms / loud)


def scaled(samples, factor):
	return array.array("h", [max(-32767, min(32767, int(x * factor))) for x in samples])


def mixed(first, second, gain=1.0):
	"""first + gain * second, as long as the first -> array of int16"""
	return array.array(
		"h", [max(-32767, min(32767, int(a + gain * b))) for a, b in zip(first, second, strict=True)]
	)


def write_wav(path, *channels, rate=RATE):
	"""channels: arrays of int16, one each"""
	with wave.open(str(path), "wb") as file:
		file.setparams((len(channels), 2, rate, 0, "NONE", ""))
		if len(channels) == 1:
			data = channels[0]
		else:
			data = array.array("h", bytes(2 * len(channels) * len(channels[0])))
			for number, channel in enumerate(channels):
				data[number :: len(channels)] = channel
		file.writeframes(data.tobytes())
	return Path(path)


def silence(seconds):
	return array.array("h", bytes(2 * int(seconds * RATE)))


def noise(seconds, rms=0.05, seed=1):
	"""White noise -> array of int16"""
	rng = random.Random(seed)
	block = array.array(
		"h",
		[max(-32767, min(32767, int(rng.gauss(0, rms) * 32768))) for _ in range(int(RATE * min(5, seconds)))],
	)
	return (block * (int(seconds / 5) + 1))[: int(seconds * RATE)]


def converted(source, name, *arguments, before=()):
	"""The file `source` converted by ffmpeg -> Path of the cached result; name: its file name, whose extension gives the format"""
	source = Path(source)
	folder = _kept("converted", str(source), source.stat().st_size, name, arguments, before)
	target = folder / name
	with _alone_in(folder):
		if not target.exists():
			fresh = folder / f"new.{name}"
			subprocess.run(
				[
					"ffmpeg",
					"-nostdin",
					"-v",
					"error",
					"-y",
					*before,
					"-i",
					str(source),
					*arguments,
					str(fresh),
				],
				check=True,
				capture_output=True,
			)
			fresh.replace(target)
	return target


def looped(source, seconds, name, *arguments):
	"""`source` repeated until it lasts `seconds` -> Path"""
	return converted(source, name, "-t", str(seconds), *arguments, before=("-stream_loop", "-1"))


def librivox():
	"""Readings from Debian's pocketsphinx-testdata -> list of (Path, text)"""
	lines = (LIBRIVOX / "transcription").read_text().splitlines()
	files = (LIBRIVOX / "fileids").read_text().split()
	texts = [
		line.replace("<s>", "").replace("</s>", "").rsplit("(", 1)[0].strip()
		for line in lines
		if line.strip()
	]
	return [(LIBRIVOX / f"{name}.wav", text) for name, text in zip(files, texts, strict=True)]


# the engine


def engine_home():
	return Path(os.environ.get("CALL_INTELLIGENCE_ENGINE") or ROOT / ".bench" / "call_intelligence_engine")


def engine_python():
	"""-> Path of the engine environment's interpreter; skips the test if there is none"""
	python = engine_home() / "env" / "bin" / "python"
	if not python.exists():
		import pytest

		pytest.skip(f"no engine environment in {engine_home()}: run ./run test, or engine.environment create")
	return python


@dataclasses.dataclass
class EngineRun:
	exit: int
	events: list[dict]
	work: Path
	errors: str  # stderr

	def file(self, name):
		return json.loads((self.work / name).read_text())

	@property
	def error(self):
		"""The error event's code, or None"""
		return next((event["code"] for event in self.events if event["event"] == "error"), None)

	@property
	def warnings(self):
		"""{code: params}"""
		return {event["code"]: event["params"] for event in self.events if event["event"] == "warning"}

	@property
	def utterances(self):
		return self.file("utterances.json")["utterances"]

	@property
	def text(self):
		return " ".join(utterance["text"] for utterance in self.utterances)

	def done(self, stage):
		"""The done event of a stage"""
		return next(event for event in self.events if event["event"] == "done" and event["stage"] == stage)


def run_engine(file, work=None, *arguments, timeout=600, env=None):
	"""Runs the engine on a file as the app does -> EngineRun"""
	work = Path(work or tempfile.mkdtemp(prefix="engine-run-"))
	done = subprocess.run(
		[str(engine_python()), "-m", "call_intelligence.engine", *_arguments(file, work, arguments)],
		capture_output=True,
		text=True,
		cwd=ROOT,
		timeout=timeout,
		env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
	)
	events = [json.loads(line) for line in done.stdout.splitlines()]
	return EngineRun(done.returncode, events, work, done.stderr)


def hear(file, work, *arguments, timeout=600):
	"""Like `run_engine`, in a process forked from one that has loaded the libraries -> EngineRun"""
	from tests.engine_runs import server

	with tempfile.TemporaryDirectory(prefix="engine-output-") as output:
		run = server().run(_arguments(file, work, arguments), Path(output), timeout)
	assert not run.hung, f"not within {timeout} s"
	return EngineRun(run.exit, run.events, Path(work), run.errors)


def _arguments(file, work, arguments):
	return [str(file), "--json", "--work", str(work), *map(str, arguments)]


def _kept(*what):
	folder = CACHE / hashlib.sha256(repr(what).encode()).hexdigest()[:16]
	folder.mkdir(parents=True, exist_ok=True)
	return folder


@contextlib.contextmanager
def _alone_in(folder):
	"""Several processes run tests."""
	with (folder / "lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		yield


def _make_call(folder, script, rng, pauses):
	at, said = 0.6, []
	for speaker, text in script:
		samples = say(text, VOICES[speaker])
		said.append((at, speaker, text, samples))
		at += len(samples) / RATE + rng.uniform(*pauses)
	channels = {speaker: silence(at + 0.8) for speaker in VOICES}
	turns = []
	for start, speaker, text, samples in said:
		first = int(start * RATE)
		channels[speaker][first : first + len(samples)] = samples
		audible = [
			index for index in range(0, len(samples), 80) if abs(samples[index]) > 300
		]  # flite begins and ends with silence
		begin, end = start + audible[0] / RATE, start + audible[-1] / RATE
		turns.append({"start": round(begin, 3), "end": round(end, 3), "speaker": speaker, "text": text})
	owner, customer = channels["owner"], channels["customer"]
	mono = scaled(mixed(owner, customer), 0.8)
	write_wav(folder / "stereo.wav", owner, customer)
	write_wav(folder / "leaking.wav", mixed(owner, customer, 0.1), mixed(customer, owner, 0.1))
	write_wav(folder / "mono.wav", mono)
	write_wav(folder / "mono_twice.wav", mono, mono)
	truth = {"turns": turns, "duration": len(owner) / RATE}
	fresh = folder / "truth.json.new"
	fresh.write_text(json.dumps(truth, indent="\t"))
	fresh.replace(folder / "truth.json")


def _make_meeting(folder, voices, lines, seed, pauses):
	rng, at, last = random.Random(seed), 0.6, None
	sound, turns = silence(at), []
	for text in lines:
		voice = rng.choice([voice for voice in voices if voice != last] or list(voices))
		last, samples = voice, say(text, voice)
		audible = [index for index in range(0, len(samples), 80) if abs(samples[index]) > 300]
		begin, end = at + audible[0] / RATE, at + audible[-1] / RATE
		turns.append({"start": round(begin, 3), "end": round(end, 3), "speaker": voice, "text": text})
		sound += samples + silence(rng.uniform(*pauses))
		at = len(sound) / RATE
	write_wav(folder / "meeting.wav", sound)
	fresh = folder / "truth.json.new"
	fresh.write_text(json.dumps(turns, indent="\t"))
	fresh.replace(folder / "truth.json")


if __name__ == "__main__":  # python tests/speech.py FOLDER: the calls as files, for a demo or an ear
	target = Path(sys.argv[1])
	target.mkdir(parents=True, exist_ok=True)
	for script_name in SCRIPTS:
		call = spoken_call(script_name)
		for kind in ("stereo", "leaking", "mono"):
			shutil.copy(getattr(call, kind), target / f"{script_name}_{kind}.wav")
		(target / f"{script_name}.rttm").write_text(call.rttm())
