"""Terminal output: one line per step with its time, also for parallel steps."""

import os
import sys
import threading
import time


class Console:
	"""Prints lines; thread-safe. Uses colours only on a terminal that supports them."""

	def __init__(self, stream=None):
		self.stream = stream or sys.stdout
		self.started = time.monotonic()
		self._lock = threading.Lock()
		self._colour = self.stream.isatty() and "NO_COLOR" not in os.environ

	def paint(self, text: str, colour: str) -> str:
		codes = {"green": "32", "red": "31", "yellow": "33", "dim": "2", "bold": "1"}
		return f"\033[{codes[colour]}m{text}\033[0m" if self._colour else text

	def line(self, text: str = "") -> None:
		with self._lock:
			print(text, file=self.stream, flush=True)

	def title(self, text: str) -> None:
		self.line(self.paint(text, "bold"))

	def begin(self, what: str) -> None:
		self.line(self.paint(f"  .. {what}", "dim"))

	def done(self, what: str, seconds: float) -> None:
		self.line(f"  {self.paint('ok', 'green')} {what:<44} {seconds:7.1f} s")

	def failed(self, what: str, seconds: float) -> None:
		self.line(f"  {self.paint('!!', 'red')} {what:<44} {seconds:7.1f} s")

	def note(self, text: str) -> None:
		self.line(f"     {text}")

	def elapsed(self) -> float:
		"""Seconds since the command started."""
		return time.monotonic() - self.started
