"""python -m call_intelligence.engine FILE [--json]: transcribe a recording with its speakers.

With --cut START END --work DIR: write that part of the sound to DIR/part.m4a instead.
"""

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Sequence
from typing import Any, TextIO

from . import limits, stages
from .models import is_on_hub
from .protocol import Reporter, private_stdout
from .types import EngineError

OK, REFUSED, MISCONFIGURED = 0, 3, 4


def main(argv: list[str] | None = None) -> int:
	parser = _parser()
	options = parser.parse_args(argv)
	if options.cut:
		_check_cut(parser, options)
	models = [options.model, *options.model_for.values()]
	on_hub = any(is_on_hub(name, options.models) for name in models) or is_on_hub(options.diarization_model)
	if not on_hub:
		os.environ["HF_HUB_OFFLINE"] = "1"  # read when the libraries are imported
	os.environ["PYANNOTE_METRICS_ENABLED"] = "false"
	if options.threads:
		os.environ["OMP_NUM_THREADS"] = str(options.threads)
	if options.json:
		limits.die_with_parent()
	out = private_stdout()
	reporter = Reporter(out if options.json else None)
	try:
		# downloaded models are larger than any file made from a recording
		limits.apply(options.memory_mb, options.cpu_seconds, None if on_hub else options.file_mb)
		if options.work:
			os.makedirs(options.work, exist_ok=True)
			_run(options, reporter, out)
		else:
			with tempfile.TemporaryDirectory(prefix="call-intelligence-") as options.work:
				_run(options, reporter, out)
	except EngineError as error:
		return _refuse(error, options, reporter)
	except Exception as error:
		wrapped = EngineError("internal", f"{type(error).__name__}: {error}")
		wrapped.__cause__ = error
		return _refuse(wrapped, options, reporter)
	finally:
		reporter.close()
		out.flush()
	return OK


def _check_cut(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
	start, end = options.cut
	if not (math.isfinite(start) and math.isfinite(end) and 0 <= start < end):
		parser.error("--cut: START must come before END, and not before 0")
	if options.stage:
		parser.error("--cut is no stage of the transcription: leave out --stage")
	if not options.work:
		parser.error("--cut: say with --work where the part belongs")


def _run(options: argparse.Namespace, reporter: Reporter, out: TextIO) -> None:
	if options.cut:
		stages.run(stages.CUT, options, reporter)
		return
	wanted = options.stage or list(stages.STAGES)
	keeps_work = not os.path.basename(options.work).startswith("call-intelligence-")
	for stage in stages.STAGES:
		if stage in wanted:
			stages.run(stage, options, reporter)
	if "diarize" not in wanted:
		return
	answer = stages.read(options.work, stages.RESULTS["diarize"])
	if not options.json:
		for utterance in answer["utterances"]:
			out.write(_readable(utterance, answer["speakers"]) + "\n")
	elif not keeps_work:
		reporter.result(answer)


def _readable(utterance: dict, speakers: list[dict]) -> str:
	names = {speaker["key"]: speaker["name"] or f"Speaker {speaker['key'][1:]}" for speaker in speakers}
	seconds = int(utterance["start"])
	clock = f"{seconds // 60}:{seconds % 60:02d}"
	if seconds >= 3600:
		clock = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
	return (
		f"[{clock}] {names.get(utterance['speaker'], 'Unknown')}: {utterance['text'] or '(not understood)'}"
	)


def _refuse(error: EngineError, options: argparse.Namespace, reporter: Reporter) -> int:
	reporter.error(error)
	if not options.json:
		print(f"{options.file}: {error}", file=sys.stderr)
	if error.code == "internal":
		return 1
	return MISCONFIGURED if error.misconfigured else REFUSED


class _ModelFor(argparse.Action):
	"""Collects {language code: model}."""

	def __call__(
		self,
		parser: argparse.ArgumentParser,
		options: argparse.Namespace,
		value: str | Sequence[Any] | None,
		option_string: str | None = None,
	) -> None:
		code, equals, name = str(value).partition("=")
		if not (code and equals and name):
			parser.error(f"{option_string}: write CODE=NAME, such as pl=large-v3-turbo")
		setattr(options, self.dest, {**getattr(options, self.dest), code: name})


def _parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="python -m call_intelligence.engine", description=__doc__.split(": ", 1)[1].splitlines()[0]
	)
	parser.add_argument("file", metavar="FILE")
	parser.add_argument("--json", action="store_true", help="say what happens as JSON lines")
	parser.add_argument("--work", metavar="DIR", help="keep the stages' results here")
	parser.add_argument(
		"--stage", action="append", choices=stages.STAGES, help="only this stage (may be repeated)"
	)
	parser.add_argument(
		"--cut",
		type=float,
		nargs=2,
		metavar=("START", "END"),
		help="only this part of the sound, in seconds, as part.m4a in --work",
	)
	parser.add_argument("--model", default="base", help="Whisper model: a name or a folder")
	parser.add_argument(
		"--model-for",
		action=_ModelFor,
		default={},
		metavar="CODE=NAME",
		help="another model for calls that begin in this language (may be repeated)",
	)
	parser.add_argument("--models", metavar="DIR", help="the embedded models' folder")
	parser.add_argument("--language", default="auto", metavar="CODE", help="auto, en, pl, ...")
	parser.add_argument(
		"--one-language", action="store_true", help="detect the language once, not where it changes"
	)
	parser.add_argument(
		"--hotwords", metavar="FILE", help="names and terms that are likely to be said, as UTF-8 text"
	)
	parser.add_argument(
		"--diarizer", default="auto", choices=("auto", "off", "channels", "pyannote", "labels")
	)
	parser.add_argument(
		"--diarization-model",
		default="embedded",
		metavar="NAME",
		help="embedded, a name on the hub or a folder",
	)
	parser.add_argument("--speakers", type=int, metavar="N", help="how many people speak, when known")
	parser.add_argument("--labels", metavar="FILE", help="who speaks when, as VTT, RTTM or JSON")
	parser.add_argument("--max-duration", type=float, metavar="SECONDS")
	parser.add_argument(
		"--device", default="auto", choices=("auto", "cpu", "cuda"), help="of the speech models"
	)
	parser.add_argument("--threads", type=int, default=0, metavar="N")
	parser.add_argument("--memory-mb", type=int, metavar="N")
	parser.add_argument("--file-mb", type=int, metavar="N", help="largest file that may be written")
	parser.add_argument("--cpu-seconds", type=int, metavar="N")
	return parser


if __name__ == "__main__":
	sys.exit(main())
