"""The client for providers, against small servers on this machine"""

import contextlib
import fcntl
import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from call_intelligence.integrations.sources import http
from call_intelligence.integrations.sources.http import Client
from call_intelligence.integrations.sources.types import NotReadyError, RefusedError, Request, SourceError

SOUND = bytes(range(256)) * 400
SECRET = {"Authorization": "Bearer of-the-account"}
LOCAL = "127.0.0.1"


@dataclass
class Server:
	"""Answers by functions of the path; remembers the headers of each request"""

	ways: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
	seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
	go_on: threading.Event = field(default_factory=threading.Event)
	port: int = 0

	def url(self, path: str, host: str = LOCAL) -> str:
		return f"http://{host}:{self.port}{path}"

	def header(self, path: str, name: str) -> str | None:
		return [headers.get(name) for place, headers in self.seen if place == path][-1]


@contextlib.contextmanager
def serving(certificate: Path | None = None) -> Iterator[Server]:
	"""certificate: with its key, for https"""
	server = Server()

	class Handler(BaseHTTPRequestHandler):
		protocol_version = "HTTP/1.1"

		def do_GET(self):
			size = int(self.headers.get("Content-Length") or 0)
			self.posted = self.rfile.read(size)
			server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
			self.close_connection = True
			with contextlib.suppress(OSError):
				server.ways[self.path](self)

		do_POST = do_GET

		def log_message(self, *_):
			pass

	web = ThreadingHTTPServer((LOCAL, 0), Handler)
	web.daemon_threads = True
	if certificate:
		tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		tls.load_cert_chain(certificate)
		web.socket = tls.wrap_socket(web.socket, server_side=True)
	server.port = web.server_port
	threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
	try:
		yield server
	finally:
		server.go_on.set()
		web.shutdown()
		web.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
	with serving() as server:
		yield server


@pytest.fixture
def other() -> Iterator[Server]:
	with serving() as server:
		yield server


def answer(status: int = 200, body: bytes = b"", **headers: str):
	def way(request: BaseHTTPRequestHandler) -> None:
		request.send_response(status)
		for name, value in headers.items():
			request.send_header(name.replace("_", "-"), value)
		if "Content_Length" not in headers:
			request.send_header("Content-Length", str(len(body)))
		request.end_headers()
		request.wfile.write(body)

	return way


def sound(request: BaseHTTPRequestHandler) -> None:
	"""A server that knows ranges"""
	start = int((request.headers.get("Range") or "bytes=0-")[6:-1])
	if start >= len(SOUND):
		return answer(416, Content_Range=f"bytes */{len(SOUND)}")(request)
	span = f"bytes {start}-{len(SOUND) - 1}/{len(SOUND)}"
	answer(206 if start else 200, SOUND[start:], Content_Type="audio/mp4", Content_Range=span)(request)


def client(**options) -> Client:
	return Client(private=(LOCAL,), **options)


def fetch(server: Server, path, way: str = "/sound", most: int = 10**6, seconds: float = 20.0):
	return client().download(Request(server.url(way)), path, most, seconds)


# ---------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
	"address",
	[
		"127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
		"::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
		"64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "::10.0.0.1", "::ffff:0:10.0.0.1", "fec0::1",
	],
)  # fmt: skip
def test_private_addresses_are_not_called(server, address):
	server.ways["/"] = answer()
	calling = Client(resolve=lambda host, port: [address])
	with pytest.raises(SourceError, match="private address"):
		calling.send(Request(server.url("/", "media.example.com")))
	assert not server.seen


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_may_be_called(address):
	assert Client(resolve=lambda host, port: [address]).addresses("dns.example.com", 443) == [address]


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254"])
def test_addresses_of_the_cloud_itself_are_never_called(address):
	calling = Client(private=("media.example.com",), resolve=lambda host, port: [address])
	with pytest.raises(SourceError, match="private address"):
		calling.addresses("media.example.com", 443)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
	calling = Client(resolve=lambda host, port: ["8.8.8.8", "127.0.0.1"])
	with pytest.raises(SourceError):
		calling.addresses("media.example.com", 443)


def test_a_private_host_is_allowed_with_its_port_or_with_all(server):
	server.ways["/"] = answer(body=b"yes")
	for allowed in (LOCAL, f"{LOCAL}:{server.port}"):
		assert Client(private=(allowed,)).send(Request(server.url("/"))).body == b"yes"
	with pytest.raises(SourceError):
		Client(private=(f"{LOCAL}:1",)).send(Request(server.url("/")))


def test_the_address_that_was_checked_is_the_one_that_is_called(server):
	"""A name server that answers differently the second time gains nothing."""
	server.ways["/"] = answer(body=b"yes")
	answers = iter([[LOCAL], ["10.0.0.1"]])
	calling = Client(private=("zoom.example.com",), resolve=lambda host, port: next(answers))
	assert calling.send(Request(server.url("/", "zoom.example.com"))).body == b"yes"
	assert server.header("/", "host") == f"zoom.example.com:{server.port}"


