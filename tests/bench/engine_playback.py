"""Playback copies of recordings whose timing browsers don't keep: seconds of sound converted per second, and size
relative to the original, for calls of ten minutes (or the minutes on the command line); and the extra time of preparing.
"""

import tempfile
from pathlib import Path

from engine_common import minutes, recording, row, run_stages, speech

# kind of the call, format, its arguments
ORIGINALS = (
	("mono", "mp3", ("-q:a", "5")),
	("mono", "webm", ("-c:a", "libopus", "-b:a", "32k")),
	("mono", "wav", ("-c:a", "pcm_mulaw", "-ar", "8000")),
	("stereo", "ogg", ("-c:a", "libopus", "-b:a", "64k")),
	("stereo", "wma", ()),
)
LARGEST = 1.0  # MB a minute


def main():
	length = minutes(10)
	seconds = length * 60
	for kind, suffix, arguments in ORIGINALS:
		source = recording(length, kind, "flac")
		path = speech.converted(source, f"{kind}-{length:g}min.{suffix}", *arguments)
		with tempfile.TemporaryDirectory() as work:
			whole = run_stages(path, work, ["prepare"])["prepare"]["seconds"]
			copy = Path(work) / "playback.m4a"
			size = copy.stat().st_size
			# the same sound in a format that needs no copy
			plain = run_stages(copy, f"{work}/plain", ["prepare"])["prepare"]["seconds"]
		what = f"{length:g} min {kind} {suffix}"
		# decoding is part of both
		row(
			f"playback copy of {what}, a second of work makes",
			seconds / max(0.01, whole - plain),
			"s of sound",
		)
		row(f"playback copy of {what}, preparing with it", whole / seconds, "RTF")
		row(f"playback copy of {what}, bytes", size / path.stat().st_size, "times the original")
		row(f"playback copy of {what}, a minute", size / length / 1e6, "MB", LARGEST)


if __name__ == "__main__":
	main()
