"""Transcribes speech to timed words with faster-whisper.

The recording is read in pieces cut at silences; each piece's speech is packed into clips of half a minute that are transcribed in
batches, so that memory doesn't depend on the length of the recording. Silence is not transcribed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from .clips import Clip, Packer, find_speech, padded
from .gate import DominanceGate
from .languages import SURE, Languages
from .recognizer import Heard, Recognizer
from .speech import RATE, SpeechFiles
from .types import Gap, Word, warning

PIECE = 120.0  # seconds read at once


def transcribe(
	paths: Sequence[Path],
	model: str = "base",
	model_for: Mapping[str, str] | None = None,
	models: str | None = None,
	language: str | None = None,
	one_language: bool = False,
	hotwords: str | None = None,
	threads: int = 0,
	device: str = "auto",
	progress: Callable[[float], None] = lambda fraction: None,
) -> dict:
	"""paths: the speech files, two if each speaker has a channel; language: code, or None to detect it, for each stretch or once
	(one_language). model_for: {language: model} for calls that begin in these languages.

	-> as in words.json, with "speech": [[start, end, channel], ...] where voices were detected, and "gaps": the same for voices that
	were not understood. Raises EngineError.
	"""
	files = SpeechFiles(paths)
	gate = DominanceGate(files) if files.channels == 2 else None
	languages = Languages(language, one_language)
	recognizer = Recognizer(model, models, threads, languages, hotwords, model_for, device)
	speech, heard = [], Heard()
	for clips, spans, fraction in _batches(files, gate, lambda: recognizer.batch):
		speech += spans
		if clips:
			heard.add(recognizer.hear(clips))
		progress(fraction)
	heard.add(recognizer.rest())
	words = [word for word in heard.words if not _is_leak(word, gate)]
	gaps = [gap for gap in heard.gaps if not _is_leak(gap, gate)]
	words.sort(key=lambda word: (word.start, word.end))
	call, probability = languages.result()
	return {
		"language": call,
		"language_probability": probability,
		**recognizer.used,
		"words": [_as_json(word, call) for word in words],
		"gaps": [[gap.start, gap.end, gap.channel] for gap in sorted(gaps, key=lambda gap: gap.start)],
		"speech": [[round(start, 2), round(end, 2), channel] for start, end, channel in sorted(speech)],
		"warnings": [*recognizer.warnings, *_warnings(words, gaps, languages)],
	}


def _as_json(word: Word, call: str | None) -> dict:
	return {
		"start": round(word.start, 2),
		"end": round(word.end, 2),
		"text": word.text,
		"probability": round(word.probability, 3),
		"channel": word.channel,
		**({"glued": True} if word.glued else {}),
		**({"language": word.language} if word.language != call else {}),
	}


def _warnings(words: list[Word], gaps: list[Gap], languages: Languages) -> list[dict]:
	found = []
	call, probability = languages.result()
	if gaps:
		seconds = sum(gap.end - gap.start for gap in gaps)
		found.append(warning("not_understood", seconds=round(seconds, 1), places=len(gaps)))
	elif not words:
		found.append(warning("no_speech"))
	if words and probability is not None and probability < SURE:
		found.append(warning("language_uncertain", language=call, probability=probability))
	if mistaken := languages.mistaken:
		found.append(
			warning("other_language", language=mistaken[0], seconds=round(mistaken[1]), taken_for=call)
		)
	return found


def _batches(
	files: SpeechFiles, gate: DominanceGate | None, size: Callable[[], int]
) -> Iterator[tuple[list[Clip], list[tuple[float, float, int]], float]]:
	"""-> yields (clips to transcribe, spans of speech found [(start s, end s, channel)], fraction of the recording read)

	size: returns the number of clips per batch; called only when there is speech
	"""
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
		yield [], spans, done
		if not waiting:
			continue
		many = size()
		batches = len(waiting) // many
		for number in range(batches):
			yield waiting[:many], [], done + read * (number + 1) / batches
			del waiting[:many]
	waiting += [clip for packer in packers for clip in packer.rest()]
	while waiting:
		many = size()
		yield waiting[:many], [], 1.0
		del waiting[:many]


def _is_leak(said: Word | Gap, gate: DominanceGate | None) -> bool:
	if gate is None or said.channel is None:
		return False
	return gate.is_leak(said.channel, said.start, said.end)