def test_a_name_with_several_addresses_is_reached_by_one_that_answers(server):
	server.ways["/"] = answer(body=b"yes")
	calling = Client(private=("pbx.example.com",), resolve=lambda host, port: ["127.0.0.99", LOCAL])
	assert calling.send(Request(server.url("/", "pbx.example.com"))).body == b"yes"


def test_a_name_that_nobody_answers_for_may_answer_later(server):
	calling = Client(private=("pbx.example.com",), resolve=lambda host, port: ["127.0.0.99", "127.0.0.98"])
	with pytest.raises(NotReadyError, match="can't be reached"):
		calling.send(Request(server.url("/", "pbx.example.com")))
	with pytest.raises(NotReadyError, match="can't be resolved"):
		Client(resolve=lambda host, port: []).send(Request("https://nowhere.example.com/"))


@pytest.mark.parametrize(
	"url",
	["file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "https://", "//example.com/", "http://h:99999/", "http://[::1/"],
)  # fmt: skip
def test_other_addresses_are_not_called(url):
	with pytest.raises(SourceError, match="Only http"):
		client().send(Request(url))


def test_a_redirect_to_a_private_address_is_refused(server, other):
	other.ways["/"] = answer()
	server.ways["/"] = answer(302, Location=f"http://localhost:{other.port}/")
	with pytest.raises(SourceError, match="private address"):
		client().send(Request(server.url("/")))
	assert not other.seen


# -------------------------------------------------------------------------------------------- credentials


def test_credentials_are_dropped_where_a_redirect_leads(server, other):
	server.ways["/a"] = answer(302, Location="/b")
	server.ways["/b"] = answer(307, Location=other.url("/c"))
	other.ways["/c"] = answer(body=b"there")
	request = Request(
		server.url("/a"), {"X-Plain": "1"}, secret_headers=SECRET, hosts=(f"{LOCAL}:{server.port}",)
	)
	assert client().send(request).body == b"there"
	assert (
		server.header("/a", "authorization")
		== server.header("/b", "authorization")
		== SECRET["Authorization"]
	)
	assert other.header("/c", "authorization") is None
	assert other.header("/c", "x-plain") == "1"


def test_credentials_need_a_named_host_and_a_line_that_nobody_reads(server):
	server.ways["/"] = answer()
	calling = Client(private=(LOCAL,))
	calling.send(Request(server.url("/"), secret_headers=SECRET, hosts=(".zoom.us",)))
	assert server.header("/", "authorization") is None

	def headers(url: str) -> dict[str, str]:
		request = Request(url, secret_headers=SECRET, hosts=("zoom.us",))
		return calling.headers_for(request, http.place_of(url))

	assert headers("https://zoom.us/rec")["Authorization"]
	assert "Authorization" not in headers("http://zoom.us/rec")


@pytest.mark.parametrize(
	("host", "port", "may"),
	[
		("zoom.us", 443, True), ("api.zoom.us", 443, True), ("API.ZOOM.US.", 443, True), ("evilzoom.us", 443, False),
		("zoom.us.evil.com", 443, False), ("proxy.example.com", 8080, True), ("proxy.example.com", 443, False), ("us", 443, False),
	],
)  # fmt: skip
def test_names_of_hosts(host, port, may):
	assert http.may_see(host, (".zoom.us", "proxy.example.com:8080"), port) is may


def test_a_user_in_the_address_is_not_sent(server):
	server.ways["/"] = answer()
	client().send(Request(f"http://me:secret@{LOCAL}:{server.port}/"))
	assert server.header("/", "host") == f"{LOCAL}:{server.port}"
	assert server.header("/", "authorization") is None


# ------------------------------------------------------------------------------------------- certificates


def certificate_of(name: str, path: Path) -> Path:
	key = ec.generate_private_key(ec.SECP256R1())
	who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
	now = datetime.now(timezone.utc)
	made = (
		x509.CertificateBuilder()
		.subject_name(who)
		.issuer_name(who)
		.public_key(key.public_key())
		.serial_number(1)
		.not_valid_before(now - timedelta(days=1))
		.not_valid_after(now + timedelta(days=1))
		.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
		.sign(key, hashes.SHA256())
	)
	pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
	path.write_bytes(
		key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
	)
	return path


def test_the_certificate_has_to_be_of_the_name(tmp_path, monkeypatch):
	"""The connection goes to an address, yet it is the name that counts."""
	certificate = certificate_of("zoom.example.com", tmp_path / "pem")
	calling = Client(private=("zoom.example.com", "other.example.com"), resolve=lambda host, port: [LOCAL])
	with serving(certificate) as server:
		server.ways["/"] = answer(body=b"yes")
		url = f"https://zoom.example.com:{server.port}/"
		request = Request(url, secret_headers=SECRET, hosts=("zoom.example.com",))
		with pytest.raises(NotReadyError, match="SSLError"):
			calling.send(request)
		monkeypatch.setattr(http.certifi, "where", lambda: str(certificate))
		assert calling.send(request).body == b"yes"
		assert server.header("/", "authorization") == SECRET["Authorization"]
		with pytest.raises(NotReadyError, match="SSLError"):
			calling.send(Request(url.replace("zoom", "other")))


# ------------------------------------------------------------------------------------------------ answers


def test_codes_in_a_path_stay_as_they_are(server):
	server.ways["/meetings/%252Fabc%253D%253D/x?a=%2B&b=1%202"] = answer(body=b"yes")
	assert client().send(Request(server.url("/meetings/%252Fabc%253D%253D/x?a=%2B&b=1%202"))).body == b"yes"


def test_a_post_becomes_a_get_or_stays_one(server):
	server.ways["/303"] = answer(303, Location="/end")
	server.ways["/307"] = answer(307, Location="/echo")
	server.ways["/end"] = lambda request: answer(body=request.command.encode())(request)
	server.ways["/echo"] = lambda request: answer(body=request.posted)(request)
	assert client().send(Request(server.url("/303")), "POST", b"a=1").body == b"GET"
	assert client().send(Request(server.url("/307")), "POST", b"a=1").body == b"a=1"


def test_what_is_posted_goes_to_no_other_host(server):
	server.ways["/"] = answer(307, Location="https://example.com/")
	with pytest.raises(SourceError, match="another host"):
		client().send(Request(server.url("/")), "POST", b"refresh_token=x")


def test_redirects_end(server):
	server.ways["/"] = answer(302, Location="/")
	with pytest.raises(SourceError, match="more than 5 times"):
		client().send(Request(server.url("/")))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_lasting_statuses_are_returned(server, status):
	server.ways["/"] = answer(status, b"{}", X_Zm_Trackingid="v=2")
	got = client().send(Request(server.url("/")))
	assert (got.status, got.body, got.headers["x-zm-trackingid"]) == (status, b"{}", "v=2")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_other_statuses_may_pass(server, status):
	server.ways["/"] = answer(status)
	with pytest.raises(NotReadyError, match=str(status)) as raised:
		client().send(Request(server.url("/")))
	assert raised.value.seconds == (1.0 if status == 429 else None)


def test_how_long_to_wait(server):
	soon = datetime.now(timezone.utc) + timedelta(seconds=100)
	for text in ("100", format_datetime(soon, usegmt=True), soon.strftime("%Y-%m-%dT%H:%M:%SZ")):
		server.ways["/"] = answer(429, Retry_After=text)
		with pytest.raises(NotReadyError) as raised:
			client().send(Request(server.url("/")))
		assert raised.value.seconds == pytest.approx(100, abs=5)
	assert http.seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0
	for text in ("", "soon", "-5", "²", "9" * 40):
		assert http.seconds_of(text) is None
	for text in ("999999999", "Fri, 31 Dec 9999 23:59:59 -1200", "Fri, 31 Dec 9999 23:59:59 GMT"):
		assert http.seconds_of(text) == http.LONGEST_WAIT


def test_an_answer_that_is_cut_off(server):
	server.ways["/"] = answer(body=b"{", Content_Length="500")
	with pytest.raises(NotReadyError, match="cut off"):
		client().send(Request(server.url("/")))


def test_an_answer_that_is_too_large(server, monkeypatch):
	monkeypatch.setattr(http, "MOST_BYTES", 1024 * 1024)
	bomb = gzip.compress(bytes(2 * 1024 * 1024))
	server.ways["/"] = answer(body=bomb, Content_Encoding="gzip")
	with pytest.raises(SourceError, match="more than 1 MB"):
		client().send(Request(server.url("/")))


def test_an_answer_that_takes_too_long(server, monkeypatch):
	monkeypatch.setattr(http, "SEND_SECONDS", 0.2)
	server.ways["/"] = dripping(server)
	with pytest.raises(NotReadyError, match="takes longer"):
		client().send(Request(server.url("/")))


def test_headers_that_never_end_are_left(server):
	def way(request: BaseHTTPRequestHandler) -> None:
		request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
		while not server.go_on.wait(0.02):
			request.wfile.write(b".")

	server.ways["/"] = way
	with pytest.raises(NotReadyError, match="does not begin"):
		client(head_seconds=0.3).send(Request(server.url("/")))


def test_secrets_are_not_in_a_printed_request():
	"""Frappe's Error Log prints the local variables of a traceback."""
	assert "of-the-account" not in repr(Request("https://example.com", secret_headers=SECRET))


# ---------------------------------------------------------------------------------------------- downloads


def dripping(server: Server, length: bool = True):
	"""A byte now and then, so that no single read times out"""

	def way(request: BaseHTTPRequestHandler) -> None:
		request.send_response(200)
		request.send_header("Content-Type", "audio/mp4")
		if length:
			request.send_header("Content-Length", str(10**6))
		request.end_headers()
		while not server.go_on.wait(0.02):
			request.wfile.write(b".")

	return way


def test_a_download(server, tmp_path):
	server.ways["/sound"] = sound
	assert fetch(server, tmp_path / "a")["content-type"] == "audio/mp4"
	assert (tmp_path / "a").read_bytes() == SOUND


def test_a_download_that_was_cut_off_goes_on(server, tmp_path):
	server.ways["/sound"] = answer(
		200, SOUND[:90_000], Content_Length=str(len(SOUND)), Content_Type="audio/mp4"
	)
	with pytest.raises(NotReadyError, match="cut off"):
		fetch(server, tmp_path / "a")
	assert 0 < (tmp_path / "a").stat().st_size <= 90_000
	size = (tmp_path / "a").stat().st_size
	server.ways["/sound"] = sound
	fetch(server, tmp_path / "a")
	assert server.header("/sound", "range") == f"bytes={size}-"
	assert (tmp_path / "a").read_bytes() == SOUND
	fetch(server, tmp_path / "a")  # it is complete
	assert (tmp_path / "a").read_bytes() == SOUND


def test_two_workers_do_not_write_into_one_file(server, tmp_path):
	server.ways["/sound"] = sound
	with (tmp_path / "sound").open("ab") as held:
		fcntl.flock(held, fcntl.LOCK_EX)
		with pytest.raises(NotReadyError, match="Another worker"):
			fetch(server, tmp_path / "sound")


def test_a_server_without_ranges_sends_all_again(server, tmp_path):
	(tmp_path / "a").write_bytes(b"x" * 200_000)
	server.ways["/sound"] = answer(200, SOUND)
	fetch(server, tmp_path / "a")
	assert (tmp_path / "a").read_bytes() == SOUND


@pytest.mark.parametrize(
	"changed",
	[answer(206, b"xyz", Content_Range="bytes 0-2/3"), answer(206, b"xyz"), answer(416, Content_Range="bytes */3")],
)  # fmt: skip
def test_a_file_that_has_changed_begins_again(server, tmp_path, changed):
	(tmp_path / "a").write_bytes(SOUND[:100])
	server.ways["/sound"] = changed
	with pytest.raises(NotReadyError, match="changed"):
		fetch(server, tmp_path / "a")
	assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "TEXT/XML"])
