"""Separates the speakers of a mono recording with pyannote.audio's pipeline and, with the embedded models, also by spans of speech
(choice.py chooses between the two).

The pipeline expects the whole waveform in memory; here it reads the speech files piece by piece instead, with coarser steps
for long recordings, to limit memory and time.
"""

import contextlib
import os
import warnings as python_warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..hardware import CPU, CUDA, available_cpus
from ..limits import is_out_of_memory
from ..models import EMBEDDED, is_on_hub, models_folder
from ..speech import RATE, SpeechFiles
from ..types import EngineError, Speaker, Turn, Turns, warning

if TYPE_CHECKING:
	from .embeddings import Embeddings

SEGMENTATION = "pyannote-segmentation-3.0/pytorch_model.bin"
EMBEDDING = "campplus/campplus_cn_en_common.pt"
EMBEDDING_CODE = "campplus/campplus.py"
THRESHOLD = 0.7  # distance of unit vectors up to which two voices are one, tuned on two-party calls
SHORTEST_TURN = 0.1  # seconds
BATCH = 8


def by_pyannote(
	paths: Sequence[Path],
	model: str = EMBEDDED,
	models: str | Path | None = None,
	token: str | None = None,
	speakers: int | None = None,
	threads: int = 0,
	progress: Callable[[float], None] = lambda fraction: None,
	device: str = "auto",
) -> Turns:
	"""paths: speech files (two are mixed); model: "embedded", a pipeline's name on the hub (token: the hub's) or its folder;
	speakers: their number, None to detect it; device: auto, cpu or cuda.

	-> turns without overlaps. Raises EngineError diarizer_missing, diarizer_failed, out_of_memory.

	If a GPU fails, the processor repeats the work, with a warning.
	"""
	device, warnings = _device() if device == "auto" else device, []
	while True:
		try:
			pipeline, embeddings = _load(
				model, models_folder(models), token, threads, SpeechFiles(paths), device
			)
			answer = pipeline.apply(
				{"uri": "recording"},
				hook=_progress_hook(progress),
				**({"num_speakers": speakers} if speakers else {}),
			)
			break
		except EngineError:
			raise
		except Exception as error:
			if device == CPU:
				raise _failure(error) from error
			device = CPU
			warnings.append(warning("gpu_unusable", detail=f"{type(error).__name__}: {error}"[:300]))
	turns = _turns(getattr(answer, "exclusive_speaker_diarization", answer))
	if embeddings:
		try:
			from .choice import chosen  # needs scipy, which light environments lack

			turns = chosen(turns, embeddings, speakers)
		except Exception as error:
			# keep the pipeline's result
			warnings.append(warning("diarizer_simpler", reason=f"{type(error).__name__}: {error}"))
	turns.warnings.extend(warnings)
	return turns


def _failure(error: Exception) -> EngineError:
	if is_out_of_memory(error):
		return EngineError("out_of_memory", str(error), retryable=True)
	return EngineError("diarizer_failed", f"{type(error).__name__}: {error}")


def _device() -> str:
	try:
		with contextlib.suppress(ImportError):
			import faster_whisper  # noqa: F401  before torch, else torch runs single-threaded
		import torch
	except ImportError as error:
		raise _not_installed(error) from error
	return CUDA if torch.cuda.is_available() else CPU


def _not_installed(error: ImportError) -> EngineError:
	return EngineError("diarizer_missing", f"pyannote.audio is not installed ({error})")


def segmentation_step(duration: float) -> float:
	"""Step as a share of the 10 s window. Finer steps cost proportionally more time and memory and gain little: on a sample call the
	diarization error was 5.5 % with 0.25 and 7.7 % with 0.5."""
	return 0.25 if duration <= 3600 else 0.5


def _load(
	model: str, models: Path, token: str | None, threads: int, files: SpeechFiles, device: str
) -> "tuple[Any, Embeddings | None]":
	"""-> the pipeline, reading from `files`, and its embeddings (None unless the model is the embedded one)"""
	os.environ["PYANNOTE_METRICS_ENABLED"] = "false"
	# about missing torchcodec and disabled TF32, which don't matter here
	python_warnings.filterwarnings("ignore")
	if model == EMBEDDED:
		_check_embedded(models)
	try:
		import torch
		from pyannote.audio.pipelines.speaker_diarization import SpeakerDiarization

		from .embeddings import Embeddings
	except ImportError as error:
		raise _not_installed(error) from error
	# Both networks consist of many small operations. Splitting each over the cores makes them wait for each other thousands of
	# times a second, which is slow on a busy machine: each core gets its own windows instead.
	torch.set_num_threads(1)
	workers = ThreadPoolExecutor(
		threads or available_cpus(), initializer=torch.set_num_threads, initargs=(1,)
	)
	embeddings = None
	if model == EMBEDDED:
		pipeline = _embedded(models, segmentation_step(files.duration))
		embeddings = Embeddings(pipeline._embedding, files, workers)
		pipeline.get_embeddings = embeddings.of_windows
	else:
		from pyannote.audio import Pipeline

		try:
			pipeline = Pipeline.from_pretrained(
				model if is_on_hub(model) else str(Path(model).expanduser()), token=token or None
			)
		except Exception as error:
			raise EngineError("diarizer_missing", f"{model} can't be loaded: {error}") from error
		if pipeline is None:
			raise EngineError(
				"diarizer_missing", f"{model} can't be loaded: its terms must be accepted, and a token given"
			)
		if not isinstance(pipeline, SpeakerDiarization):
			raise EngineError("diarizer_missing", f"{model} is no speaker diarization pipeline")
		pipeline._segmentation.step = max(
			pipeline._segmentation.step, segmentation_step(files.duration) * pipeline._segmentation.duration
		)
	if device == CUDA:
		pipeline.to(torch.device(device))
	return _reading_from(pipeline, files, workers), embeddings


