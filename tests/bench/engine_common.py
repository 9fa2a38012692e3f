"""Helpers of the engine's benchmarks: recordings of any length, runs of the engine, and result rows.

Run one with the engine's interpreter, nothing else running: ENGINE_PY tests/bench/engine_transcribe.py [MINUTES]
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests import speech  # noqa: E402


def minutes(default):
	"""Length of the recording -> float, from the command line"""
	return float(sys.argv[1]) if len(sys.argv) > 1 else default


def recording(length, kind="mono", suffix="mp3"):
	"""Two calls repeated for `length` minutes, in `kind` ("mono", "stereo", "leaking") -> Path"""
	both = [getattr(speech.spoken_call(name), kind) for name in speech.SCRIPTS]
	listed = speech.CACHE / f"both-{kind}.wav"
	if not listed.exists():
		inputs = [part for path in both for part in ("-i", str(path))]
		subprocess.run(
			[
				"ffmpeg",
				"-nostdin",
				"-v",
				"error",
				"-y",
				*inputs,
				"-filter_complex",
				f"concat=n={len(both)}:v=0:a=1",
				str(listed),
			],
			check=True,
		)
	return speech.looped(listed, length * 60, f"{kind}-{length:g}min.{suffix}", "-b:a", "64k")


def run_stages(path, work, stages, *arguments):
	"""Runs the engine, a process per stage as in the app -> {stage: {"seconds", "peak_mb", "wall"}}; seconds exclude the start of
	the process, wall includes it"""
	done = {}
	for stage in stages:
		started = time.monotonic()
		answer = subprocess.run(
			[
				str(speech.engine_python()),
				"-m",
				"call_intelligence.engine",
				str(path),
				"--json",
				"--work",
				str(work),
				"--stage",
				stage,
				*arguments,
			],
			capture_output=True,
			text=True,
			cwd=ROOT,
			env={**os.environ, "PYTHONPATH": str(ROOT)},
		)
		if answer.returncode:
			sys.exit(answer.stdout[-2000:] + answer.stderr[-2000:])
		event = next(e for e in map(json.loads, answer.stdout.splitlines()) if e["event"] == "done")
		done[stage] = {**event, "wall": time.monotonic() - started}
	return done


def row(name, value, unit, limit=None):
	"""Prints one row: {"name", "value", "unit", "limit", "ok"}; ok if the value is at most the limit"""
	value = round(value, 3)
	print(
		json.dumps(
			{
				"name": name,
				"value": value,
				"unit": unit,
				"limit": limit,
				"ok": limit is None or value <= limit,
			}
		),
		flush=True,
	)