def test_a_page_with_200_is_no_recording(server, tmp_path, kind):
	(tmp_path / "a").write_bytes(SOUND[:100])
	server.ways["/sound"] = answer(200, b"<html>The recording does not exist", Content_Type=kind)
	with pytest.raises(NotReadyError, match="instead of a recording"):
		fetch(server, tmp_path / "a")
	assert (tmp_path / "a").read_bytes() == SOUND[:100]


@pytest.mark.parametrize(
	("status", "error"),
	[
		(401, NotReadyError),
		(403, NotReadyError),
		(404, NotReadyError),
		(410, RefusedError),
		(400, RefusedError),
	],
)
def test_refused_downloads(server, tmp_path, status, error):
	server.ways["/sound"] = answer(status, b"no")
	with pytest.raises(error, match=str(status)):
		fetch(server, tmp_path / "a")
	assert not (tmp_path / "a").exists()


def test_a_file_that_is_too_large(server, tmp_path):
	server.ways["/sound"] = sound
	with pytest.raises(RefusedError, match="larger"):
		fetch(server, tmp_path / "a", most=1000)
	assert not (tmp_path / "a").exists()

	def endless(request: BaseHTTPRequestHandler) -> None:
		request.send_response(200)
		request.send_header("Content-Type", "audio/mp4")
		request.end_headers()
		while not server.go_on.is_set():
			request.wfile.write(SOUND)

	server.ways["/sound"] = endless  # it doesn't say how large
	with pytest.raises(RefusedError, match="larger"):
		fetch(server, tmp_path / "a", most=10**6)
	assert (tmp_path / "a").stat().st_size <= 10**6


@pytest.mark.parametrize("length", [True, False])
def test_a_download_that_takes_too_long_ends_in_time(server, tmp_path, length):
	server.ways["/sound"] = dripping(server, length)
	begun = time.monotonic()
	with pytest.raises(NotReadyError, match="takes longer"):
		fetch(server, tmp_path / "a", seconds=0.3)
	assert time.monotonic() - begun < http.READ_SECONDS / 2