def _check_embedded(models: Path) -> None:
	for name in (SEGMENTATION, EMBEDDING, EMBEDDING_CODE):
		if not (models / name).is_file():
			raise EngineError("diarizer_missing", f"{name} is missing in {models}")


def _embedded(models: Path, step: float) -> Any:
	"""pyannote.audio's SpeakerDiarization with the engine's own weights: no hub, no token."""
	import pyannote.audio.pipelines.speaker_diarization as module
	from pyannote.audio import Model

	from .campplus import CamPlusPlus

	# The pipeline loads its embedding by the name of a checkpoint and its PLDA from the hub; ours are neither.
	loaders = module.PretrainedSpeakerEmbedding, module.get_plda
	module.PretrainedSpeakerEmbedding = lambda *_, **__: CamPlusPlus(
		models / EMBEDDING, models / EMBEDDING_CODE
	)
	module.get_plda = lambda *_, **__: None
	try:
		pipeline = module.SpeakerDiarization(
			segmentation=Model.from_pretrained(str(models / SEGMENTATION)),
			segmentation_step=step,
			segmentation_batch_size=BATCH,
			embedding="campplus",
			embedding_exclude_overlap=True,
			plda=None,
			clustering="AgglomerativeClustering",
		)
	finally:
		module.PretrainedSpeakerEmbedding, module.get_plda = loaders
	# A cluster needs about 10 s of windows: the finer the step, the more windows.
	pipeline.instantiate(
		{
			"segmentation": {"min_duration_off": 0.0},
			"clustering": {
				"method": "centroid",
				"min_cluster_size": max(2, round(1 / step)),
				"threshold": THRESHOLD,
			},
		}
	)
	return pipeline


def _reading_from(pipeline: Any, files: SpeechFiles, workers: Executor) -> Any:
	"""Make the pipeline read its sound from the speech files, window by window."""
	import torch
	from pyannote.core import SlidingWindow, SlidingWindowFeature

	inference = pipeline._segmentation
	window, step = round(inference.duration * RATE), round(inference.step * RATE)
	count = max(1, -(-(files.samples - window) // step) + 1)

	def samples(start: float, length: int) -> np.ndarray:
		start = round(start)
		sound = files.mono(start, length + min(0, start))
		return np.pad(sound, (max(0, -start), 0))[:length]

	def filled(start: float, length: int) -> np.ndarray:
		sound = samples(start, length)
		return np.pad(sound, (0, length - len(sound)))

	def batch_from(first: int) -> np.ndarray:
		batch = np.stack([filled(n * step, window) for n in range(first, min(count, first + BATCH))])
		return inference.infer(torch.from_numpy(batch)[:, None])

	def segmentations(file: Any, hook: Callable[..., None] | None = None) -> SlidingWindowFeature:
		outputs = []
		for output in workers.map(batch_from, range(0, count, BATCH)):
			outputs.append(output)
			if hook:
				hook("segmentation", None, completed=min(count, len(outputs) * BATCH), total=count)
		return SlidingWindowFeature(
			np.vstack(outputs), SlidingWindow(start=0.0, duration=inference.duration, step=inference.step)
		)

	class Sound:
		"""The part of pyannote.audio's Audio that the pipeline uses."""

		sample_rate = RATE

		def crop(self, file: Any, chunk: Any, mode: str = "pad", **_: Any) -> tuple[torch.Tensor, int]:
			return torch.from_numpy(filled(chunk.start * RATE, round(chunk.duration * RATE)))[None], RATE

	pipeline.get_segmentations = segmentations
	pipeline._audio = Sound()
	return pipeline


def _progress_hook(progress: Callable[[float], None]) -> Callable[..., None]:
	"""Progress of the pipeline: segmentation is about half of the work, embeddings nearly all of the rest."""
	shares = {"segmentation": (0.0, 0.55), "embeddings": (0.55, 0.4)}

	def hook(
		step: str, artefact: Any, file: Any = None, total: int | None = None, completed: int | None = None
	) -> None:
		if step in shares and total and completed is not None:
			begin, share = shares[step]
			progress(begin + share * min(1.0, completed / total))

	return hook


def _turns(annotation: Any) -> Turns:
	"""pyannote's annotation -> turns; speakers are numbered in the order of their first turns"""
	keys: dict[str, str] = {}  # by pyannote's names
	turns: list[Turn] = []
	for segment, _, label in sorted(
		annotation.itertracks(yield_label=True), key=lambda track: track[0].start
	):
		if segment.duration < SHORTEST_TURN:
			continue
		key = keys.setdefault(label, f"S{len(keys) + 1}")
		turns.append(Turn(float(segment.start), float(segment.end), key))
	speakers = [
		Speaker(key, talk_seconds=sum(turn.end - turn.start for turn in turns if turn.speaker == key))
		for key in keys.values()
	]
	return Turns("pyannote", turns, speakers)
