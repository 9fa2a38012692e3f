"""Where models lie and how to load them. A name is looked for among the embedded models first, then on the hub."""

import os
from pathlib import Path

from .types import EngineError

EMBEDDED = "embedded"


def models_folder(given=None):
	"""-> Path of the models' folder: the given one, else the one beside this Python's environment"""
	import sys

	return Path(given) if given else Path(sys.prefix).parent / "models"


def load_whisper(name, models=None, threads=0):
	"""name: of an embedded model ("base"), of one on the hub, or a folder -> faster_whisper.WhisperModel. Raises EngineError."""
	try:
		from ctranslate2 import get_cuda_device_count
		from faster_whisper import WhisperModel
	except ImportError as error:
		raise EngineError("engine_missing", str(error), misconfigured=True) from error

	path = _whisper_path(name, models)
	cuda = get_cuda_device_count() > 0
	try:
		return WhisperModel(
			str(path),
			device="cuda" if cuda else "cpu",
			compute_type="float16" if cuda else "int8",
			cpu_threads=threads or available_cpus(),
		)
	except MemoryError as error:
		raise EngineError("out_of_memory", retryable=True) from error
	except Exception as error:
		# Which exception depends on the hub's client library; whatever it is, there is no model to work with.
		raise EngineError("model_missing", str(error), misconfigured=True, model=str(name)) from error


def _whisper_path(name, models):
	folder = models_folder(models) / "whisper" / name
	if (folder / "model.bin").is_file():
		return folder
	given = Path(name).expanduser()
	if given.is_dir():
		if not (given / "model.bin").is_file():
			raise EngineError("model_missing", f"no model.bin in {given}", misconfigured=True, model=str(name))
		return given
	if given.is_absolute() or name.startswith("."):
		raise EngineError("model_missing", f"no such folder: {given}", misconfigured=True, model=str(name))
	# A name that isn't here means a download: allowed by having asked for it.
	os.environ.pop("HF_HUB_OFFLINE", None)
	return name


def available_cpus():
	"""-> how many cores this process may use"""
	if hasattr(os, "sched_getaffinity"):
		return len(os.sched_getaffinity(0))
	return os.cpu_count() or 1
