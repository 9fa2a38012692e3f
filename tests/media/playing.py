"""A page that plays recordings in a browser, its server, and the evaluation of its results."""

import contextlib
import json
import queue
import statistics
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import dropwhile

from tests.media.ladder import RATE, TONES, frequency, tone
from tests.media.programs import SECONDS
from tests.media.recordings import RECORDINGS

BLOCK, STEP = 0.022, 0.005  # seconds; as long as those that a browser gives
# seconds to seek to, forwards and backwards; each plays until the tone after the next whole second
SEEKS = (3.6, 21.6, 26.6, 9.6)


class Served(SimpleHTTPRequestHandler):
	"""Files with byte ranges, as served by the site"""

	def log_message(self, *_):
		"""Requests are not logged to the terminal."""

	def do_GET(self):
		asked = self.headers.get("Range")
		path = self.translate_path(self.path)
		if not asked or not path.endswith((".wav", ".mp3", ".m4a", ".mp4", ".flac", ".webm")):
			return super().do_GET()
		with open(path, "rb") as file:
			data = file.read()
		first, last = asked.removeprefix("bytes=").split("-")
		first, last = int(first), min(int(last or len(data)), len(data) - 1)
		self.send_response(206)
		self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
		self.send_header("Content-Type", self.guess_type(path))
		self.send_header("Content-Length", str(last + 1 - first))
		self.send_header("Accept-Ranges", "bytes")
		self.end_headers()
		self.wfile.write(data[first : last + 1])
		return None

	def do_POST(self):
		"""Receives the page's result"""
		self.server.said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
		self.send_response(204)
		self.end_headers()


@contextlib.contextmanager
def served(root):
	"""-> (address of the folder, queue of results)"""
	with ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, directory=root)) as server:
		server.said = queue.Queue()
		threading.Thread(target=server.serve_forever, daemon=True).start()
		try:
			yield f"http://127.0.0.1:{server.server_port}", server.said
		finally:
			server.shutdown()


def address_of(prepared, name):
	"""URL of the playable file of the recording"""
	path = prepared[name][0]
	copy = next((path.parent / "work").glob("playback.*"), path)
	return f"/{copy.relative_to(path.parent.parent)}"


def answer_of(browser, root, script, arguments, new_folder, attempts=1):
	"""Runs the script's function in a page of the browser -> (its result, the result of `browser.opened`)

	root: folder to serve; new_folder(): for the browser's files; attempts: browsers started until one returns
	sound. A browser that hangs says nothing about the times of what it plays.
	"""
	for attempt in range(1, attempts + 1):
		try:
			return _answer(browser, root, script, arguments, new_folder())
		except (queue.Empty, AssertionError):
			if attempt == attempts:
				raise


def _answer(browser, root, script, arguments, folder):
	name = f"{folder.name}.html"
	tell = 'answer => fetch("/", { method: "POST", body: JSON.stringify(answer) })'
	(root / name).write_text(
		f"<!doctype html><title>Listening</title><script>({script})({json.dumps(arguments)}).catch(String).then({tell})</script>"
	)
	with served(root) as (address, said), browser.opened(f"{address}/{name}", folder) as given:
		answer = said.get(timeout=SECONDS)
	assert isinstance(answer, list), answer
	return answer, given


def delay(blocks, second, truth):
	"""Seconds on the player's clock from the beginning of `second` to where its tone starts; None if it does not"""
	before, after = truth[second - 1] % TONES, truth[second] % TONES
	tones = [(time, tone(heard)) for time, heard in blocks]
	earlier = list(dropwhile(lambda block: block[1] != before, tones))
	return next((time - second for time, now in earlier if now == after), None)


def transcribed(samples):
	"""int16[n] at RATE Hz of what is transcribed -> as `played` by a browser whose clock is exact"""
	found = []
	for seek in SEEKS:
		times = [seek + number * STEP for number in range(round(1 / STEP))]
		heard = [(t, frequency(samples[round(t * RATE) : round((t + BLOCK) * RATE)], RATE)) for t in times]
		found.append([block for block in heard if block[1]])
	return {"found": found}


def delays(played, recording):
	"""{second that was played: delay} of those whose sound differs from the one before"""
	truth = recording.truth
	found = zip([int(seek) + 1 for seek in SEEKS], played[recording.name]["found"], strict=True)
	return {
		second: delay(blocks, second, truth)
		for second, blocks in found
		if truth.get(second - 1) is not None and truth.get(second) is not None
	}


def usual(played):
	"""In every file the sound comes slightly after the player's time."""
	some = [recording for recording in RECORDINGS if recording.name in played]
	found = [delay for recording in some for delay in delays(played, recording).values()]
	return statistics.median(delay for delay in found if delay is not None)
