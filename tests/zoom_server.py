"""A small Zoom: OAuth, the API, downloads and webhooks by contract (developers.zoom.us), with its oddities.

with ZoomServer() as zoom:
	anna = zoom.add_user("anna@our.example", "Anna Nowak")
	meeting = zoom.add_meeting(anna, "Offer", "2026-03-01T10:00:00Z", sound=path.read_bytes())
	headers, body = zoom.delivery("recording.completed", meeting)

`zoom.secrets` is what an administrator enters. It refuses what Zoom refuses: wrong credentials, tokens that are over, missing scopes, a UUID
that isn't encoded twice where it has to be, page tokens that have expired. It shortens windows of more than a month without a word.
Files lie on a second port, which answers 400 to a request with a token, as storage hosts do.
"""

import base64
import hashlib
import hmac
import itertools
import json
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

MONTH = 30  # days
SOUND = b"\0\0\0\x1cftypM4A " + bytes(range(256)) * 20

SCOPES = frozenset(
	{
		"user:read:list_users:admin", "user:read:user:admin", "cloud_recording:read:list_user_recordings:admin",
		"cloud_recording:read:list_recording_files:admin", "meeting:read:list_past_participants:admin",
		"webinar:read:list_past_participants:admin", "phone:read:list_call_recordings:admin", "phone:read:call_recording:admin",
	}
)  # fmt: skip
WHOLE_ACCOUNT = "cloud_recording:read:list_account_recordings:admin"


@dataclass(frozen=True)
class Seen:
	"""A request as it came. path: with its codes"""

	host: str
	"""api or files"""
	method: str
	path: str
	query: dict[str, str]
	headers: dict[str, str]


@dataclass
class Fault:
	"""What happens to the next `times` requests whose path matches"""

	kind: str
	"""401, 429 and other statuses; html (with 200), cut (half of the body), slow (bytes now and then, until the server stops)"""
	path: str
	times: int
	headers: dict[str, str]


