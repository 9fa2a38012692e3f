"""Speech to timed words with faster-whisper.

The recording is read in pieces cut at silences; each piece's speech is packed into clips of half a minute that are transcribed
in batches, so memory stays flat however long the recording is. Nothing is transcribed where nobody speaks.
"""

import re

import numpy as np

from .align import WITHOUT_SPACES
from .clips import Packer, find_speech, padded
from .gate import DominanceGate
from .models import load_whisper
from .speech import RATE, SpeechFiles
from .types import Word, warning

PIECE = 120.0  # seconds read at once
BATCH = 4  # clips at once; more gains nothing on few cores and takes memory
LANGUAGE_SURE = 0.5
LOOKS = 4  # clips that are listened to, at most, to tell the language
HOTWORDS_LENGTH = 600  # characters; Whisper's prompt is short

# Whisper's own signs of a failed decoding (its paper, section 4.5): text that repeats itself, text that it doubts.
REPEATS = 2.4
DOUBTFUL = -1.0
NO_SPEECH = 0.6


def transcribe(
	paths, model="base", models=None, language=None, hotwords=None, threads=0, progress=lambda fraction: None
):
	"""paths: the speech files, two when each speaker has a channel; language: code, or None to detect it.

	-> dict as in words.json, with "speech": [[start, end, channel], ...] where voices were heard. Raises EngineError.
	"""
	files = SpeechFiles(paths)
	gate = DominanceGate(files) if files.channels == 2 else None
	recognizer = _Recognizer(model, models, threads, language, hotwords)
	speech, words = [], []
	for clips, spans, fraction in _batches(files, gate):
		speech += spans
		if clips:
			words += recognizer.words(clips)
		progress(fraction)
	words = [word for word in words if _is_heard(word, gate)]
	words.sort(key=lambda word: (word.start, word.end))
	return {
		"language": recognizer.language,
		"language_probability": recognizer.language_probability,
		"model": str(model),
		"words": [
			{
				"start": round(word.start, 2),
				"end": round(word.end, 2),
				"text": word.text,
				"probability": round(word.probability, 3),
				"channel": word.channel,
			}
			for word in words
		],
		"speech": [[round(start, 2), round(end, 2), channel] for start, end, channel in sorted(speech)],
		"warnings": recognizer.warnings if words else [warning("no_speech")],
	}


def _batches(files, gate):
	"""-> yields (clips to transcribe, spans of speech found [(start s, end s, channel)], fraction of the recording read)"""
	packers = [Packer(channel) for channel in range(files.channels)]
	waiting = []
	for start, block in files.pieces(PIECE):
		audio = gate.apply(start, block) if gate else block.astype(np.float32) / 32768
		spans = []
		for channel, samples in enumerate(audio):
			found = find_speech(samples)
			spans += [((start + a) / RATE, (start + b) / RATE, channel) for a, b in found]
			for (a, b), (low, high) in zip(padded(found, len(samples)), found, strict=True):
				waiting += packers[channel].add(start + a, samples[a:b].copy(), (start + low, start + high))
		done, read = start / files.samples, block.shape[1] / files.samples
		batches = len(waiting) // BATCH
		yield [], spans, done
		for number in range(batches):
			yield waiting[:BATCH], [], done + read * (number + 1) / batches
			del waiting[:BATCH]
	waiting += [clip for packer in packers for clip in packer.rest()]
	while waiting:
		yield waiting[:BATCH], [], 1.0
		del waiting[:BATCH]


