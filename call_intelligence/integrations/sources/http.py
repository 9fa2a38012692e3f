"""The client for providers: http(s) to public addresses only, credentials to named hosts only, limits on size and time.

A name is resolved once, checked, and the connection goes to the addresses found, so that a second answer of the name server changes
nothing. Each hop of a redirect is checked like the first.
"""

import fcntl
import ipaddress
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

import certifi
import urllib3

from .types import NotReadyError, RefusedError, Request, SourceError, said

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
HEAD_SECONDS = 60.0
SEND_SECONDS = 60.0
"""for the whole answer of `send`"""
LONGEST_WAIT = 86400.0
"""seconds that a provider may ask to wait"""
MOST_HOPS = 5
MOST_ADDRESSES = 4
"""of one name that are tried"""
MOST_BYTES = 8 * 1024 * 1024
"""of an answer that is kept in memory"""
BLOCK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
# a later attempt may succeed
TEMPORARY = {
	HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR,
	HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT,
}  # fmt: skip
TOO_LARGE = said("The recording is larger than allowed (Call Intelligence Settings).")
# addresses that lead to an IPv4 address inside of them: NAT64, RFC 6052
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# IPv6 networks that lead into the own one, or to an IPv4 address, and count as global in Python: RFC 8215, 4291, 2765, 3879
NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10")))


@dataclass
class Answer:
	status: int
	headers: Mapping[str, str]
	"""names in lower case"""
	body: bytes = b""


@dataclass
class Client:
	private: tuple[str, ...] = ()
	"""hosts (host or host:port) that may have private addresses, as a Manager has allowed"""
	beat: Callable[[], None] = lambda: None
	"""called before each request and after each block of a download, so that a worker can show that it is alive"""
	head_seconds: float = HEAD_SECONDS
	"""from the beginning of a request to the end of the answer's headers"""
	resolve: Callable[[str, int], list[str]] = field(default=lambda host, port: addresses_of(host, port))

	def send(self, request: Request, method: str = "GET", body: bytes | None = None) -> Answer:
		"""At most MOST_BYTES. Raises SourceError, NotReadyError; any status that is not temporary is returned."""
		with self.opened(request, method, body) as answer, limited(answer, SEND_SECONDS):
			content = answer.read(MOST_BYTES + 1, decode_content=True)
			if len(content) > MOST_BYTES:
				raise SourceError(
					said("{0} has sent more than {1} MB.", host_of(request.url), MOST_BYTES // 1024 // 1024)
				)
			return Answer(answer.status, lower(answer.headers), content)

	def download(self, request: Request, path: Path, most_bytes: int, seconds: float) -> Mapping[str, str]:
		"""Write the file to `path`, after what is there already from an earlier attempt. -> headers of the answer

		Raises NotReadyError if it is cut off or not there yet, RefusedError if it is no recording or too large.
		"""
		done = path.stat().st_size if path.exists() else 0
		with self.opened(from_byte(request, done), "GET", None) as answer, limited(answer, seconds):
			if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
				refuse_other_file(answer, path, done)
				return lower(answer.headers)
			refuse_others_than_files(answer)
			if answer.status != HTTPStatus.PARTIAL_CONTENT:
				done = 0
			elif not continues(answer, done):
				path.unlink(missing_ok=True)
				raise NotReadyError(said("The file has changed since the last attempt."))
			expected = length_of(answer, done)
			if max(expected or 0, done) > most_bytes:
				raise RefusedError(TOO_LARGE)
			done = write(answer, path, done, most_bytes, self.beat)
			if expected is not None and done < expected:
				raise NotReadyError(said("The download ended after {0} of {1} bytes.", done, expected))
			return lower(answer.headers)

	def opened(self, request: Request, method: str, body: bytes | None) -> urllib3.BaseHTTPResponse:
		"""The answer after all redirects, open for reading"""
		url = request.url
		for _hop in range(MOST_HOPS + 1):
			answer = self.one_hop(request, url, method, body)
			if answer.status not in REDIRECTS:
				if answer.status in TEMPORARY:
					answer.close()
					raise NotReadyError(
						said("{0} answers {1}.", host_of(url), answer.status), wait_of(answer)
					)
				return answer
			target = answer.headers.get("Location", "")
			answer.close()
			before, url = url, joined(url, target)
			if answer.status in (301, 302, 303):
				method, body = "GET", None
			# what is posted may have secrets in it
			if body and host_of(url) != host_of(before):
				raise SourceError(said("{0} redirects to another host.", host_of(before)))
		raise SourceError(said("{0} redirects more than {1} times.", host_of(request.url), MOST_HOPS))

	def one_hop(
		self, request: Request, url: str, method: str, body: bytes | None
	) -> urllib3.BaseHTTPResponse:
		self.beat()
		place = place_of(url)
		secret_headers = self.headers_for(request, place)
		path = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
		failure: Exception | None = None
		for address in self.addresses(name_of(place), port_of(place)):
			try:
				with hung_up_after(self.head_seconds) as sockets:
					answer = pool_of(place, address, sockets).urlopen(
						method, path, body=body, headers=secret_headers, redirect=False, retries=False,
						preload_content=False,
					)  # fmt: skip
				return answer
			except (
				urllib3.exceptions.NewConnectionError,
				urllib3.exceptions.ConnectTimeoutError,
			) as error:
				failure = error
			except urllib3.exceptions.HTTPError as error:
				failure = error
				break
		raise NotReadyError(
			said("{0} can't be reached: {1}", place.hostname, type(failure).__name__)
		) from failure

	def headers_for(self, request: Request, place: SplitResult) -> dict[str, str]:
		"""With the credentials, if this host may have them and nobody on the way can read them"""
		host, port = name_of(place), port_of(place)
		headers = {
			"Host": place.netloc.rpartition("@")[2],
			"User-Agent": "call_intelligence",
			**request.headers,
		}
		safe = place.scheme == "https" or self.is_private(host, port)
		if safe and may_see(host, request.hosts, port):
			headers.update(request.secret_headers)
		return headers

	def addresses(self, host: str, port: int) -> list[str]:
		"""Raises SourceError if one of them is private, NotReadyError for a name that has none."""
		found = self.resolve(host, port)
		if not found:
			raise NotReadyError(said("The name {0} can't be resolved.", host))
		private = self.is_private(host, port)
		for address in found:
			if is_link_local(address) or not (private or is_public(address)):
				raise SourceError(
					said("{0} has a private address ({1}), which is not allowed.", host, address)
				)
		return found[:MOST_ADDRESSES]

	def is_private(self, host: str, port: int) -> bool:
		return host in self.private or f"{host}:{port}" in self.private


def addresses_of(host: str, port: int) -> list[str]:
	try:
		found = socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP)
	except (OSError, UnicodeError):
		return []
	return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_public(text: str) -> bool:
	"""Also of the IPv4 address that an IPv6 address leads to. Python's `is_global` counts multicast in."""
	address = ipaddress.ip_address(text)
	inner: ipaddress.IPv4Address | None = None
	if isinstance(address, ipaddress.IPv6Address):
		inner = address.ipv4_mapped or address.sixtofour
		if address in NAT64:
			inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
	if inner is not None:
		return is_public(str(inner))
	return address.is_global and not address.is_multicast and not any(address in net for net in NOT_PUBLIC)


