"""Free ports, chosen once per bench and kept, so that bookmarks and configuration stay valid."""

import socket
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from devbench.errors import BenchError
from devbench.files import read_json, write_json

NAMES = ("web", "gunicorn", "socketio", "mariadb", "redis_cache", "redis_queue")

# Above the usual services, below Linux's range for outgoing connections.
_FIRST, _LAST = 20000, 31990


def is_free(port: int) -> bool:
	"""Whether a server can listen on 127.0.0.1:`port` now."""
	with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
		probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			probe.bind(("127.0.0.1", port))
		except OSError:
			return False
	return True


def answers(port: int) -> bool:
	"""Whether a server accepts connections on 127.0.0.1:`port`."""
	try:
		with socket.create_connection(("127.0.0.1", port), timeout=1):
			return True
	except OSError:
		return False


def settle(file: Path, seed: str, free: Callable[[int], bool] = is_free) -> tuple[dict[str, int], bool]:
	"""Returns the bench's ports by name, and whether any of them changed; stored in `file`.

	Call only while none of the bench's services runs. Stored ports are kept unless another program uses
	them. `seed` (the bench's path) spreads checkouts over the range, so that two of them rarely choose the same ones.
	"""
	kept = read_json(file, {})
	ports: dict[str, int] = {}
	candidates = _candidates(seed)
	for name in NAMES:
		port = kept.get(name)
		if not isinstance(port, int) or port in ports.values() or not free(port):
			taken = {*kept.values(), *ports.values()}
			port = next((p for p in candidates if p not in taken and free(p)), None)
			if port is None:
				raise BenchError(f"No free port between {_FIRST} and {_LAST}")
		ports[name] = port
	if ports != kept:
		write_json(file, ports)
	return ports, ports != kept


def _candidates(seed: str) -> Iterator[int]:
	size = _LAST - _FIRST
	start = zlib.crc32(seed.encode()) % (size // 10) * 10
	for step in range(size):
		yield _FIRST + (start + step) % size
