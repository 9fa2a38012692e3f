"""Limits that the engine sets for itself before it opens a foreign file. Standard library only."""

import ctypes
import errno
import resource
import signal
import sys
from types import FrameType

from .types import EngineError

PR_SET_PDEATHSIG = 1
# Hz; telephones use 8000, studios 192000. Rates beyond mean a damaged header, or one made to fill the disk
LOWEST_RATE, HIGHEST_RATE = 4000, 384_000
MOST_CHANNELS = 62  # limit of FFmpeg's downmix
# the disk, its quota, or the limit set by `apply`
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def apply(memory_mb: int | None = None, cpu_seconds: int | None = None, file_mb: int | None = None) -> None:
	"""Limit this process: data memory, CPU time (EngineError time_limit in the main thread), size of written files (OSError), no core
	dumps."""
	resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
	if file_mb:
		# Python ignores SIGXFSZ, so that writing raises OSError
		_lower(resource.RLIMIT_FSIZE, file_mb << 20)
	if memory_mb:
		_lower(resource.RLIMIT_DATA, memory_mb << 20)
	if cpu_seconds:
		signal.signal(signal.SIGXCPU, _out_of_time)
		# The hard limit kills the process if a library doesn't return to Python.
		_lower(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 30)


def die_with_parent() -> None:
	"""Let the kernel kill this process when its parent ends (Linux only)."""
	if sys.platform == "linux":
		ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def peak_mb() -> int:
	"""Peak memory of this process in MB"""
	peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
	return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


def is_out_of_memory(error: BaseException) -> bool:
	"""Whether an exception of any library means that memory ran out"""
	text = str(error).lower()
	return isinstance(error, MemoryError) or any(
		sign in text
		for sign in ("allocate memory", "bad_alloc", "bad allocation", "out of memory", "failed to allocate")
	)


def is_disk_full(error: BaseException) -> bool:
	"""Whether an exception of any library means that a file could not grow"""
	return getattr(error, "errno", None) in NO_ROOM


def _lower(kind: int, soft: int, hard: int | None = None) -> None:
	now, allowed = resource.getrlimit(kind)
	hard = hard or soft
	if allowed != resource.RLIM_INFINITY:
		soft, hard = min(soft, allowed), min(hard, allowed)
	if now != resource.RLIM_INFINITY:
		soft = min(soft, now)
	resource.setrlimit(kind, (soft, hard))


def _out_of_time(signum: int, frame: FrameType | None) -> None:
	raise EngineError("time_limit", "the processor time allowed for this recording is used up")