def is_link_local(text: str) -> bool:
	"""Whether only machines of the same network segment have it, such as a cloud's address with the credentials of its machines"""
	address = ipaddress.ip_address(text)
	return (getattr(address, "ipv4_mapped", None) or address).is_link_local


def may_see(host: str, hosts: tuple[str, ...], port: int | None = None) -> bool:
	"""hosts: names; ".example.com" is example.com with its subdomains, "example.com:8080" this port only"""
	host = host.lower().rstrip(".")
	return any(
		host == name.lstrip(".") or (name.startswith(".") and host.endswith(name)) or f"{host}:{port}" == name
		for name in hosts
	)


def place_of(url: str) -> SplitResult:
	"""Raises SourceError if nothing can be called there."""
	try:
		place = urlsplit(url)
		if place.scheme in ("http", "https") and place.hostname and port_of(place):
			return place
	except ValueError:  # of the port, or brackets
		pass
	raise SourceError(said("Only http and https addresses are called."))


def port_of(place: SplitResult) -> int:
	return place.port or (443 if place.scheme == "https" else 80)


def name_of(place: SplitResult) -> str:
	return (place.hostname or "").rstrip(".")


def pool_of(place: SplitResult, address: str, sockets: list[socket.socket]) -> urllib3.HTTPConnectionPool:
	"""To the address; the certificate has to be the name's. sockets: gets those that are opened"""
	timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
	pool = urllib3.HTTPConnectionPool(address, port_of(place), timeout=timeout)
	if place.scheme == "https":
		pool = urllib3.HTTPSConnectionPool(
			address, port_of(place), timeout=timeout, ca_certs=certifi.where(), cert_reqs="CERT_REQUIRED",
			server_hostname=name_of(place), assert_hostname=name_of(place),
		)  # fmt: skip
	pool.ConnectionCls = noting_sockets(pool.ConnectionCls, sockets)
	return pool


def noting_sockets(kind: Any, sockets: list[socket.socket]) -> Any:
	class Connection(kind):
		def connect(self) -> None:
			super().connect()
			sockets.append(self.sock)

	return Connection


@contextmanager
def hung_up_after(seconds: float) -> Iterator[list[socket.socket]]:
	"""Connections of these sockets end after `seconds`, although single bytes of the headers may keep coming. Raises NotReadyError."""
	sockets: list[socket.socket] = []
	late = threading.Event()

	def end() -> None:
		late.set()
		for line in sockets:
			with suppress(OSError):
				line.shutdown(socket.SHUT_RDWR)

	timer = threading.Timer(seconds, end)
	timer.daemon = True
	timer.start()
	try:
		yield sockets
	finally:
		timer.cancel()
	# headers that were cut off look like complete ones
	if late.is_set():
		raise NotReadyError(said("The answer does not begin within {0} s.", seconds))


