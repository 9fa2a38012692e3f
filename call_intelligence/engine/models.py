"""Where models lie and how to load them. A name is looked for among the embedded models first, then on the hub."""

import os
import sys
from pathlib import Path

from .limits import is_out_of_memory
from .types import EngineError

EMBEDDED = "embedded"


def models_folder(given=None):
	"""-> Path of the models' folder: the given one, else the one beside this Python's environment"""
	return Path(given) if given else Path(sys.prefix).parent / "models"


def load_whisper(name, models=None, threads=0):
	"""name: of an embedded model ("base"), of one on the hub, or a folder -> faster_whisper.WhisperModel. Raises EngineError."""
	try:
		from ctranslate2 import get_cuda_device_count

		from .batches import Model
	except ImportError as error:
		raise EngineError("engine_missing", str(error), misconfigured=True) from error

	path = _whisper_path(name, models)
	cuda = get_cuda_device_count() > 0
	try:
		return Model(
			str(path),
			device="cuda" if cuda else "cpu",
			compute_type="float16" if cuda else "int8",
			cpu_threads=threads or available_cpus(),
		)
	except Exception as error:
		if is_out_of_memory(error):
			raise EngineError("out_of_memory", str(error), retryable=True) from error
		# Which exception depends on the hub's client library; whatever it is, there is no model to work with.
		raise EngineError("model_missing", str(error), misconfigured=True, model=str(name)) from error


def is_on_hub(name, models=None):
	"""Whether a model's name means a download (or one that was downloaded before): it is neither embedded nor a folder -> bool"""
	if name == EMBEDDED or (models_folder(models) / "whisper" / name / "model.bin").is_file():
		return False
	return not (Path(name).expanduser().exists() or Path(name).is_absolute() or name.startswith((".", "~")))


def _whisper_path(name, models):
	folder = models_folder(models) / "whisper" / name
	if (folder / "model.bin").is_file():
		return folder
	given = Path(name).expanduser()
	if given.is_dir():
		if not (given / "model.bin").is_file():
			raise EngineError(
				"model_missing", f"no model.bin in {given}", misconfigured=True, model=str(name)
			)
		return given
	if not is_on_hub(name, models):
		raise EngineError("model_missing", f"no such folder: {given}", misconfigured=True, model=str(name))
	return name


def available_cpus():
	"""-> how many cores this process may use"""
	if hasattr(os, "sched_getaffinity"):
		return len(os.sched_getaffinity(0))
	return os.cpu_count() or 1
