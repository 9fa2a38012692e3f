"""Recordings of all kinds of containers and writers, with the expected sound at each second."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.media.ladder import RATE, ffmpeg, ladder

LENGTH = 30


@dataclass(frozen=True)
class Recording:
	name: str
	make: Callable
	"""(folder, Path to be made)"""
	truth: dict = field(default_factory=lambda: {second: second for second in range(LENGTH)})
	"""{second of the transcript: what it sounds like; None: silence}"""
	plain: bool = False
	"""whether players get it as it came"""


def encoded(*arguments, rate=44100):
	def make(folder, path):
		ffmpeg("-i", ladder(folder / "source.wav", LENGTH, rate=rate), *arguments, path)

	return make


def late(seconds, *arguments):
	"""Timestamps begin at `seconds`."""

	def make(folder, path):
		source = ladder(folder / "source.wav", LENGTH, rate=44100)
		ffmpeg("-i", source, *arguments, "-output_ts_offset", seconds, path)

	return make


def with_hole(begin, end, *arguments):
	"""Nothing between the two seconds"""

	def make(folder, path):
		source = ladder(folder / "source.wav", LENGTH, rate=44100)
		moved = f"asetpts='if(lt(T,{begin}),PTS,PTS+{end - begin}/TB)'"
		ffmpeg("-i", source, "-af", f"asetnsamples=882,{moved}", *arguments, path)

	return make


def joined(*arguments):
	"""`cat a b`, the second of which continues the ladder"""

	def make(folder, path):
		parts = b""
		for number in range(2):
			part = folder / f"part-{number}{path.suffix}"
			ffmpeg(
				"-i",
				ladder(folder / f"{number}.wav", LENGTH // 2, start=number * LENGTH // 2, rate=44100),
				*arguments,
				part,
			)
			parts += part.read_bytes()
		path.write_bytes(parts)

	return make


def short_header(folder, path):
	"""A wav file whose header gives half of its length"""
	data = bytearray(ladder(path, LENGTH).read_bytes())
	at = data.index(b"data") + 4
	data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") // 2).to_bytes(4, "little")
	path.write_bytes(data)


def one_after_another(folder, path):
	"""A track for each third of the ladder, at its time"""
	third = LENGTH // 3
	inputs, maps = [], []
	for number in range(3):
		source = ladder(
			folder / f"{number}.wav", third, start=number * third, rate=(44100, 16000, 48000)[number]
		)
		inputs += ["-itsoffset", number * third, "-i", source]
		maps += ["-map", number]
	ffmpeg(*inputs, *maps, path)


def video(*arguments, late=0):
	def make(folder, path):
		pictures = ("-f", "lavfi", "-i", f"testsrc=s=64x64:r=5:d={LENGTH + late}")
		ffmpeg(
			"-itsoffset",
			late,
			"-i",
			ladder(folder / "source.wav", LENGTH, rate=44100),
			*pictures,
			*arguments,
			path,
		)

	return make


def hole(begin, end):
	before = {second: second for second in range(begin)}
	silent = dict.fromkeys((begin + 1, (begin + end) // 2, end - 2))
	return before | silent | {end - begin + second: second for second in range(begin + 1, LENGTH)}


OPUS = ("-c:a", "libopus")
RECORDINGS = [
	Recording("pcm.wav", encoded(), plain=True),
	Recording("telephone.wav", encoded("-c:a", "pcm_mulaw", "-ar", "8000")),
	Recording("adpcm.wav", encoded("-c:a", "adpcm_ima_wav")),
	Recording("joined.wav", joined()),
	Recording("short-header.wav", short_header),
	Recording("a.flac", encoded(), plain=True),
	Recording("cbr.mp3", encoded("-b:a", "64k"), plain=True),
	Recording("cbr-bare.mp3", encoded("-b:a", "64k", "-write_xing", "0")),
	Recording("vbr.mp3", encoded("-q:a", "5")),
	Recording("vbr-bare.mp3", encoded("-q:a", "5", "-write_xing", "0")),
	Recording("joined.mp3", joined("-b:a", "64k")),
	Recording("joined-vbr.mp3", joined("-q:a", "5")),
	Recording("last.m4a", encoded(), plain=True),
	Recording("first.m4a", encoded("-movflags", "+faststart"), plain=True),
	Recording("16000.m4a", encoded(rate=RATE), plain=True),
	Recording("alac.m4a", encoded("-c:a", "alac")),
	Recording("late.m4a", late(4.087)),
	Recording("hole.m4a", with_hole(10, 15), hole(10, 15)),
	Recording(
		"fragments.mp4", encoded("-c:a", "aac", "-movflags", "empty_moov", "-frag_duration", "1000000")
	),
	Recording("vorbis.ogg", encoded()),
	Recording("opus.ogg", encoded(*OPUS)),
	Recording("late.ogg", late(1000, *OPUS)),
	Recording("chained.ogg", joined(*OPUS)),
	Recording("opus.webm", encoded(*OPUS)),
	Recording("live.webm", encoded(*OPUS, "-live", "1")),
	Recording("late.webm", late(1000, *OPUS)),
	Recording("hole.webm", with_hole(10, 15, *OPUS), hole(10, 15)),
	Recording("hold.webm", with_hole(20, 720, *OPUS), hole(20, 720)),
	Recording("pcm.mka", encoded("-c:a", "pcm_s16le")),
	Recording("a.aac", encoded()),
	Recording("a.wma", encoded()),
	Recording("three-tracks.m4a", one_after_another),
	Recording("three-tracks.mkv", one_after_another),
	# their sum is silent
	Recording("inverted.wav", encoded("-af", "pan=stereo|c0=c0|c1=-1*c0")),
	# on the channel that players leave out
	Recording("recorder.wav", encoded("-af", "pan=5.1|c3=c0")),
	Recording("pictures.mp4", video("-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart"), plain=True),
	Recording("pictures.webm", video("-c:v", "libvpx", *OPUS), plain=True),
	Recording(
		"late-sound.mp4",
		video("-c:v", "libx264", "-c:a", "aac", late=2),
		{0: None} | {second + 2: second for second in range(LENGTH)},
	),
	Recording(
		"late-sound.webm",
		video("-c:v", "libvpx", *OPUS, late=2),
		{0: None} | {second + 2: second for second in range(LENGTH)},
	),
	Recording("live-pictures.webm", video("-c:v", "libvpx", *OPUS, "-live", "1")),
]

# of telephone systems, cameras and studios
RECORDINGS += [
	Recording("a.w64", encoded()),
	Recording("a.aiff", encoded()),
	Recording("telephone.aiff", encoded("-c:a", "pcm_mulaw", "-ar", "8000", "-f", "aiff")),
	Recording("pcm.caf", encoded()),
	Recording("alac.caf", encoded("-c:a", "alac")),
	Recording("a.au", encoded()),
	Recording("telephone.au", encoded("-c:a", "pcm_mulaw", "-ar", "8000")),
	Recording("pcm.avi", encoded("-c:a", "pcm_s16le")),
	Recording("pictures.avi", video("-c:v", "mpeg4", "-c:a", "mp3", "-b:a", "64k")),
	Recording("sound.ts", encoded("-c:a", "aac")),
	Recording("pictures.ts", video("-c:v", "libx264", "-c:a", "aac")),
	Recording("camera.m2ts", video("-c:v", "libx264", "-c:a", "ac3")),
	Recording("a.ac3", encoded()),
	Recording("a.mp2", encoded()),
	# without a header: the file name of the test has the stated format
	Recording("raw.mulaw8000", encoded("-f", "mulaw", "-ar", "8000")),
	Recording("raw.alaw16000", encoded("-f", "alaw", "-ar", "16000")),
	Recording("raw.g72216000", encoded("-f", "g722", "-ar", "16000")),
]
NAMES = [recording.name for recording in RECORDINGS]