def joined(url: str, target: str) -> str:
	try:
		return urljoin(url, target)
	except ValueError:
		raise SourceError(said("Only http and https addresses are called.")) from None


@contextmanager
def limited(answer: urllib3.BaseHTTPResponse, seconds: float) -> Iterator[None]:
	"""Reading ends after `seconds`, although single bytes may keep coming. What goes wrong in reading is NotReadyError."""
	late = threading.Event()
	timer = threading.Timer(seconds, hang_up, (answer, late))
	timer.daemon = True
	timer.start()
	try:
		yield
	except (urllib3.exceptions.HTTPError, NotReadyError) as error:
		if late.is_set():
			raise NotReadyError(said("The download takes longer than {0} s.", round(seconds))) from error
		if isinstance(error, NotReadyError):
			raise
		raise NotReadyError(said("The answer was cut off.")) from error
	finally:
		timer.cancel()
	# an answer without a length just ends
	if late.is_set():
		raise NotReadyError(said("The download takes longer than {0} s.", round(seconds)))


def hang_up(answer: urllib3.BaseHTTPResponse, late: threading.Event) -> None:
	"""A read that waits in another thread returns at once; closing would not do that."""
	late.set()
	# it may have been read to its end just now, and then has no socket
	with (
		suppress(OSError, ValueError, AttributeError),
		socket.socket(fileno=os.dup(answer.fileno())) as line,
	):
		line.shutdown(socket.SHUT_RDWR)


def from_byte(request: Request, done: int) -> Request:
	if not done:
		return request
	headers = {**request.headers, "Range": f"bytes={done}-"}
	return Request(request.url, headers, request.secret_headers, request.hosts)


def write(
	answer: urllib3.BaseHTTPResponse, path: Path, done: int, most_bytes: int, beat: Callable[[], None]
) -> int:
	"""-> bytes of the file"""
	with path.open("ab") as file:
		alone_in(file)
		file.truncate(done)
		for block in answer.stream(BLOCK):
			done += len(block)
			if done > most_bytes:
				raise RefusedError(TOO_LARGE)
			file.write(block)
			beat()
		file.flush()
		os.fsync(file.fileno())
	return done


def alone_in(file: BinaryIO) -> None:
	"""Raise NotReadyError if another worker is writing this file."""
	try:
		fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
	except BlockingIOError:
		raise NotReadyError(said("Another worker is downloading the recording.")) from None


def host_of(url: str) -> str:
	return urlsplit(url).hostname or "?"


def lower(headers: Mapping[str, str]) -> dict[str, str]:
	return {name.lower(): value for name, value in headers.items()}


def wait_of(answer: urllib3.BaseHTTPResponse) -> float | None:
	"""Seconds until the next attempt as the server says; a second where it only says that there were too many requests"""
	found = seconds_of(answer.headers.get("Retry-After", "").strip())
	if found is None and answer.status == HTTPStatus.TOO_MANY_REQUESTS:
		return 1.0
	return found


def seconds_of(text: str) -> float | None:
	"""Of Retry-After: seconds or a date (RFC 9110); Zoom writes an ISO date. At most LONGEST_WAIT"""
	if text.isascii() and text.isdigit() and len(text) < 10:
		return min(float(text), LONGEST_WAIT)
	when: datetime | None = None
	for reading in (parsedate_to_datetime, lambda text: datetime.fromisoformat(text.replace("Z", "+00:00"))):
		with suppress(ValueError, TypeError):
			when = when or reading(text)
	if when is None:
		return None
	when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
	with suppress(OverflowError, ValueError):
		return min(max(0.0, (when.timestamp() - time.time())), LONGEST_WAIT)
	return LONGEST_WAIT


def refuse_others_than_files(answer: urllib3.BaseHTTPResponse) -> None:
	kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
	if answer.status in (401, 403):
		raise NotReadyError(said("The provider refuses the download ({0}).", answer.status))
	if answer.status == HTTPStatus.NOT_FOUND:
		raise NotReadyError(said("The provider does not have the recording (404)."))
	if answer.status not in (200, 206):
		raise RefusedError(said("The provider answers {0}.", answer.status))
	# some answer a page with the reason and 200
	if kind in ("text/html", "application/json", "application/xml", "text/xml"):
		raise NotReadyError(said("The provider has sent {0} instead of a recording.", kind))


def refuse_other_file(answer: urllib3.BaseHTTPResponse, path: Path, done: int) -> None:
	"""There is nothing after byte `done`: the file is complete already, or it is another one now."""
	if answer.headers.get("Content-Range", "") != f"bytes */{done}":
		path.unlink(missing_ok=True)
		raise NotReadyError(said("The file has changed since the last attempt."))


def continues(answer: urllib3.BaseHTTPResponse, done: int) -> bool:
	return answer.headers.get("Content-Range", "").startswith(f"bytes {done}-")


def length_of(answer: urllib3.BaseHTTPResponse, done: int) -> int | None:
	"""Bytes of the whole file, if the answer says so"""
	length = answer.headers.get("Content-Length", "")
	if answer.headers.get("Content-Encoding") or not length.isdigit():
		return None
	return int(length) + done