@dataclass
class ZoomServer:
	"""page_size: the most rows of a page"""

	account_id: str = "acc-Zr4w"
	client_id: str = "cli_7Qx"
	client_secret: str = "sec-of-the-client"
	secret_token: str = "tok-of-the-webhooks"
	scopes: set[str] = field(default_factory=lambda: set(SCOPES))
	page_size: int = 300
	clock: float = 0.0
	"""seconds by which the Date header is wrong"""
	tells_scopes: bool = True
	one_port: bool = False
	"""files come from the API's own address, as through a proxy, instead of the storage host"""
	requests: list[Seen] = field(default_factory=list)

	users: dict[str, dict] = field(default_factory=dict)
	meetings: dict[str, dict] = field(default_factory=dict)
	participants: dict[str, list[dict]] = field(default_factory=dict)
	calls: list[dict] = field(default_factory=list)
	files: dict[str, bytes] = field(default_factory=dict)
	tokens: dict[str, frozenset[str]] = field(default_factory=dict)
	page_tokens: dict[str, tuple[str, int]] = field(default_factory=dict)
	expiring: int = 0
	"""page tokens that are found to have expired"""
	faults: list[Fault] = field(default_factory=list)

	# ------------------------------------------------------------------------------------------- running

	def start(self, port: int = 0) -> "ZoomServer":
		self._numbers = itertools.count(1)
		self._lock = threading.Lock()
		self._over = threading.Event()
		self._webs = [self._serve(_Api, port), self._serve(_Files, 0)]
		self.url, self.files_url = (f"http://127.0.0.1:{web.server_port}" for web in self._webs)
		return self

	def _serve(self, kind: type, port: int) -> ThreadingHTTPServer:
		web = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (kind,), {"zoom": self}))
		web.daemon_threads = True
		threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True).start()
		return web

	def stop(self) -> None:
		self._over.set()
		for web in self._webs:
			web.shutdown()
			web.server_close()

	def __enter__(self) -> "ZoomServer":
		return self.start()

	def __exit__(self, *_) -> None:
		self.stop()

	@property
	def secrets(self) -> dict[str, str]:
		names = ("account_id", "client_id", "client_secret", "secret_token")
		return {**{name: getattr(self, name) for name in names}, "base_url": self.url}

	@property
	def private(self) -> tuple[str, ...]:
		"""Hosts that a client has to be allowed to reach"""
		return tuple(urlsplit(url).netloc for url in (self.url, self.files_url))

	def paths(self, part: str = "", host: str = "api") -> list[str]:
		return [seen.path for seen in self.requests if seen.host == host and part in seen.path]

	# ---------------------------------------------------------------------------------------------- data

	def add_user(self, email: str, name: str = "", status: str = "active") -> dict:
		first, _, last = name.partition(" ")
		user = {"id": f"u{self._number()}_Zoom", "email": email, "first_name": first, "last_name": last}
		self.users[user["id"]] = user | {"status": status, "type": 2, "timezone": "Europe/Warsaw"}
		return self.users[user["id"]]

	def add_meeting(
		self,
		host: dict,
		topic: str,
		start: str,
		minutes: int = 30,
		uuid: str = "",
		kind: int = 2,
		participants: list[dict] | None = None,
		sound: bytes = SOUND,
		segments: list[tuple[int, int]] | None = None,
		types: tuple[str, ...] = ("audio_only", "shared_screen_with_speaker_view", "chat_file"),
	) -> dict:
		"""segments: first and last second of each stretch that was recorded. participants: see `participant`"""
		uuid = uuid or base64.b64encode(hashlib.md5(str(self._number()).encode()).digest()).decode()
		begin = _time(start)
		meeting = {
			"uuid": uuid, "id": 80000000000 + self._number(), "account_id": self.account_id, "host_id": host["id"],
			"host_email": host["email"], "topic": topic, "type": kind, "start_time": start, "timezone": "Europe/Warsaw",
			"duration": minutes, "share_url": f"{self.url}/rec/share/x", "total_size": len(sound), "recording_files": [],
		}  # fmt: skip
		for first, last in segments or [(0, minutes * 60)]:
			span = begin + timedelta(seconds=first), begin + timedelta(seconds=last)
			meeting["recording_files"] += [self._file(uuid, each, *span, sound) for each in types]
		meeting["recording_count"] = len(meeting["recording_files"])
		self.meetings[uuid] = meeting
		self.participants[uuid] = participants or []
		return meeting

	def _file(self, uuid: str, kind: str, start: datetime, end: datetime, content: bytes) -> dict:
		file_type, extension = {"audio": ("M4A", "M4A"), "chat": ("CHAT", "TXT"), "timeline": ("TIMELINE", "JSON")}.get(
			kind.partition("_")[0], ("MP4", "MP4")
		)  # fmt: skip
		name = f"f{self._number()}"
		self.files[name] = content
		return {
			"id": name, "meeting_id": uuid, "recording_start": _text(start), "recording_end": _text(end), "file_type": file_type,
			"file_extension": extension, "file_size": len(content), "recording_type": kind, "status": "completed",
			"play_url": f"{self.url}/rec/play/{name}", "download_url": f"{self.url}/rec/download/{name}",
		}  # fmt: skip

	def participant(self, name: str = "", email: str = "", user: dict | None = None, **fields) -> dict:
		"""A row of a meeting's participants; user: somebody of the account"""
		if user:
			name, email = name or f"{user['first_name']} {user['last_name']}".strip(), user["email"]
		row = {
			"id": user["id"] if user else "", "user_id": str(16777000 + self._number()), "name": name, "user_email": email,
			"join_time": "2026-03-01T10:00:00Z", "leave_time": "2026-03-01T10:30:00Z", "duration": 1800, "status": "in_meeting",
			"internal_user": bool(user),
		}  # fmt: skip
		return row | fields

	def add_phone_recording(
		self, user: dict, other: str, start: str, direction: str = "inbound", sound: bytes = SOUND, **fields
	) -> dict:
		"""other: the number of the customer"""
		name = f"p{self._number()}"
		self.files[name] = sound
		ours = {"number": "1001", "name": user["first_name"], "number_type": 1}
		theirs = {"number": other, "name": "", "number_type": 2}
		caller, callee = (theirs, ours) if direction == "inbound" else (ours, theirs)
		recording = {
			"id": name, "call_id": f"c-{name}", "user_id": user["id"], "direction": direction, "duration": 61,
			"date_time": start, "end_time": _text(_time(start) + timedelta(seconds=61)), "recording_type": "Automatic",
			"download_url": f"{self.url}/v2/phone/recording/download/{name}",
			"owner": {"type": "user", "id": user["id"], "name": user["first_name"], "extension_number": 1001},
			**{f"caller_{key}": value for key, value in caller.items()},
			**{f"callee_{key}": value for key, value in callee.items()},
		}  # fmt: skip
		self.calls.append(recording | fields)
		return self.calls[-1]

	def trash(self, uuid: str) -> dict:
		return self.meetings.pop(uuid)

	def processing(self, meeting: dict, done: bool = False) -> None:
		for file in meeting["recording_files"]:
			file["status"] = "completed" if done else "processing"

	def revoke_tokens(self) -> None:
		"""As when the app is deactivated"""
		self.tokens.clear()

	def fail(self, kind: str | int, path: str = "", times: int = 1, **headers: str) -> None:
		"""path: a regular expression"""
		named = {name.replace("_", "-"): value for name, value in headers.items()}
		self.faults.append(Fault(str(kind), path, times, named))

	def _number(self) -> int:
		return next(self._numbers)

	def fault(self, path: str) -> Fault | None:
		with self._lock:
			for fault in self.faults:
				if fault.times and re.search(fault.path, path):
					fault.times -= 1
					return fault
		return None

	# ------------------------------------------------------------------------------------------ webhooks

	def delivery(
		self, event: str, about: dict | None = None, at: float | None = None, old: dict | None = None
	) -> tuple[dict[str, str], bytes]:
		"""-> headers, body. about: `payload.object`, or the payload of endpoint.url_validation; old: what was changed"""
		payload: dict = {"account_id": self.account_id, "object": about or {}}
		if old:
			payload["old_object"] = old
		if event == "endpoint.url_validation":
			payload = about or {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}
		elif event.startswith("phone."):
			payload["object"] = {"recordings": [about]}
		message = {"event": event, "event_ts": int(time.time() * 1000), "payload": payload}
		if event == "recording.completed":
			message["download_token"] = "eyJ-of-24-hours"
		return self.signed(json.dumps(message).encode(), at)

	def signed(self, body: bytes, at: float | None = None) -> tuple[dict[str, str], bytes]:
		sent = str(int(time.time() if at is None else at))
		mark = hmac.new(self.secret_token.encode(), b"v0:" + sent.encode() + b":" + body, hashlib.sha256)
		return {
			"content-type": "application/json; charset=utf-8",
			"user-agent": "Zoom Marketplace/1.0a",
			"x-zm-request-timestamp": sent,
			"x-zm-signature": f"v0={mark.hexdigest()}",
		}, body


