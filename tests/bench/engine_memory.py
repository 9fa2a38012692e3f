"""Peak memory of each stage for mp3 recordings of 0.5, 1 and 3 hours (or the hours on the command line): constant,
at most 1.5 GB transcribing and 2 GB diarizing."""

import sys
import tempfile

from engine_common import recording, row, run_stages

LIMITS = {"prepare": None, "transcribe": 1500, "diarize": 2000}  # MB


def main():
	for hours in [float(text) for text in sys.argv[1:]] or [0.5, 1.0, 3.0]:
		path = recording(hours * 60, "mono")
		with tempfile.TemporaryDirectory() as work:
			done = run_stages(path, work, LIMITS)
		for stage, limit in LIMITS.items():
			row(f"{stage}, peak memory, {hours:g} h mp3", done[stage]["peak_mb"], "MB", limit)
			row(f"{stage}, {hours:g} h mp3", done[stage]["wall"] / (hours * 3600), "RTF")


if __name__ == "__main__":
	main()
