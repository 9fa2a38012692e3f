"""Many runs of the engine's command for the cost of one start: each in a process forked from one that has loaded the libraries.

Run by the engine's Python: reads [{"arguments": [...], "output": PATH}] from stdin, writes a result for each to stdout. In tests call run_all.
"""

import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 30  # for one run, wall time
SERVE = "--serve"


@dataclass
class Run:
	exit: int
	"""of the process, negative for a signal"""
	seconds: float
	hung: bool
	events: list[dict]
	errors: str
	"""stderr"""

	@property
	def error(self):
		"""The error event, or None"""
		return next((event for event in self.events if event["event"] == "error"), None)

	@property
	def warnings(self):
		"""{code: params}"""
		return {event["code"]: event["params"] for event in self.events if event["event"] == "warning"}


def run_all(runs, folder, seconds=SECONDS):
	"""runs: [arguments of the engine's command]; folder: for their output; seconds: limit for each -> [Run]"""
	from tests.speech import engine_python

	folder.mkdir()
	temporary = folder / "tmp"
	temporary.mkdir()
	jobs = [
		{"arguments": [*map(str, arguments)], "output": str(folder / str(number)), "seconds": seconds}
		for number, arguments in enumerate(runs)
	]
	done = subprocess.run(
		[str(engine_python()), str(Path(__file__).resolve())],
		input=json.dumps(jobs),
		capture_output=True,
		text=True,
		cwd=ROOT,
		env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
	)
	assert done.returncode == 0, done.stderr
	assert list(temporary.iterdir()) == []
	return [_run(job, told) for job, told in zip(jobs, json.loads(done.stdout), strict=True)]


def _run(job, told):
	lines = Path(f"{job['output']}.out").read_text(encoding="utf-8").splitlines()
	events = []
	for line in lines:
		with contextlib.suppress(ValueError):  # the last line of a killed run
			events.append(json.loads(line))
	errors = Path(f"{job['output']}.err").read_text(encoding="utf-8", errors="replace")
	return Run(events=events, errors=errors, **told)


def _forked(job):
	"""-> {"exit", "seconds", "hung"}"""
	started = time.monotonic()
	child = os.fork()
	if not child:
		_be_the_engine(job)
	hung = False
	while True:
		ended, status = os.waitpid(child, os.WNOHANG)
		if ended:
			break
		if not hung and time.monotonic() - started > job["seconds"]:
			hung = True
			os.kill(child, signal.SIGKILL)
		time.sleep(0.005)
	return {
		"exit": os.waitstatus_to_exitcode(status),
		"seconds": round(time.monotonic() - started, 2),
		"hung": hung,
	}


def _be_the_engine(job):
	from call_intelligence.engine.__main__ import main

	code = 99
	try:
		for descriptor, suffix in ((1, "out"), (2, "err")):
			target = os.open(f"{job['output']}.{suffix}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
			os.dup2(target, descriptor)
		code = main(job["arguments"])
	except SystemExit as leaving:
		code = leaving.code
	except BaseException:
		sys.excepthook(*sys.exc_info())
	finally:
		sys.stderr.flush()
		os._exit(code)


class Server:
	"""A process of the engine's Python that has loaded all libraries, which takes seconds, and forks one for each run. Ends with this
	process."""

	def __init__(self):
		from tests.speech import engine_python

		self.process = subprocess.Popen(
			[str(engine_python()), str(Path(__file__).resolve()), SERVE],
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			text=True,
			cwd=ROOT,
			# as the engine's command sets them before it imports the libraries
			env={
				**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "PYANNOTE_METRICS_ENABLED": "false",
			},
		)  # fmt: skip

	def run(self, arguments, folder, seconds) -> Run:
		"""folder: for the output; seconds: limit"""
		job = {
			"arguments": [*map(str, arguments)],
			"output": str(folder / "run"),
			"seconds": seconds,
		}
		print(json.dumps(job), file=self.process.stdin, flush=True)
		return _run(job, json.loads(self.process.stdout.readline()))


@functools.cache
def server() -> Server:
	return Server()


def _serve():
	# before torch, as in the engine
	import faster_whisper  # noqa: F401
	from pyannote.audio.pipelines.speaker_diarization import SpeakerDiarization  # noqa: F401

	from call_intelligence.engine import stages  # noqa: F401

	for line in sys.stdin:
		print(json.dumps(_forked(json.loads(line))), flush=True)


if __name__ == "__main__" and sys.argv[1:] == [SERVE]:
	_serve()
elif __name__ == "__main__":
	from call_intelligence.engine import cut, prepare  # noqa: F401 loaded once for all

	json.dump([_forked(job) for job in json.load(sys.stdin)], sys.stdout)
