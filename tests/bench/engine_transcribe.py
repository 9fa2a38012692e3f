"""The transcription stage against plain faster-whisper, batched, on the same file; at most 1.05 times its time.

Each runs in a separate process, including loading the model; the faster of two runs counts. Language `auto` for both.
"""

import subprocess
import tempfile
import time
from pathlib import Path

from engine_common import minutes, recording, row, run_stages, speech

PLAIN = """
import sys
from faster_whisper import BatchedInferencePipeline, WhisperModel
import os
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=len(os.sched_getaffinity(0)))
segments, info = BatchedInferencePipeline(model).transcribe(sys.argv[2], batch_size=4, word_timestamps=True)
print(sum(len(segment.words) for segment in segments))
"""


def main():
	length = minutes(10)
	path = recording(length)
	model = speech.engine_home() / "models" / "whisper" / "base"
	with tempfile.TemporaryDirectory() as work:
		run_stages(path, work, ["prepare"])
		ours, plain = [], []
		for _ in range(2):
			ours.append(run_stages(path, work, ["transcribe"])["transcribe"]["wall"])
			started = time.monotonic()
			subprocess.run(
				[str(speech.engine_python()), "-c", PLAIN, str(model), str(path)],
				check=True,
				stdout=subprocess.DEVNULL,
			)
			plain.append(time.monotonic() - started)
	seconds = length * 60
	row(f"plain faster-whisper batched, RTF, {length:g} min mono", min(plain) / seconds, "RTF")
	row(f"transcription stage, RTF, {length:g} min mono", min(ours) / seconds, "RTF")
	row(
		f"transcription stage / plain faster-whisper batched, {length:g} min mono",
		min(ours) / min(plain),
		"times",
		1.05,
	)


if __name__ == "__main__":
	Path(speech.CACHE).mkdir(parents=True, exist_ok=True)
	main()