class _Recognizer:
	"""The model, loaded when the first speech comes; the language, settled once for the whole recording."""

	def __init__(self, model, models, threads, language, hotwords):
		self._ask = (model, models, threads)
		self._model = None
		self.language, self.language_probability = language, 1.0 if language else None
		self._hotwords = (hotwords or "").strip()[:HOTWORDS_LENGTH] or None
		self.warnings = []

	def words(self, clips):
		"""-> list of Word, on the recording's timeline"""
		if self._model is None:
			self._load()
		if self.language is None:
			self._detect_language(clips)
		if len(clips) == 1:
			return self._one_by_one(clips[0])
		audio, at, bounds = np.concatenate([clip.audio for clip in clips]), 0, []
		for clip in clips:
			bounds.append({"start": at / RATE, "end": (at + clip.samples) / RATE})
			at += clip.samples
		segments, _ = self._batched.transcribe(
			audio, clip_timestamps=bounds, batch_size=BATCH, temperature=[0.0], **self._options()
		)
		heard = {}
		for segment in segments:
			number = max(
				i for i, bound in enumerate(bounds) if bound["start"] - 0.01 <= segment.seek / 100 or i == 0
			)
			heard.setdefault(number, []).append(segment)
		words = []
		for number, clip in enumerate(clips):
			found = heard.get(number, [])
			if any(_failed(segment) for segment in found):
				# Batches have no second try at another temperature; alone, the clip gets it.
				words += self._one_by_one(clip)
			else:
				words += self._placed(found, clip, bounds[number]["start"])
		return words

	def _one_by_one(self, clip):
		segments, _ = self._model.transcribe(
			clip.audio,
			vad_filter=False,
			condition_on_previous_text=False,
			**self._options(without_timestamps=False),
		)
		return self._placed([s for s in segments if not _failed(s)], clip, 0.0)

	def _options(self, without_timestamps=True):
		return {
			"language": self.language,
			"word_timestamps": True,
			"hotwords": self._hotwords,
			"without_timestamps": without_timestamps,
			"no_speech_threshold": NO_SPEECH,
			"log_prob_threshold": DOUBTFUL,
			"compression_ratio_threshold": REPEATS,
		}

	def _load(self):
		from faster_whisper import BatchedInferencePipeline

		self._model = load_whisper(*self._ask)
		self._batched = BatchedInferencePipeline(self._model)
		if not self._model.model.is_multilingual:
			self.language, self.language_probability = "en", 1.0
		elif self.language and self.language not in self._model.supported_languages:
			self.language = self.language_probability = None  # detected instead

	def _detect_language(self, clips):
		"""Listen to the longest clips until the language is clear, at most LOOKS."""
		chances, looks = {}, 0
		for clip in sorted(clips, key=lambda clip: -clip.samples)[:LOOKS]:
			_, _, all_chances = self._model.detect_language(clip.audio)
			looks += 1
			for code, chance in all_chances:
				chances[code] = chances.get(code, 0.0) + chance
			if max(chances.values()) / looks > 0.8:
				break
		self.language = max(chances, key=chances.get)
		self.language_probability = round(chances[self.language] / looks, 3)
		if self.language_probability < LANGUAGE_SURE:
			self.warnings.append(
				warning("language_uncertain", language=self.language, probability=self.language_probability)
			)

	def _placed(self, segments, clip, offset):
		words = []
		for segment in segments:
			if segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < DOUBTFUL:
				continue
			for heard in segment.words or []:
				text = heard.word.strip()
				if not text:
					continue
				start, end = clip.place(heard.start - offset, heard.end - offset)
				glued = not heard.word.startswith(" ") and self.language not in WITHOUT_SPACES
				if words and glued and start - words[-1].end < 0.5:
					last = words[-1]  # "15" and "%", "e" and "-mail": one word to a reader
					last.text, last.end = last.text + text, max(last.end, end)
					last.probability = min(last.probability, heard.probability)
				elif re.search(r"\w", text):
					words.append(Word(start, end, text, heard.probability, clip.channel))
				elif words:
					words[-1].text += text
		return words


def _failed(segment):
	return segment.compression_ratio > REPEATS or (
		segment.avg_logprob < DOUBTFUL and segment.no_speech_prob <= NO_SPEECH
	)


def _is_heard(word, gate):
	return not (gate and gate.is_leak(word.channel, word.start, word.end))