def _time(text: str) -> datetime:
	return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def _text(at: datetime) -> str:
	return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class _Refused(Exception):
	def __init__(self, status: int, code: int, message: str) -> None:
		self.status, self.body = status, {"code": code, "message": message}


class _Handler(BaseHTTPRequestHandler):
	zoom: ZoomServer
	host = ""
	protocol_version = "HTTP/1.1"

	def do_GET(self) -> None:
		self.rfile.read(int(self.headers.get("Content-Length") or 0))
		place = urlsplit(self.path)
		self.place = place.path
		self.query = {name: values[0] for name, values in parse_qs(place.query).items()}
		headers = {name.lower(): value for name, value in self.headers.items()}
		self.zoom.requests.append(Seen(self.host, self.command, place.path, self.query, headers))
		self.close_connection = True
		self.broken = self.zoom.fault(place.path)
		if self.broken and self.broken.kind.isdigit():
			return self.reply(int(self.broken.kind), {"code": 0, "message": "a fault"}, **self.broken.headers)
		if self.broken and self.broken.kind == "html":
			return self.send(200, b"<!DOCTYPE html><title>Error - Zoom</title>", "text/html; charset=utf-8")
		try:
			self.handle_it()
		except _Refused as refused:
			self.reply(refused.status, refused.body)

	do_POST = do_GET

	def handle_it(self) -> None:
		raise NotImplementedError

	def reply(self, status: int, body: dict, **headers: str) -> None:
		self.send(status, json.dumps(body).encode(), "application/json;charset=UTF-8", **headers)

	def send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
		self.send_response_only(status)
		self.send_header("Date", formatdate(time.time() + self.zoom.clock, usegmt=True))
		self.send_header("Content-Type", kind)
		self.send_header("Content-Length", str(len(body)))
		for name, value in headers.items():
			self.send_header(name, value)
		self.end_headers()
		self.body(body)

	def send_file(self, content: bytes) -> None:
		asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
		start = int(asked[1]) if asked else 0
		if asked and start >= len(content):
			return self.send(416, b"", "text/plain", **{"Content-Range": f"bytes */{len(content)}"})
		span = f"bytes {start}-{len(content) - 1}/{len(content)}"
		more = {"Content-Range": span} if asked else {}
		self.send(206 if asked else 200, content[start:], "application/octet-stream", **more)

	def body(self, body: bytes) -> None:
		broken = self.broken.kind if self.broken else ""
		try:
			if broken == "slow":
				for start in range(len(body)):
					self.wfile.write(body[start : start + 1])
					if self.zoom._over.wait(0.05):
						return
			self.wfile.write(body[: len(body) // 2] if broken == "cut" else body)
		except OSError:
			pass  # the client has had enough

	def log_message(self, *_) -> None:
		pass


class _Files(_Handler):
	"""The storage host: addresses are signed, and a token in the header is one thing too many"""

	host = "files"

	def handle_it(self) -> None:
		if "Authorization" in self.headers or self.query.get("Signature") != "of-storage":
			return self.send(400, b"<Error><Code>InvalidArgument</Code></Error>", "application/xml")
		self.send_file(self.zoom.files[self.place.rpartition("/")[2]])


class _Api(_Handler):
	host = "api"

	def handle_it(self) -> None:
		if self.place == "/oauth/token":
			return self.token()
		for pattern, method in self.ROUTES:
			if found := re.fullmatch(pattern, self.place):
				return method(self, *found.groups())
		raise _Refused(404, 2300, "This API endpoint is not recognized.")

	# ------------------------------------------------------------------------------------------- tokens

	def token(self) -> None:
		zoom = self.zoom
		pair = base64.b64encode(f"{zoom.client_id}:{zoom.client_secret}".encode()).decode()
		if self.command != "POST" or self.headers.get("Authorization") != f"Basic {pair}":
			refusal = {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}
			return self.reply(400, refusal)
		wanted = {"grant_type": "account_credentials", "account_id": zoom.account_id}
		if self.query != wanted:
			return self.reply(400, {"reason": "Bad Request", "error": "invalid_request"})
		value = f"eyJ.{len(zoom.requests)}"
		zoom.tokens[value] = frozenset(zoom.scopes)
		answer = {
			"access_token": value,
			"token_type": "bearer",
			"expires_in": 3599,
			"api_url": "https://api.zoom.us",
		}
		if zoom.tells_scopes:
			answer["scope"] = " ".join(sorted(zoom.scopes))
		self.reply(200, answer)

	def need(self, *scopes: str) -> None:
		value = self.headers.get("Authorization", "").removeprefix("Bearer ")
		if value not in self.zoom.tokens:
			raise _Refused(401, 124, "Invalid access token.")
		if not self.zoom.tokens[value] & set(scopes):
			names = ", ".join(each for scope in scopes for each in (scope.removesuffix(":admin"), scope))
			raise _Refused(400, 4711, f"Invalid access token, does not contain scopes:[{names}].")

	# -------------------------------------------------------------------------------------------- lists

	def page(self, key: str, rows: list[dict], **more: object) -> None:
		"""A page token belongs to the rest of the query"""
		size = min(int(self.query.get("page_size", 30)), self.zoom.page_size)
		same = json.dumps([self.place, {**self.query, "next_page_token": ""}], sort_keys=True)
		start, token = 0, self.query.get("next_page_token")
		if token:
			kept = self.zoom.page_tokens.get(token)
			if self.zoom.expiring > 0 or not kept or kept[0] != same:
				self.zoom.expiring -= 1
				raise _Refused(400, 300, "The next page token is invalid or expired.")
			start = kept[1]
		following = ""
		if start + size < len(rows):
			following = f"page-{len(self.zoom.requests)}"
			self.zoom.page_tokens[following] = (same, start + size)
		page = {
			"page_size": size,
			"total_records": len(rows),
			"next_page_token": following,
			key: rows[start : start + size],
		}
		self.reply(200, {**more, **page})

	def list_users(self) -> None:
		self.need("user:read:list_users:admin")
		status = self.query.get("status", "active")
		self.page("users", [user for user in self.zoom.users.values() if user["status"] == status])

	def user(self, key: str) -> None:
		self.need("user:read:user:admin")
		self.reply(200, self.user_of(key))

	def user_of(self, key: str) -> dict:
		key = unquote(key)
		for user in self.zoom.users.values():
			if key in (user["id"], user["email"]):
				return user
		raise _Refused(404, 1001, f"User does not exist: {key}.")

	def user_recordings(self, key: str) -> None:
		self.need("cloud_recording:read:list_user_recordings:admin")
		self.recordings(self.user_of(key)["id"])

	def account_recordings(self) -> None:
		self.need(WHOLE_ACCOUNT)
		self.recordings("")

	def recordings(self, host: str) -> None:
		first, last = self.window()
		rows = [
			# the host's address is not told in every list
			{name: value for name, value in meeting.items() if name != "host_email"}
			for meeting in self.zoom.meetings.values()
			if host in ("", meeting["host_id"]) and first <= _time(meeting["start_time"]).date() <= last
		]
		self.page("meetings", rows, **{"from": first.isoformat(), "to": last.isoformat()})

	def window(self) -> tuple[date, date]:
		today = datetime.now(timezone.utc).date()
		first, last = (
			date.fromisoformat(self.query[name]) if name in self.query else today for name in ("from", "to")
		)
		return max(first, last - timedelta(days=MONTH)), last

	def phone_recordings(self) -> None:
		self.need("phone:read:list_call_recordings:admin")
		first, last = self.window()
		rows = [call for call in self.zoom.calls if first <= _time(call["date_time"]).date() <= last]
		self.page("recordings", rows)

	# --------------------------------------------------------------------------------------- one meeting

	def uuid(self, coded: str) -> str:
		"""Encoded twice is always right, once only without a slash at the beginning and without two"""
		once = unquote(coded)
		for uuid in (once, unquote(once)):
			twice_needed = uuid.startswith("/") or "//" in uuid
			if uuid in self.zoom.participants and not (uuid == once and twice_needed):
				return uuid
		raise _Refused(404, 3001, f"Meeting does not exist: {coded}.")

	def meeting_recordings(self, coded: str) -> None:
		self.need("cloud_recording:read:list_recording_files:admin")
		uuid = self.uuid(coded)
		if uuid not in self.zoom.meetings:
			raise _Refused(404, 3301, "This recording does not exist.")
		# here the type is a text
		meeting = self.zoom.meetings[uuid]
		self.reply(200, {**meeting, "type": str(meeting["type"])})

	def past_meeting(self, coded: str) -> None:
		self.need("meeting:read:list_past_participants:admin")
		self.past(self.uuid(coded), webinar=False)

	def past_webinar(self, coded: str) -> None:
		self.need("webinar:read:list_past_participants:admin")
		self.past(self.uuid(coded), webinar=True)

	def past(self, uuid: str, webinar: bool) -> None:
		meeting = self.zoom.meetings.get(uuid)
		if meeting and (meeting["type"] in (5, 6, 9)) != webinar:
			raise _Refused(404, 3001, "Meeting does not exist.")
		people = self.zoom.participants[uuid]
		# nothing is told of who was alone
		alone = len({row["id"] or row["name"] for row in people}) < 2
		self.page("participants", [] if alone else people)

	# ---------------------------------------------------------------------------------------- downloads

	def download(self, name: str) -> None:
		self.need("cloud_recording:read:list_recording_files:admin")
		self.redirect(name)

	def phone_download(self, name: str) -> None:
		self.need("phone:read:call_recording:admin")
		self.redirect(name)

	def redirect(self, name: str) -> None:
		if name not in self.zoom.files:
			return self.send(200, b"<title>The recording does not exist</title>", "text/html")
		if self.zoom.one_port:
			return self.send_file(self.zoom.files[name])
		target = f"{self.zoom.files_url}/storage/{name}?Signature=of-storage"
		self.send(302, b"", "text/html", Location=target)

	ROUTES = (
		(r"/v2/users", list_users),
		(r"/v2/users/([^/]+)", user),
		(r"/v2/users/([^/]+)/recordings", user_recordings),
		(r"/v2/accounts/me/recordings", account_recordings),
		(r"/v2/meetings/([^/]+)/recordings", meeting_recordings),
		(r"/v2/past_meetings/([^/]+)/participants", past_meeting),
		(r"/v2/past_webinars/([^/]+)/participants", past_webinar),
		(r"/v2/phone/recordings", phone_recordings),
		(r"/v2/phone/recording/download/([^/]+)", phone_download),
		(r"/rec/download/([^/]+)", download),
	)
