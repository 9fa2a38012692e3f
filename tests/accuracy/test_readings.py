"""Readings of a novel, from Debian's pocketsphinx-testdata, one after the other in one recording."""

import array
import wave

import pytest

from tests.accuracy.measures import wer
from tests.speech import LIBRIVOX, RATE, hear, librivox, silence, write_wav


@pytest.mark.skipif(not LIBRIVOX.exists(), reason="Debian's pocketsphinx-testdata is not installed")
def test_words(tmp_path):
	samples, said = silence(0.5), []
	for path, text in librivox():
		with wave.open(str(path)) as file:
			assert file.getframerate() == RATE
			samples += array.array("h", file.readframes(file.getnframes())) + silence(1)
		said.append(text)
	run = hear(write_wav(tmp_path / "reading.wav", samples), tmp_path / "w")
	assert run.exit == 0
	assert run.file("words.json")["language"] == "en"
	assert wer(" ".join(said), run.text) <= 5.0, run.text
