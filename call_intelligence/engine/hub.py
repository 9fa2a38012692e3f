"""Fetches a speech model from the hub into the models' folder.

	python -m call_intelligence.engine.hub NAME --models DIR

An interrupted download continues where it stopped, and every file is checked against the hub's hash. The model appears in its folder
when it is complete. Runs with the engine's Python; HF_ENDPOINT sets another hub, CALL_INTELLIGENCE_HF_TOKEN a token.
"""

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import re
import shutil
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import hardware
from .catalogue import repository_of

NEEDED = ("config.json", "model.bin")
WANTED = re.compile(r"(?:config|preprocessor_config|tokenizer)\.json|model\.bin|vocabulary\.\w+")
BLOCK = 1 << 20
TIMEOUT = 60  # seconds without a byte
MOST_TOLD = 16 << 20  # bytes of a repository's description
WAITS = (0.5, 1, 2, 4, 8)  # seconds before the next attempts, as long as they bring no data
SAY_EVERY = 5.0  # seconds
SPARE_DISK_MB = 1000  # to keep free
# MB of memory of a loaded model, estimated from its file; the trial run measures it
MEMORY_MB, MEMORY_SHARE = 1000, 1.3


class HubProblem(Exception):
	"""An error for the user of the command; its text says what to do."""


@dataclass(frozen=True)
class RemoteFile:
	name: str
	size: int
	sha256: str | None  # of large files
	git: str | None  # git's hash, of other files

	def is_in(self, path: Path) -> bool:
		"""Whether a file has this content"""
		if not path.is_file() or path.stat().st_size != self.size:
			return False
		digest = hashlib.sha256() if self.sha256 else hashlib.sha1(f"blob {self.size}\0".encode())
		with path.open("rb") as file:
			while block := file.read(BLOCK):
				digest.update(block)
		return digest.hexdigest() == (self.sha256 or self.git)


