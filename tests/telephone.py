"""The telephone system of `demo_crm.telephone`: a small HTTP server with calls and recordings, which also signs webhooks."""

import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

API_KEY = "telephone-key"
SIGNING_SECRET = "telephone-secret"


class Telephone:
	"""`faults`: how the next downloads fail, in order: a status, "html" or "cut"."""

	def __init__(self):
		self.calls: dict[str, dict] = {}
		self.files: dict[str, bytes] = {}
		self.faults: list = []
		self.requests: list[tuple[str, dict]] = []
		self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
		self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
		self.thread.start()

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.server.server_port}"

	def stop(self) -> None:
		self.server.shutdown()
		self.server.server_close()

	def add(self, id: str, sound: Path | None, **values) -> dict:
		"""A call that has ended; without `sound` its recording is not ready yet"""
		call = {
			"id": id, "direction": "in", "from": "+48601222333", "to": "101", "started": "2026-11-28T10:00:00+00:00",
			"seconds": 12, **values,
		}  # fmt: skip
		if sound:
			self.files[id] = sound.read_bytes()
			call |= {"recording": f"{self.url}/files/{id}", "size": len(self.files[id])}
		self.calls[id] = call
		return call


def signed(call: dict, secret: str = SIGNING_SECRET) -> tuple[bytes, dict[str, str]]:
	"""-> (body, headers) of the webhook"""
	body = json.dumps(call).encode()
	signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
	return body, {"Content-Type": "application/json", "X-Demo-Signature": signature}


@contextmanager
def telephone():
	system = Telephone()
	try:
		yield system
	finally:
		system.stop()


def handler(system: Telephone):
	class Handler(BaseHTTPRequestHandler):
		protocol_version = "HTTP/1.1"

		def do_GET(self):
			system.requests.append((self.path, dict(self.headers)))
			if self.headers.get("Authorization") != f"Bearer {API_KEY}":
				return self.answer(401, b"{}")
			kind, _slash, id = self.path.split("?")[0].strip("/").removesuffix(".json").partition("/")
			if kind == "calls" and not id:
				return self.answer(200, json.dumps(list(system.calls.values())).encode())
			if kind == "calls":
				return self.answer(200, json.dumps(system.calls[id]).encode())
			self.send_file(system.files[id])

		def send_file(self, content: bytes):
			fault = system.faults.pop(0) if system.faults else None
			if isinstance(fault, int):
				return self.answer(fault, b"{}")
			if fault == "html":
				return self.answer(200, b"<html>Please log in</html>", "text/html")
			start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
			self.send_response(206 if start else 200)
			self.send_header("Content-Type", "audio/wav")
			if start:
				self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
			self.send_header("Content-Length", str(len(content) - start))
			self.end_headers()
			if fault == "cut":
				self.wfile.write(content[start : start + (len(content) - start) // 2])
				self.close_connection = True
				return
			self.wfile.write(content[start:])

		def answer(self, status: int, body: bytes, kind: str = "application/json"):
			self.send_response(status)
			self.send_header("Content-Type", kind)
			self.send_header("Content-Length", str(len(body)))
			self.end_headers()
			self.wfile.write(body)

		def log_message(self, *args):
			pass

	return Handler
