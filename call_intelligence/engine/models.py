"""Finds and loads models. A name is looked up among the installed models first, then on the hub."""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import hardware
from .hardware import CPU, CUDA, available_cpus
from .limits import is_out_of_memory
from .types import EngineError, warning

if TYPE_CHECKING:
	from .batches import Model

EMBEDDED = "embedded"


@dataclass
class Loaded:
	"""A loaded model; device: cpu or cuda"""

	model: "Model"
	device: str
	compute_type: str
	seconds: float
	warnings: list[dict] = field(default_factory=list)


def models_folder(given: str | Path | None = None) -> Path:
	"""-> Path of the models' folder: the given one, else the one next to this Python's environment"""
	return Path(given) if given else Path(sys.prefix).parent / "models"


def load_whisper(name: str, models: str | None = None, threads: int = 0, device: str = "auto") -> Loaded:
	"""name: an installed model ("base"), one on the hub, or a folder; device: auto, cpu or cuda. Raises EngineError.

	If the GPU can't be used, the processor is used instead, with a warning.
	"""
	started = time.monotonic()
	try:
		from ctranslate2 import get_cuda_device_count

		from .batches import Model
	except ImportError as error:
		raise EngineError("engine_missing", str(error), misconfigured=True) from error

	path = _whisper_path(name, models)
	problem: str | None = None
	on_gpu = device == CUDA or (device == "auto" and get_cuda_device_count() > 0)
	for place, kind in _ways(path) if on_gpu else [(CPU, "int8")]:
		if place == CUDA and (problem := hardware.gpu_problem(str(path), kind)):
			continue
		try:
			model = Model(str(path), device=place, compute_type=kind, cpu_threads=threads or available_cpus())
		except Exception as error:
			if place == CUDA:
				problem = str(error)
				continue
			if is_out_of_memory(error):
				raise EngineError("out_of_memory", str(error), retryable=True) from error
			# The exception depends on the hub's client library; in any case there is no model.
			raise EngineError("model_missing", str(error), misconfigured=True, model=str(name)) from error
		loaded = Loaded(model, place, kind, time.monotonic() - started)
		if on_gpu and place == CPU:
			loaded.warnings.append(warning("gpu_unusable", detail=problem or "too little memory on the GPU"))
		return loaded
	raise AssertionError("the processor is always tried")


def _ways(path: str | Path) -> list[tuple[str, str]]:
	"""-> [(device, compute type)] to try with a GPU"""
	from ctranslate2 import get_supported_compute_types

	try:
		supported = get_supported_compute_types(CUDA)
	except RuntimeError:
		supported = {"float16"}  # trying it will show the problem
	gpus, file = hardware.gpus(), Path(path) / "model.bin"
	size = file.stat().st_size >> 20 if file.is_file() else 0
	return hardware.ways(supported, gpus[0].free_mb if gpus else None, size)


def is_on_hub(name: str, models: str | Path | None = None) -> bool:
	"""Whether a model comes from the hub, or its cache: it is neither installed nor a folder"""
	if name == EMBEDDED or (models_folder(models) / "whisper" / name / "model.bin").is_file():
		return False
	return not (Path(name).expanduser().exists() or Path(name).is_absolute() or name.startswith((".", "~")))


def _whisper_path(name: str, models: str | Path | None) -> str | Path:
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
