"""A small local hub with the protocol of the Hugging Face Hub, as far as needed to download a model.

with Hub({"org/name": {"config.json": bytes or Path, ...}}) as hub: ... HF_ENDPOINT=hub.url
"""

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

REVISION = "5d0b0ba4e24f7a0d3f1a5f5f5b8f8a4f0a6e3c21"
LARGE = 1 << 20  # bytes; larger files are in LFS
BLOCK = 1 << 18


@dataclass
class Hub:
	repositories: dict[str, dict[str, bytes | Path]]
	revision: str = REVISION
	# "METHOD path" with the requested Range
	requests: list[tuple[str, str, str | None]] = field(default_factory=list)
	tokens: list[str | None] = field(default_factory=list)
	# {file name: [bytes after which an answer is cut off, for each answer in turn]}
	breaks: dict[str, list[int]] = field(default_factory=dict)
	# a file that pauses after a number of bytes, until `go_on` is set
	stops: dict[str, int] = field(default_factory=dict)
	stopped: threading.Event = field(default_factory=threading.Event)
	go_on: threading.Event = field(default_factory=threading.Event)
	# files listed with a wrong size or wrong content
	claimed_sizes: dict[str, int] = field(default_factory=dict)
	spoilt: set[str] = field(default_factory=set)
	knows_ranges: bool = True
	token: str | None = None

	def __enter__(self):
		handler = type("Handler", (_Handler,), {"hub": self})
		self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
		self._server.daemon_threads = True
		threading.Thread(target=self._server.serve_forever, daemon=True).start()
		self.url = f"http://127.0.0.1:{self._server.server_port}"
		return self

	def __exit__(self, *_):
		self.go_on.set()
		self._server.shutdown()
		self._server.server_close()

	def ranges(self, name: str) -> list[str | None]:
		"""The ranges requested of a file, in order"""
		return [
			asked for method, path, asked in self.requests if method == "GET" and path.endswith("/" + name)
		]


class _Handler(BaseHTTPRequestHandler):
	hub: Hub
	protocol_version = "HTTP/1.1"

	def log_message(self, *_):
		pass

	def do_HEAD(self):
		self._answer(head=True)

	def do_GET(self):
		self._answer(head=False)

	def _answer(self, head: bool):
		url = urlsplit(self.path)
		path = unquote(url.path)
		self.hub.requests.append((self.command, path, self.headers["Range"]))
		token = self.headers["Authorization"]
		self.hub.tokens.append(token)
		if self.hub.token and token != f"Bearer {self.hub.token}":
			return self._say(401, {"error": "Invalid username or password."})
		if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/([^/]+))?", path):
			return self._list(found[1], "true" in parse_qs(url.query).get("blobs", []))
		if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/tree/([^/]+)", path):
			return self._tree(self.hub.repositories.get(found[1], {}))
		if found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
			return self._file(found[1], found[3], head)
		return self._say(404, {"error": "Not found"})

	def _list(self, repository: str, blobs: bool):
		files = self.hub.repositories.get(repository)
		if files is None:
			return self._say(404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})
		rows = [
			{"rfilename": name, **(self._blob(name, content) if blobs else {})}
			for name, content in files.items()
		]
		return self._say(
			200, {"id": repository, "modelId": repository, "sha": self.hub.revision, "siblings": rows}
		)

	def _tree(self, files: dict[str, bytes | Path]):
		rows = []
		for name, content in files.items():
			blob = self._blob(name, content)
			row = {"type": "file", "path": name, "size": blob["size"], "oid": blob["blobId"]}
			if "lfs" in blob:
				row["lfs"] = {"oid": blob["lfs"]["sha256"], "size": blob["size"], "pointerSize": 134}
			rows.append(row)
		return self._say(200, rows)

	def _blob(self, name: str, content: bytes | Path) -> dict:
		size = _size(content)
		git, sha256 = hashlib.sha1(f"blob {size}\0".encode()), hashlib.sha256()
		for block in _blocks(content, 0, size):
			git.update(block)
			sha256.update(block)
		if name in self.hub.spoilt:
			git.update(b"!")
			sha256.update(b"!")
		told = {"size": self.hub.claimed_sizes.get(name, size), "blobId": git.hexdigest()}
		if size >= LARGE or name in self.hub.claimed_sizes:
			told["lfs"] = {"sha256": sha256.hexdigest(), "size": told["size"], "pointerSize": 134}
		return told

	def _file(self, repository: str, name: str, head: bool):
		content = self.hub.repositories.get(repository, {}).get(name)
		if content is None:
			return self._say(404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"})
		size, start = _size(content), 0
		asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
		blob = self._blob(name, content)
		etag = (blob.get("lfs") or {}).get("sha256") or blob["blobId"]
		if asked and self.hub.knows_ranges:
			start = int(asked[1])
			if start >= size:
				return self._say(416, {"error": "Range Not Satisfiable"})
			self.send_response(206)
			self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
		else:
			self.send_response(200)
		self.send_header("Content-Length", str(size - start))
		self.send_header("Accept-Ranges", "bytes")
		self.send_header("ETag", f'"{etag}"')
		self.send_header("X-Repo-Commit", self.hub.revision)
		self.send_header("X-Linked-Size", str(size))
		self.send_header("X-Linked-Etag", f'"{etag}"')
		self.end_headers()
		if head:
			return None
		end = size
		if breaks := self.hub.breaks.get(name):
			end = min(size, start + breaks.pop(0))
		try:
			for block in _blocks(content, start, end):
				stop = self.hub.stops.get(name)
				if stop is not None and start >= stop and not self.hub.go_on.is_set():
					self.wfile.flush()
					self.hub.stopped.set()
					self.hub.go_on.wait()
				self.wfile.write(block)
				start += len(block)
		except OSError:  # the client has disconnected
			self.close_connection = True
		if end < size:
			self.close_connection = True
		return None

	def _say(self, status: int, content: dict | list, headers: dict[str, str] | None = None):
		body = json.dumps(content).encode()
		self.send_response(status)
		self.send_header("Content-Type", "application/json")
		self.send_header("Content-Length", str(len(body)))
		for name, value in (headers or {}).items():
			self.send_header(name, value)
		self.end_headers()
		if self.command != "HEAD":
			self.wfile.write(body)


def _size(content: bytes | Path) -> int:
	return len(content) if isinstance(content, bytes) else content.stat().st_size


def _blocks(content: bytes | Path, start: int, end: int):
	if isinstance(content, bytes):
		yield from (content[at : min(at + BLOCK, end)] for at in range(start, end, BLOCK))
		return
	with content.open("rb") as file:
		file.seek(start)
		while start < end and (block := file.read(min(BLOCK, end - start))):
			yield block
			start += len(block)
