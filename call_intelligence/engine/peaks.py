"""Computes a player's waveform on the server from the whole file."""

import base64

import numpy as np

PER_SECOND = 10
MOST = 72000  # two hours at ten per second; longer recordings get coarser peaks


class Peaks:
	"""Collects the loudest sample of each tenth of a second over all channels."""

	def __init__(self, rate: int) -> None:
		self._step = rate // PER_SECOND
		self._rest = np.zeros(0, np.int16)
		self._peaks = bytearray()

	def add(self, block: np.ndarray) -> None:
		"""block: int16[channels, n]"""
		loudest = np.maximum(np.maximum(block.max(axis=0), -np.maximum(block.min(axis=0), -32767)), 0)
		samples = np.concatenate([self._rest, loudest])
		whole = len(samples) // self._step * self._step
		self._peaks += (samples[:whole].reshape(-1, self._step).max(axis=1) >> 8).astype(np.uint8).tobytes()
		self._rest = samples[whole:]

	def as_json(self) -> dict:
		"""-> {"per_second", "count", "data": base64 of int8 0..127}"""
		if len(self._rest):
			self._peaks.append(int(self._rest.max()) >> 8)
			self._rest = self._rest[:0]
		values = np.frombuffer(bytes(self._peaks), np.int8)
		merge = -(-len(values) // MOST) if len(values) else 1
		if merge > 1:
			values = np.pad(values, (0, -len(values) % merge)).reshape(-1, merge).max(axis=1)
		return {
			"per_second": PER_SECOND / merge,
			"count": len(values),
			"data": base64.b64encode(values.tobytes()).decode(),
		}