class Hub:
	"""One repository of the hub, at its newest revision. Raises HubProblem."""

	def __init__(self, repository: str, endpoint: str, token: str | None = None) -> None:
		self.repository, self._endpoint, self._token = repository, endpoint.rstrip("/"), token
		told = self._told()
		self.revision: str = told["sha"]
		self.files = [
			RemoteFile(
				row["rfilename"],
				row["size"],
				(row.get("lfs") or {}).get("sha256"),
				None if row.get("lfs") else row.get("blobId"),
			)
			for row in told["siblings"]
			if WANTED.fullmatch(row["rfilename"])
		]
		missing = set(NEEDED) - {file.name for file in self.files}
		if missing:
			raise HubProblem(
				f"{repository} has no {' and no '.join(sorted(missing))}: it is no model for faster-whisper (CTranslate2)."
			)

	def opened(self, file: RemoteFile, start: int) -> http.client.HTTPResponse:
		"""-> the open response with a file's content from byte `start` on, or the whole file if its status is 200"""
		name = urllib.parse.quote(file.name)
		headers = {"Range": f"bytes={start}-"} if start else {}
		return self._open(f"/{self.repository}/resolve/{self.revision}/{name}", headers)

	def _told(self) -> dict:
		try:
			with self._open(f"/api/models/{self.repository}?blobs=true") as answer:
				return json.loads(answer.read(MOST_TOLD))
		except urllib.error.HTTPError as error:
			if error.code in (401, 403, 404):
				raise HubProblem(
					f"There is no model {self.repository} on the hub ({error.code}), or it is not open to everybody: check the name, and the token in Call Intelligence Settings."
				) from error
			raise HubProblem(f"The hub answers {error.code}: try again later.") from error
		except (OSError, http.client.HTTPException, ValueError) as error:
			raise HubProblem(
				f"The hub at {self._endpoint} can't be reached ({error}): check the network and the proxy, or name another hub in HF_ENDPOINT."
			) from error

	def _open(self, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
		request = urllib.request.Request(
			self._endpoint + path, headers={"User-Agent": "call-intelligence", **(headers or {})}
		)
		if self._token:
			# not sent to the storage that the hub redirects to
			request.add_unredirected_header("Authorization", f"Bearer {self._token}")
		return urllib.request.build_opener(_Redirects(self._endpoint)).open(request, timeout=TIMEOUT)


class _Redirects(urllib.request.HTTPRedirectHandler):
	"""Follows redirects to https only, or also to http if the hub's endpoint uses it."""

	def __init__(self, endpoint: str) -> None:
		self._schemes = ("https", "http") if endpoint.startswith("http:") else ("https",)

	def redirect_request(
		self,
		req: urllib.request.Request,
		fp: IO[bytes],
		code: int,
		msg: str,
		headers: http.client.HTTPMessage,
		newurl: str,
	) -> urllib.request.Request | None:
		if urllib.parse.urlsplit(newurl).scheme not in self._schemes:
			raise urllib.error.URLError(f"redirected to {newurl}, which is not https")
		return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(
	name: str, models: Path, endpoint: str, token: str | None, say: Callable[[str], None] = print
) -> Path:
	"""Download the model `name` -> its folder, complete and checked. Raises HubProblem."""
	repository = repository_of(name)
	if not repository:
		raise HubProblem(f"There is no speech model called {name}.")
	folder = models / "whisper" / name
	if (folder / "model.bin").is_file():
		say(f"{name} is here already: {folder}")
		return folder
	folder.parent.mkdir(parents=True, exist_ok=True)
	with _alone(models):
		hub = Hub(repository, endpoint, token)
		part = folder.with_name(f".{folder.name}.part")
		_begin(part, hub.revision)
		_check_room(name, hub.files, part)
		for file in sorted(hub.files, key=lambda file: file.size):
			_fetch_file(hub, file, part, say)
		part.rename(folder)
	return folder


def _begin(part: Path, revision: str) -> None:
	"""Keep files of the same revision, and delete others."""
	known = part / "revision"
	if part.is_dir() and not (known.is_file() and known.read_text() == revision):
		shutil.rmtree(part)
	part.mkdir(exist_ok=True)
	known.write_text(revision)


def _check_room(name: str, files: list[RemoteFile], part: Path) -> None:
	problems = []
	size = sum(file.size for file in files) / BLOCK
	here = sum(path.stat().st_size for path in part.iterdir()) / BLOCK
	needed, free = size - here + SPARE_DISK_MB, shutil.disk_usage(part).free / BLOCK
	if free < needed:
		problems.append(
			f"{gigabytes(needed)} of disk are needed and {gigabytes(free)} are free in {part.parent}"
		)
	memory = hardware.memory_mb()
	needed = memory_needed(size)
	if memory and memory[1] < needed:
		problems.append(
			f"about {gigabytes(needed)} of memory are needed and {gigabytes(memory[1])} are available"
		)
	if problems:
		raise HubProblem(f"{name} does not fit on this machine: {'; '.join(problems)}. Nothing was changed.")


def memory_needed(file_mb: float) -> float:
	"""MB of a model's file -> MB of memory, estimated"""
	return MEMORY_MB + MEMORY_SHARE * file_mb


def gigabytes(megabytes: float) -> str:
	return f"{megabytes / 1024:.1f} GB"


def _fetch_file(hub: Hub, file: RemoteFile, part: Path, say: Callable[[str], None]) -> None:
	path = part / file.name
	progress = _Progress(file, say)
	waits = list(WAITS)
	path.touch()
	while (start := path.stat().st_size) < file.size:
		try:
			_continue(hub, file, path, start, progress)
			problem = "the connection was closed"
		except urllib.error.HTTPError as error:
			if error.code == 416:
				break  # the file is shorter than its stated size
			if error.code not in (408, 429) and error.code < 500:
				raise HubProblem(f"{file.name}: the hub answers {error.code} {error.reason}.") from error
			problem = f"the hub answers {error.code}"
		except (OSError, http.client.HTTPException) as error:
			if getattr(error, "errno", None) == 28:  # ENOSPC
				raise HubProblem("The disk is full. Make room and run the command again.") from error
			problem = str(error) or type(error).__name__
		now = path.stat().st_size
		if now > start:
			waits = list(WAITS)
		elif not waits:
			raise HubProblem(
				f"{file.name}: interrupted at {now >> 20} of {file.size >> 20} MB ({problem}). Run the command again, it goes on there."
			)
		if now < file.size:
			say(f"{file.name}: {problem}, trying again")
			time.sleep(waits.pop(0))
	if not file.is_in(path):
		path.unlink()
		raise HubProblem(
			f"{file.name} is damaged: it is not the file that the hub describes, and was removed. Run the command again to fetch it once more."
		)
	progress.done()


def _continue(hub: Hub, file: RemoteFile, path: Path, start: int, progress: "_Progress") -> None:
	with hub.opened(file, start) as answer, path.open("ab") as out:
		if start and answer.status != 206:
			out.truncate(0)  # the whole file is sent
		while block := answer.read(min(BLOCK, file.size + 1)):
			out.write(block)
			if out.tell() > file.size:
				out.truncate(0)
				raise HubProblem(f"{file.name} is longer than the hub says. Run the command again.")
			progress.at(out.tell())


class _Progress:
	def __init__(self, file: RemoteFile, say: Callable[[str], None]) -> None:
		self._file, self._say, self._said = file, say, 0.0

	def at(self, size: int) -> None:
		now = time.monotonic()
		if now - self._said >= SAY_EVERY:
			self._said = now
			share = 100 * size // max(self._file.size, 1)
			self._say(f"{self._file.name}: {size >> 20} of {self._file.size >> 20} MB ({share} %)")

	def done(self) -> None:
		self._say(f"{self._file.name}: complete and checked ({self._file.size >> 20} MB)")


@contextlib.contextmanager
def _alone(models: Path) -> Iterator[None]:
	"""Lock against concurrent downloads, which would write the same files."""
	with (models / ".fetching").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			raise HubProblem("Another command is fetching a model: wait until it is done.") from None
		yield


def _endpoint() -> str:
	from huggingface_hub.constants import ENDPOINT  # HF_ENDPOINT or the public hub

	return ENDPOINT


def main(argv: list[str] | None = None) -> int:
	parser = argparse.ArgumentParser(
		prog="call_intelligence.engine.hub", description="Fetch a speech model from the hub."
	)
	parser.add_argument("name")
	parser.add_argument("--models", required=True, metavar="DIR", help="the models' folder")
	arguments = parser.parse_args(argv)
	try:
		fetch(
			arguments.name,
			Path(arguments.models),
			_endpoint(),
			os.environ.get("CALL_INTELLIGENCE_HF_TOKEN"),
			say=lambda text: print(text, flush=True),
		)
	except HubProblem as problem:
		print(problem, file=sys.stderr)
		return 1
	except KeyboardInterrupt:
		print("Interrupted. Run the command again, it goes on there.", file=sys.stderr)
		return 130
	return 0


if __name__ == "__main__":
	sys.exit(main())
