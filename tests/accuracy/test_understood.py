"""Speech becomes words or gaps: with repeated sentences, changes of language, or unintelligible speech."""

import array
import subprocess
import wave

import pytest

from tests.accuracy.measures import normal, wer
from tests.speech import RATE, hear, say, scaled, silence, write_wav

ENGLISH = (
	"Of course. I will send you an invitation with all the details tomorrow morning. "
	"Thank you very much for your patience, and have a nice day."
)
GERMAN = (
	"Guten Tag, ich rufe wegen der Lieferung an, die noch nicht angekommen ist. "
	"Wir haben sie schon am Montag erwartet."
)


def say_in_german(text, folder):
	"""-> array of int16 at 16 kHz, spoken by espeak-ng"""
	path, even = folder / "german.wav", folder / "even.wav"
	subprocess.run(["espeak-ng", "-v", "de+anika", "-s", "160", "-w", str(path), text], check=True)
	subprocess.run(
		["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(path), "-ar", str(RATE), str(even)], check=True
	)
	with wave.open(str(even)) as file:
		return array.array("h", file.readframes(file.getnframes()))


def spaced(parts, pause):
	samples = silence(0.5)
	for part in parts:
		samples += part + silence(pause)
	return samples


def test_sentences_that_repeat_themselves_are_all_written(tmp_path):
	numbers = ("one", "two", "three", "four", "five", "six")
	said = [
		f"Good morning, this is the front desk, you have reached room number {number}." for number in numbers
	]
	# the longest prompt leaves room for the answer
	hotwords = tmp_path / "hotwords.txt"
	hotwords.write_text("Grzegorz Brzęczyszczykiewicz, Świętosław Źdźbłowski, " * 20, encoding="utf-8")
	recording = write_wav(tmp_path / "again.wav", spaced([say(text) for text in said], 2.0))
	run = hear(recording, tmp_path / "w", "--diarizer", "off", "--hotwords", str(hotwords))
	assert run.exit == 0, run.events
	heard = normal(run.text)
	for digit in ("1", "2", "3", "4", "5", "6"):
		for word, number in zip(numbers, "123456", strict=True):
			heard = heard.replace(f"number {word}", f"number {number}")
		assert f"room number {digit}" in heard, run.text
	assert "not_understood" not in run.warnings


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory):
	folder = tmp_path_factory.mktemp("languages")
	german, english = say_in_german(GERMAN, folder), say(ENGLISH)
	samples = spaced([english, english, german, english, german], 0.8)
	return write_wav(folder / "call.wav", samples), folder


def test_each_language_is_written_in_its_own(two_languages):
	call, folder = two_languages
	run = hear(call, folder / "each", "--diarizer", "off")
	german = " ".join(u["text"] for u in run.utterances if u.get("language") == "de")
	english = " ".join(u["text"] for u in run.utterances if "language" not in u)
	assert run.file("words.json")["language"] == "en"
	assert wer(" ".join([ENGLISH] * 3), english) <= 5.0, run.text
	# the smallest model makes many mistakes in this voice; in the wrong language it recognises none of the words
	assert wer(" ".join([GERMAN] * 2), german) <= 40.0, run.text


def test_one_language_for_a_call_says_what_it_was_not(two_languages):
	call, folder = two_languages
	run = hear(call, folder / "one", "--diarizer", "off", "--one-language")
	assert not any("language" in utterance for utterance in run.utterances)
	given = hear(call, folder / "given", "--diarizer", "off", "--language", "de")
	assert given.file("words.json")["language"] == "de"
	assert given.warnings["other_language"]["language"] == "en"


def longest_without_words(start, end, utterances):
	"""Seconds of the longest stretch between start and end that no utterance and no gap covers"""
	longest, reached = 0, start
	for utterance in sorted(utterances, key=lambda utterance: utterance["start"]):
		longest = max(longest, min(utterance["start"], end) - reached)
		reached = max(reached, utterance["end"])
	return max(longest, end - reached)


def test_voice_without_sense_is_a_gap_or_words_and_never_nothing(tmp_path):
	"""Speech played backwards: a voice without intelligible words."""
	backwards = array.array("h", reversed(say(ENGLISH)))
	samples = spaced([say(ENGLISH), scaled(backwards, 0.8), say(ENGLISH)], 1.0)
	run = hear(write_wav(tmp_path / "call.wav", samples), tmp_path / "w", "--diarizer", "off")
	for start, end, _ in run.file("words.json")["speech"]:
		assert longest_without_words(start, end, run.utterances) <= 1.5, (start, end, run.utterances)
	gaps = [u for u in run.utterances if u.get("gap")]
	if gaps:
		assert run.warnings["not_understood"]["places"] == len(gaps)
	sensible = " ".join(u["text"] for u in run.utterances if not 9.5 < (u["start"] + u["end"]) / 2 < 19)
	assert wer(f"{ENGLISH} {ENGLISH}", sensible) <= 10.0
