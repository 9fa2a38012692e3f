"""What a browser plays at a time, after a seek and played through, is what the transcript has there."""

import contextlib
import json
import queue
import statistics
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import dropwhile

import pytest

from tests.media import firefox
from tests.media.ladder import LOWEST, STEP, TONES
from tests.media.recordings import NAMES, RECORDINGS

LEEWAY = 0.05
# seconds that are gone to, forwards and backwards; each is played until the tone after the next whole second
SEEKS = (3.6, 21.6, 26.6, 9.6)
AT_ONCE = 6
# an original of each kind that is played as it came, and copies of what browsers count in other ways
IN_FIREFOX = (
	"pcm.wav",
	"a.flac",
	"cbr.mp3",
	"first.m4a",
	"vbr-bare.mp3",
	"late.webm",
	"a.aac",
	"three-tracks.m4a",
)

LISTEN = """async ([addresses, seeks]) => {
	const context = new AudioContext();
	await context.resume();
	const wait = (target, event) => new Promise((done, failed) => {
		target.addEventListener(event, done, { once: true });
		target.addEventListener("error", () => failed(new Error(`${target.src}: ${target.error?.message}`)), { once: true });
	});

	// -> [time by the player, Hz] of blocks of a few milliseconds
	async function heard(address) {
		const audio = new Audio(address);
		await wait(audio, "canplay");
		const tap = context.createScriptProcessor(1024, 1, 1);
		context.createMediaElementSource(audio).connect(tap);
		tap.connect(context.destination);
		let blocks = null;
		tap.onaudioprocess = ({ inputBuffer, playbackTime }) => {
			const rising = [];
			const sound = inputBuffer.getChannelData(0);
			for (let i = 1; i < sound.length; i++) if (sound[i - 1] < 0 && sound[i] >= 0) rising.push(i);
			const periods = rising.length - 1;
			// the block is told of a little later than it is played
			const time = audio.currentTime - (context.currentTime - playbackTime);
			if (blocks && periods > 2)
				blocks.push([time, (periods * context.sampleRate) / (rising[periods] - rising[0])]);
		};
		const found = [];
		for (const seek of seeks) {
			audio.currentTime = seek;
			await wait(audio, "seeked");
			blocks = [];
			await audio.play();
			while (audio.currentTime < seek + 0.8 && !audio.ended) await new Promise((done) => setTimeout(done, 20));
			audio.pause();
			found.push(blocks);
			blocks = null;
		}
		return { length: audio.duration, found };
	}
	return Promise.all(addresses.map(heard));
}"""


class Served(SimpleHTTPRequestHandler):
	"""Files with byte ranges, as the site serves them"""

	def log_message(self, *_):
		"""Requests are not written to the terminal."""

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
		"""What a page has to say"""
		self.server.said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
		self.send_response(204)
		self.end_headers()


@contextlib.contextmanager
def served(root):
	"""-> (address of the folder, queue of what pages say)"""
	with ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, directory=root)) as server:
		server.said = queue.Queue()
		threading.Thread(target=server.serve_forever, daemon=True).start()
		try:
			yield f"http://127.0.0.1:{server.server_port}", server.said
		finally:
			server.shutdown()


def address_of(prepared, name):
	"""Of what players get of the recording"""
	path = prepared[name][0]
	copy = path.parent / "work" / "playback.m4a"
	return f"/{(copy if copy.exists() else path).relative_to(path.parent.parent)}"


@pytest.fixture(scope="module")
def played(prepared, _browser):
	"""{name: what was heard of what players get of the recording}"""
	root = next(iter(prepared.values()))[0].parent.parent
	(root / "index.html").write_text("<!doctype html><title>Listening</title>")
	found = {}
	with served(root) as (address, _said):
		page = _browser.new_page()
		page.goto(f"{address}/")
		names = list(prepared)
		for start in range(0, len(names), AT_ONCE):
			some = names[start : start + AT_ONCE]
			addresses = [address_of(prepared, name) for name in some]
			found |= zip(some, page.evaluate(LISTEN, [addresses, SEEKS]), strict=True)
		page.close()
	return found


@pytest.fixture(scope="module")
def played_in_firefox(prepared, tmp_path_factory):
	"""The same, of some recordings"""
	if not firefox.program():
		pytest.skip("needs Firefox: apt-get install firefox-esr pulseaudio")
	root = next(iter(prepared.values()))[0].parent.parent
	asked = json.dumps([[address_of(prepared, name) for name in IN_FIREFOX], SEEKS])
	tell = 'heard => fetch("/", { method: "POST", body: JSON.stringify(heard) })'
	(root / "firefox.html").write_text(
		f"<!doctype html><title>Listening</title><script>({LISTEN})({asked}).catch(String).then({tell})</script>"
	)
	with (
		served(root) as (address, said),
		firefox.opened(f"{address}/firefox.html", tmp_path_factory.mktemp("firefox")),
	):
		answer = said.get(timeout=firefox.SECONDS)
	assert isinstance(answer, list), answer
	return dict(zip(IN_FIREFOX, answer, strict=True))


def delay(blocks, second, truth):
	"""Seconds by the player from the beginning of `second` to where its tone follows the one before; None where it does not"""
	before, after = truth[second - 1] % TONES, truth[second] % TONES
	tones = [(time, round((frequency - LOWEST) / STEP) % TONES) for time, frequency in blocks]
	earlier = list(dropwhile(lambda block: block[1] != before, tones))
	return next((time - second for time, tone in earlier if tone == after), None)


def delays(played, recording):
	"""{second that was played: delay} of those that begin with another sound than the one before"""
	truth = recording.truth
	found = zip([int(seek) + 1 for seek in SEEKS], played[recording.name]["found"], strict=True)
	return {
		second: delay(blocks, second, truth)
		for second, blocks in found
		if truth.get(second - 1) is not None and truth.get(second) is not None
	}


def usual(played):
	"""The sound comes out a little after the time that the player tells, of every file."""
	some = [recording for recording in RECORDINGS if recording.name in played]
	found = [delay for recording in some for delay in delays(played, recording).values()]
	return statistics.median(delay for delay in found if delay is not None)


def check(played, recording):
	late, found = usual(played), delays(played, recording)
	assert found
	# less than half a second is played before and after: a seek that leads elsewhere finds no change
	assert None not in found.values(), found
	# on a busy machine the browser's clock may be read late, but a file that is shifted is shifted at each second
	assert min(abs(delay - late) for delay in found.values()) <= LEEWAY, (found, late)
	assert played[recording.name]["length"] == pytest.approx(max(recording.truth) + 1, abs=0.2)


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_a_browser_plays_what_the_transcript_says(played, recording):
	check(played, recording)


@pytest.mark.parametrize("name", IN_FIREFOX)
def test_firefox_does_so_too(played_in_firefox, name):
	check(played_in_firefox, next(recording for recording in RECORDINGS if recording.name == name))
