"""WebKitGTK's own small browser, without a driver, and its sound card's output.

The sound card is recorded, since WebAudio of WebKitGTK returns sound about a second after the player's time.
"""

import array
import contextlib
import os
import subprocess
import threading
import time
from bisect import bisect
from pathlib import Path

from devbench import debian
from tests.media.ladder import frequency
from tests.media.programs import running, sound_card

RATE = 44100
BLOCK, STEP = 0.015, 0.005  # seconds of each measurement, and the step between measurements


def program() -> str | None:
	path = debian.library("webkit2gtk-4.*/MiniBrowser")
	return path and str(path)


@contextlib.contextmanager
def opened(address: str, folder: Path):
	"""A browser that shows the page at `address` -> Listener; folder: for its files"""
	screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"]
	with (
		sound_card(folder) as environment,
		running(screen, environment, stdout=subprocess.PIPE) as xvfb,
		_listener(environment) as listener,
	):
		number = xvfb.stdout.readline().decode().strip()
		assert number, "Xvfb does not start"
		browser = [program(), "--autoplay-policy=allow", address]
		with running(browser, {**environment, "DISPLAY": f":{number}"}):
			yield listener


@contextlib.contextmanager
def _listener(environment):
	command = [
		*("parec", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=20"),
		*("--device", "@DEFAULT_MONITOR@"),
	]
	with running(command, environment, stdout=subprocess.PIPE) as parec:
		listener = Listener()
		thread = threading.Thread(target=listener.listen, args=[parec.stdout])
		thread.start()
		try:
			yield listener
		finally:
			parec.terminate()
			thread.join()


class Listener:
	"""Records the sound card, from its start"""

	def __init__(self):
		self._sound = bytearray()
		self._began = float("inf")

	def listen(self, stream):
		while heard := os.read(stream.fileno(), 65536):
			self._sound += heard
			# all of it has sounded by now; the smallest delay gives the best estimate of its start
			self._began = min(self._began, time.time() - len(self._sound) / 2 / RATE)

	def blocks(self, marks: list[tuple[float, float]]) -> list[tuple[float, float]]:
		"""marks: [(seconds since 1970, player's time)], in order -> [(player's time, Hz)] between the first and the last"""
		clock = [told for told, _time in marks]
		first = round((clock[0] - self._began) * RATE)
		last = round((clock[-1] - self._began) * RATE)
		sound = array.array("h", bytes(self._sound[2 * first : 2 * (last + round(BLOCK * RATE))]))
		found = []
		for start in range(0, last - first, round(STEP * RATE)):
			heard = frequency(sound[start : start + round(BLOCK * RATE)], RATE)
			if heard is None:
				continue
			moment = clock[0] + start / RATE
			told, time_then = marks[bisect(clock, moment) - 1]
			found.append((time_then + moment - told, heard))
		return found
