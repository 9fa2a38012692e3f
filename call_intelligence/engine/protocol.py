"""The engine's events: JSON lines on stdout, one object each; none when used at a terminal."""

import json
import os
import sys
import threading
import time
import traceback
from typing import Any, TextIO

from .types import EngineError

BEAT = 4.0  # seconds; the parent process may take longer silence for a hang
OFTEN = 0.5  # seconds between two reports of progress at least


class Reporter:
	"""Writes events. With a stream for JSON lines it also repeats the last progress every BEAT seconds."""

	def __init__(self, stream: TextIO | None = None) -> None:
		self.stream = stream
		self.stage: str | None = None
		self._fraction = 0.0
		self._written = 0.0
		self._lock = threading.Lock()
		self._stop = threading.Event()
		if stream:
			threading.Thread(target=self._beat, daemon=True).start()

	def start(self, stage: str) -> None:
		self.stage, self._fraction = stage, 0.0
		self._write(event="stage", stage=stage, state="started")

	def progress(self, fraction: float) -> None:
		"""fraction: 0 to 1 of the running stage; it never decreases"""
		self._fraction = max(self._fraction, min(1.0, fraction))
		if time.monotonic() - self._written >= OFTEN:
			self._write(event="progress", stage=self.stage, fraction=round(self._fraction, 3))

	def warn(self, warning: dict) -> None:
		"""warning: {"code", "params"}"""
		self._write(event="warning", stage=self.stage, **warning)

	def done(self, seconds: float, peak_mb: int, result: str) -> None:
		stage, self.stage = self.stage, None
		self._write(event="done", stage=stage, seconds=round(seconds, 2), peak_mb=peak_mb, result=result)

	def error(self, error: EngineError) -> None:
		detail = error.detail
		if error.code == "internal" or error.__cause__:
			detail = (detail + "\n" + "".join(traceback.format_exception(error))).strip()
		self._write(
			event="error",
			stage=self.stage,
			code=error.code,
			params=error.params,
			detail=detail,
			retryable=error.retryable,
		)

	def result(self, utterances: dict) -> None:
		self._write(event="result", **utterances)

	def close(self) -> None:
		self._stop.set()

	def _beat(self) -> None:
		while not self._stop.wait(1.0):
			if self.stage and time.monotonic() - self._written >= BEAT:
				self._write(event="progress", stage=self.stage, fraction=round(self._fraction, 3))

	def _write(self, **event: Any) -> None:
		if not self.stream:
			return
		with self._lock:
			self._written = time.monotonic()
			self.stream.write(json.dumps(event, ensure_ascii=False) + "\n")
			self.stream.flush()


def private_stdout() -> TextIO:
	"""-> a stream on the real stdout; other output to stdout goes to stderr, so that libraries can't break the JSON lines."""
	stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
	os.dup2(2, 1)
	sys.stdout = sys.stderr
	return stream
