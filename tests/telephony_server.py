"""A small server that plays the hosts of Twilio, of Exotel and others, by their documented contracts, and a client whose every request goes
there.

with TelephonyServer() as server: server.recordings[...] = Recording(...); server.client().send(Request("https://api.twilio.com/..."))
"""

import base64
import json
import re
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from call_intelligence.integrations.sources.http import Client
from call_intelligence.integrations.sources.types import Request

ACCOUNT, KEY = "AC" + "a" * 32, "SK" + "b" * 32
CALL, RECORDING = "CA" + "c" * 32, "RE" + "d" * 32
TWILIO = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
RECORDING_URL = f"{TWILIO}/Recordings/{RECORDING}"
EXOTEL_URL = "https://recordings.exotel.com/exotelrecordings/northwind/e1.mp3"
STORAGE = "https://storage.example"
FORGED = "https://api.twilio.com.evil.example"
HOSTS = (
	"api.twilio.com", "api.exotel.com", "recordings.exotel.com", "storage.example", "api.twilio.com.evil.example",
	"evil-twilio.com", "exotel.com.evil.example",
)  # fmt: skip
# values of telephony_media's `secrets`
SECRETS = {
	"twilio": "CRM Twilio Settings",
	"twilio_account_sid": ACCOUNT,
	"twilio_auth_token": "the token",
	"twilio_api_key": "",
	"twilio_api_secret": "",
	"exotel": "CRM Exotel Settings",
	"exotel_account_sid": "northwind",
	"exotel_api_key": "exotel key",
	"exotel_api_token": "exotel token",
	"exotel_host": "api.exotel.com",
}
LOGINS = {
	"twilio.com": {f"{ACCOUNT}:the token", f"{KEY}:the secret"},
	"exotel.com": {"exotel key:exotel token"},
}
MONO, DUAL = b"ID3 mono", b"RIFF dual"


@dataclass
class Recording:
	"""At Twilio"""

	call_sid: str = CALL
	channels: int = 1
	status: str = "completed"
	duration: str = "61"
	start_time: str = "Sat, 31 Jan 2026 14:30:02 +0000"
	error_code: int | None = None
	at_storage: bool = False
	"""whether the file is downloaded from a host that must not see the credentials"""


@dataclass
class TelephonyServer:
	recordings: dict[str, Recording] = field(default_factory=dict)
	calls: dict[str, dict] = field(default_factory=dict)
	"""Twilio's, by CallSid"""
	exotel: dict[str, bytes] = field(default_factory=dict)
	"""path -> file; what is missing here is not ready"""
	mono: bytes = MONO
	dual: bytes = DUAL
	"""what is sent as a recording with one channel and with two"""
	requests: list[tuple[str, str, str | None]] = field(default_factory=list)
	"""(host, path with query, "user:password" or None)"""

	def __enter__(self):
		handler = type("Handler", (_Handler,), {"telephony": self})
		self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
		self._server.daemon_threads = True
		threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
		return self

	def __exit__(self, *_):
		self._server.shutdown()
		self._server.server_close()

	@property
	def port(self) -> int:
		return self._server.server_port

	def client(self) -> Client:
		return _LocalClient(HOSTS, self.port)

	def here(self, url: str) -> str:
		"""The same address at this server's port, where its host's name leads to this machine"""
		place = urlsplit(url)
		return place._replace(scheme="http", netloc=f"{place.hostname}:{self.port}").geturl()

	def logins_seen_by(self, host: str) -> set[str | None]:
		return {login for seen, _path, login in self.requests if seen == host}


class _LocalClient(Client):
	"""Sends what is meant for https://HOST to the server, in the clear."""

	def __init__(self, hosts: tuple[str, ...], port: int):
		super().__init__(private=hosts, resolve=lambda host, port: ["127.0.0.1"])
		self.port = port

	def one_hop(self, request: Request, url: str, method: str, body: bytes | None):
		place = urlsplit(url)
		local = place._replace(scheme="http", netloc=f"{place.hostname}:{self.port}").geturl()
		return super().one_hop(replace(request, url=local), local, method, body)


class _Handler(BaseHTTPRequestHandler):
	telephony: TelephonyServer
	protocol_version = "HTTP/1.1"

	def log_message(self, *_):
		pass

	def do_GET(self):
		host = self.headers["Host"].partition(":")[0]
		kind, _space, encoded = (self.headers["Authorization"] or "").partition(" ")
		self.login = base64.b64decode(encoded).decode() if kind == "Basic" else None
		self.telephony.requests.append((host, self.path, self.login))
		url = urlsplit(self.path)
		if host == "api.twilio.com":
			return self.twilio(url.path, parse_qs(url.query))
		if host.endswith(".exotel.com"):
			return self.exotel(host, url.path)
		if host == "storage.example":
			return self.file(self.telephony.dual)
		return self.file(self.telephony.mono)

	def knows(self, domain: str) -> bool:
		return self.login in LOGINS[domain]

	def twilio(self, path: str, query: dict):
		if not self.knows("twilio.com"):
			return self.say(401, {"code": 20003, "message": "Authenticate", "status": 401})
		if path.endswith("/Recordings.json"):
			return self.say(200, {"recordings": []})
		if found := re.search(r"/Calls/(\w+)\.json$", path):
			call = self.telephony.calls.get(found[1])
			return self.say(200 if call else 404, call or {"code": 20404, "status": 404})
		name, _dot, extension = path.rpartition("/")[2].partition(".")
		recording = self.telephony.recordings.get(name)
		if not recording:
			return self.say(404, {"code": 20404, "status": 404})
		if extension == "json":
			details = {name: value for name, value in vars(recording).items() if name != "at_storage"}
			return self.say(200, {"sid": name, **details})
		return self.media(recording, query)

	def media(self, recording: Recording, query: dict):
		if recording.at_storage:
			return self.say(307, b"", "text/plain", Location=f"{STORAGE}/{recording.call_sid}")
		return self.file(
			self.telephony.dual if query.get("RequestedChannels") == ["2"] else self.telephony.mono
		)

	def exotel(self, host: str, path: str):
		if not self.knows("exotel.com"):
			return self.say(401, b"<h1>Unauthorized</h1>", "text/html")
		if host == "api.exotel.com":
			return self.say(200, b"<TwilioResponse/>", "application/xml")
		file = self.telephony.exotel.get(path)
		return self.file(file) if file else self.say(404, b"Not Found", "text/plain")

	def file(self, content: bytes):
		self.say(200, content, "audio/x-wav" if content.startswith(b"RIFF") else "audio/mpeg")

	def say(self, status: int, content, kind: str = "application/json", **headers: str):
		body = content if isinstance(content, bytes) else json.dumps(content).encode()
		self.send_response(status)
		for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
			self.send_header(name, value)
		self.end_headers()
		self.wfile.write(body)
