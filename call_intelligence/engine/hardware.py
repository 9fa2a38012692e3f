"""Detects this machine's hardware for speech models. Standard library only, except for `python -m`, which tries a GPU.

python -m call_intelligence.engine.hardware MODEL_FOLDER COMPUTE_TYPE
"""

import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

CPU, CUDA = "cpu", "cuda"

# Clips at once. On few cores more than 4 gain nothing and take memory (measured). 16 on a GPU has not been measured yet.
BATCHES = {CPU: 4, CUDA: 16}
# MB of GPU memory for a batch, in addition to the model. An estimate, not measured yet.
GPU_WORKING_MB = 3000
TRY_SECONDS = 180


@dataclass(frozen=True)
class Gpu:
	name: str
	total_mb: int
	free_mb: int


def available_cpus() -> int:
	"""-> number of cores that this process may use"""
	if hasattr(os, "sched_getaffinity"):
		return len(os.sched_getaffinity(0))
	return os.cpu_count() or 1


def memory_mb() -> tuple[int, int] | None:
	"""-> (total, available) of this machine, or of its container; None if the system doesn't report it"""
	try:
		lines = Path("/proc/meminfo").read_text().splitlines()
	except OSError:
		return None
	told = {
		name: int(rest.split()[0]) >> 10 for name, _, rest in (line.partition(":") for line in lines) if rest
	}
	total, available = told["MemTotal"], told.get("MemAvailable", told["MemFree"])
	for most, used in (
		("memory.max", "memory.current"),
		("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
	):
		try:
			limit, taken = (int(Path("/sys/fs/cgroup", name).read_text()) >> 20 for name in (most, used))
		except (OSError, ValueError):
			continue
		total, available = min(total, limit), min(available, max(limit - taken, 0))
	return total, available


def gpus() -> list[Gpu]:
	"""NVIDIA GPUs as reported by the driver; [] if there are none"""
	query = ["nvidia-smi", "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
	try:
		done = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True)
	except (OSError, subprocess.SubprocessError):
		return []
	return read_gpus(done.stdout)


def read_gpus(text: str) -> list[Gpu]:
	"""Lines of "name, total MB, free MB"; other lines are skipped."""
	found = []
	for line in text.splitlines():
		*name, total, free = ["", "", *(part.strip() for part in line.split(","))]
		name = [part for part in name if part]
		if name and total.isdigit() and free.isdigit():
			found.append(Gpu(", ".join(name), int(total), int(free)))
	return found


def ways(supported: Collection[str], free_mb: int | None, model_mb: int) -> list[tuple[str, str]]:
	"""-> [(device, compute type)] to try in this order, the processor last.

	supported: compute types of the GPU, empty without one. free_mb: of its memory, None if unknown. model_mb: of the model's
	file, with two bytes per number.
	"""
	needed = {"float16": model_mb + GPU_WORKING_MB, "int8_float16": model_mb // 2 + GPU_WORKING_MB}
	found = [
		(CUDA, kind)
		for kind, needs in needed.items()
		if kind in supported and (free_mb is None or free_mb >= needs)
	]
	if supported and not found and not set(needed) & set(supported):
		found = [(CUDA, "default")]  # an older GPU
	return [*found, (CPU, "int8")]


def gpu_problem(folder: str, kind: str, python: str = sys.executable) -> str | None:
	"""Try a model on the GPU -> the problem; None if it works. python: the engine's

	Runs in a separate process: missing libraries only show when the model runs, and a missing cuDNN aborts the process.
	"""
	command = [python, "-m", "call_intelligence.engine.hardware", folder, kind]
	try:
		done = subprocess.run(command, capture_output=True, text=True, timeout=TRY_SECONDS, check=False)
	except subprocess.TimeoutExpired:
		return f"no answer within {TRY_SECONDS} s"
	if not done.returncode:
		return None
	lines = done.stderr.strip().splitlines()
	return lines[-1][:300] if lines else f"exit {done.returncode}"


def _try(folder: str, kind: str) -> None:
	import numpy as np
	from faster_whisper import WhisperModel

	model = WhisperModel(folder, device=CUDA, compute_type=kind)
	model.detect_language(np.zeros(16000, dtype=np.float32))


if __name__ == "__main__":
	_try(*sys.argv[1:])
