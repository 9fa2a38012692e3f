"""The 16 kHz speech files that prepare writes and the other stages read piece by piece."""

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

RATE = 16000  # Hz, what Whisper, the voice detector and pyannote were trained on


class SpeechWriter:
	"""Writes one mono 16-bit wav file."""

	def __init__(self, path: str | Path) -> None:
		self.path = Path(path)
		self.samples = 0
		self._wave = wave.open(str(path), "wb")  # noqa: SIM115 close() is part of the contract
		self._wave.setparams((1, 2, RATE, 0, "NONE", ""))

	def write(self, samples: np.ndarray) -> None:
		"""samples: int16[n]"""
		self.samples += len(samples)
		self._wave.writeframesraw(samples.astype("<i2", copy=False).tobytes())

	def close(self) -> None:
		self._wave.close()


class SpeechFiles:
	"""One or two speech files of a recording, read in parallel; nothing is kept in memory."""

	def __init__(self, paths: Sequence[str | Path]) -> None:
		self.paths = [Path(path) for path in paths]
		self._offsets, lengths = [], []
		for path in self.paths:
			with wave.open(str(path), "rb") as file:
				assert file.getparams()[:3] == (1, 2, RATE), path
				lengths.append(file.getnframes())
				self._offsets.append(_data_offset(path))
		self.channels = len(self.paths)
		self.samples = min(lengths)
		self.duration = self.samples / RATE

	def read(self, start: int, count: int) -> np.ndarray:
		"""start, count: samples, limited to the file's length -> int16[channels, n]"""
		start, stop = max(0, start), min(self.samples, start + count)
		rows = [
			np.fromfile(path, "<i2", max(0, stop - start), offset=offset + 2 * start)
			for path, offset in zip(self.paths, self._offsets, strict=True)
		]
		return np.stack(rows)

	def mono(self, start: int, count: int) -> np.ndarray:
		"""The channels' mean -> float32[n] in -1..1"""
		return self.read(start, count).mean(axis=0, dtype=np.float32) / 32768

	def pieces(self, seconds: float, search: float = 30.0) -> Iterator[tuple[int, np.ndarray]]:
		"""Cut the recording into consecutive pieces of at most `seconds`, each cut at the quietest place of its last `search`
		seconds, so that no word is cut in two -> (start sample, int16[channels, n])"""
		start, size = 0, int(seconds * RATE)
		while start < self.samples:
			block = self.read(start, size)
			if start + block.shape[1] < self.samples:
				block = block[:, : _quietest(block, int(search * RATE))]
			yield start, block
			start += block.shape[1]


def _quietest(block: np.ndarray, search: int) -> int:
	"""-> the sample in the middle of the quietest 0.3 s of the last `search` samples of int16[channels, n]"""
	step = RATE // 50
	tail = block[:, block.shape[1] - search :]
	frames = tail[:, : tail.shape[1] // step * step].reshape(tail.shape[0], -1, step).astype(np.float32)
	loudness = np.convolve((frames**2).mean(axis=2).sum(axis=0), np.ones(15), mode="valid")
	return block.shape[1] - search + (int(loudness.argmin()) + 7) * step


def _data_offset(path: Path) -> int:
	"""-> bytes before the first sample of a wav file"""
	with path.open("rb") as file:
		head = file.read(4096)
	return head.index(b"data") + 8
