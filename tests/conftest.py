"""Fixtures for all tests.

Unit tests need none of them. Integration tests use `site`: they run connected to the test site as Administrator, and
their writes are rolled back. Documents that they commit (because a job must see them) they delete themselves; `committed` helps.
Browser tests use `desk`, the test site in a real Chromium.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import browser, processes

CHECKOUT = Path(__file__).resolve().parents[1]
# set by ./run test
ALL_IS_INSTALLED = bool(os.environ.get("CALL_INTELLIGENCE_BENCH"))
BENCH = Path(os.environ.get("CALL_INTELLIGENCE_BENCH") or CHECKOUT / ".bench")
SITE = processes.site_of_this_process(
	(os.environ.get("CALL_INTELLIGENCE_TEST_SITES") or "test.localhost").split()
)
PASSWORD = "Correct-Horse-7"
FOLDERS = ("unit", "engine", "media", "accuracy", "integration", "security", "ui", "chaos")


def pytest_addoption(parser):
	parser.addoption(
		"--chaos", action="store_true", help="kill for ten minutes in tests/chaos, instead of one"
	)
	parser.addoption("--slow", action="store_true", help="run the slow tests as well")


def pytest_configure(config):
	for name in FOLDERS:
		config.addinivalue_line("markers", f"{name}: tests in tests/{name}")
	config.addinivalue_line("markers", "slow: runs if it is named, or with --slow")
	config.addinivalue_line(
		"markers", "frappe_source: runs if Frappe has its build files: ./run test --frappe DIR"
	)
	# processes of pytest-xdist get the option from the first process
	if config.args_source is config.ArgsSource.ARGS and not hasattr(config, "workerinput"):
		config.option.slow = True


def pytest_collection_modifyitems(config, items):
	"""Marks tests by their folder, runs the quick ones first and leaves out the slow ones."""

	def folder(item) -> str:
		return Path(item.path).relative_to(CHECKOUT / "tests").parts[0]

	for item in items:
		if folder(item) in FOLDERS:
			item.add_marker(folder(item))
	items.sort(key=lambda item: FOLDERS.index(folder(item)) if folder(item) in FOLDERS else -1)
	left_out = [] if config.getoption("slow") else ["slow"]
	if not all((BENCH / "apps" / "frappe" / name).exists() for name in ("package.json", "pyproject.toml")):
		left_out.append("frappe_source")
	removed = [item for item in items if any(map(item.get_closest_marker, left_out))]
	if removed:
		config.hook.pytest_deselected(items=removed)
		items[:] = [item for item in items if item not in removed]
	# the first test of each file waits for the turn of the file
	for file, item in {item.path: item for item in reversed(items)}.items():
		if processes.takes_turns(str(Path(file).relative_to(CHECKOUT))):
			item.add_marker(pytest.mark.timeout(processes.LONGEST_WAIT))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
	return processes.make_scheduler(config, log)


@dataclass(frozen=True)
class RunningBench:
	"""The bench assembled and started by ./run."""

	root: Path
	site: str
	ports: dict

	@property
	def url(self) -> str:
		"""nginx, as in production. Clients other than Chromium name the site by `headers`."""
		return f"http://127.0.0.1:{self.ports['web']}"

	@property
	def bare_url(self) -> str:
		"""gunicorn without nginx in front: no static files, no X-Accel."""
		return f"http://127.0.0.1:{self.ports['gunicorn']}"

	@property
	def browser_url(self) -> str:
		"""Chromium resolves *.localhost itself."""
		return f"http://{self.site}:{self.ports['web']}"

	@property
	def headers(self) -> dict[str, str]:
		return {"X-Frappe-Site-Name": self.site}

	@property
	def sites(self) -> Path:
		return self.root / "sites"

	@property
	def python(self) -> Path:
		return self.root / "env" / "bin" / "python"

	@property
	def command(self) -> list[str]:
		"""`bench --site SITE`, to be run in `sites`."""
		return [str(self.python), "-m", "frappe.utils.bench_helper", "frappe", "--site", self.site]

	def pid(self, service: str) -> int | None:
		"""Process id of a service by its name in config/services.json, e.g. "worker_transcription"; None while it is down."""
		state = json.loads((self.root / "config" / "state.json").read_text())
		return state["services"][service].get("pid")

	def kill(self, service: str) -> int:
		"""SIGKILL; the supervisor restarts the service. Returns the old pid."""
		pid = self.pid(service)
		os.kill(pid, signal.SIGKILL)
		return pid


@pytest.fixture(scope="session")
def bench() -> RunningBench:
	"""Skips the test when there is no bench; `./run test` makes one."""
	file = BENCH / "config" / "ports.json"
	if not file.exists() or not (BENCH / "sites" / SITE).exists():
		pytest.skip("needs a bench: ./run test")
	return RunningBench(BENCH, SITE, json.loads(file.read_text()))


@pytest.fixture(scope="module", autouse=True)
def _turn(request):
	with processes.turn(BENCH, str(Path(request.path).relative_to(CHECKOUT))):
		yield


@pytest.fixture(scope="session")
def _site_is_ours(bench):
	"""Fails in a second process, since its commits would be visible to the tests of the first."""
	with (bench.root / "config" / f"{bench.site}.tests.lock").open("w") as lock:
		try:
			fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			pytest.fail(f"Another process runs tests on {bench.site}.", pytrace=False)
		yield


@pytest.fixture(scope="session")
def _connection(bench, _site_is_ours):
	import frappe

	before = Path.cwd()
	# Frappe reads assets and languages relative to sites/.
	os.chdir(bench.sites)
	# not while the other process has stopped the database
	with processes.turn(BENCH, "tests/integration"):
		frappe.init(site=bench.site, sites_path=".")
		frappe.connect()
		frappe.flags.in_test = True
		_ensure_system_manager(frappe)
	yield frappe
	frappe.destroy()
	os.chdir(before)


@pytest.fixture
def clear_caches():
	"""The function that clears Frappe's caches after a test."""
	# it imports Frappe, which unit tests do without
	from tests import caches

	return caches.clear


@pytest.fixture
def site(_connection, clear_caches):
	"""Name of the test site, connected to as Administrator; the test's writes are rolled back."""
	frappe = _connection
	_reconnect(frappe)
	# A new snapshot: MariaDB would otherwise keep that of the previous test.
	frappe.db.rollback()
	_reset(frappe)
	_wake_no_sweep(frappe)
	yield frappe.local.site
	frappe.db.rollback()
	_reset(frappe)
	clear_caches()
	# staged files stay on disk after a rollback, and count for their user
	shutil.rmtree(frappe.get_site_path("private", "call_intelligence", "uploads"), ignore_errors=True)


@pytest.fixture
def committed(site):
	"""Registers documents that the test commits, (doctype, name); they are deleted afterwards, last one first.

	Deletion follows the app's own rules, ignoring links.
	"""
	import frappe

	documents: list[tuple[str, str]] = []
	yield lambda doctype, name: documents.append((doctype, name)) or name
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for doctype, name in reversed(documents):
		if frappe.db.exists(doctype, name):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.commit()


@pytest.fixture
def as_user(site):
	"""`with as_user("rep@example.com"):` runs the block as that user."""
	import frappe

	@contextlib.contextmanager
	def switch(user: str):
		before = frappe.session.user
		frappe.set_user(user)
		try:
			yield
		finally:
			frappe.set_user(before)

	return switch


@pytest.fixture
def web(bench):
	"""A requests.Session factory: `web("rep@example.com")` is logged in (password PASSWORD), `web()` is a guest.

	Paths are relative to the site: `web().get("/api/method/ping")`. Users must be committed, with `password_of` below.
	"""
	import requests

	class Client(requests.Session):
		base = bench.url

		def request(self, method, url, *args, **kwargs):
			if url.startswith("/"):
				url = self.base + url
			return super().request(method, url, *args, **kwargs)

	opened = []

	def client(user: str | None = None, password: str = PASSWORD, bare: bool = False) -> Client:
		session = Client()
		session.base = bench.bare_url if bare else bench.url
		session.headers.update(bench.headers)
		if user:
			answer = session.post("/api/method/login", data={"usr": user, "pwd": password})
			answer.raise_for_status()
			# Frappe requires the session's token for writes.
			page = session.get("/api/method/frappe.auth.get_logged_user")
			page.raise_for_status()
			session.headers["X-Frappe-CSRF-Token"] = _csrf_token(bench, session.cookies["sid"])
		opened.append(session)
		return session

	yield client
	for session in opened:
		session.close()


@pytest.fixture
def eventually():
	"""`eventually(lambda: ready(), 30)` polls until the function returns something true and returns that.

	For the work of other processes (jobs, the supervisor). Fails, with `what`, after `seconds`.
	"""

	def wait(condition, seconds: float = 30.0, what: str = "", every: float = 0.1):
		deadline = time.monotonic() + seconds
		while True:
			if outcome := condition():
				return outcome
			if time.monotonic() > deadline:
				pytest.fail(f"not within {seconds:g} s: {what or condition}")
			time.sleep(every)

	return wait


@pytest.fixture(scope="session")
def _browser():
	if not browser.chromium():
		pytest.skip("needs Chromium: apt-get install chromium-headless-shell")
	from playwright.sync_api import sync_playwright

	with sync_playwright() as playwright:
		opened = browser.launch(playwright)
		yield opened
		opened.close()


@pytest.fixture(scope="session")
def _pool(_browser):
	return browser.Pool(_browser)


def _context_options(bench, viewport=(1280, 900), dark=False, **options) -> dict:
	"""Options of Playwright's new_context"""
	width, height = viewport
	return {
		"base_url": bench.browser_url,
		"viewport": {"width": width, "height": height},
		"color_scheme": "dark" if dark else "light",
		# a dialog that is still moving ignores clicks
		"reduced_motion": "reduce",
		"locale": "en-US",
		"timezone_id": "UTC",
		# pages may write to the clipboard; headless Chromium grants nothing by default
		"permissions": ["clipboard-read", "clipboard-write"],
		**options,
	}


@pytest.fixture
def witnesses(request) -> list:
	"""Witnesses of the pages opened by the test. On failure, the report has each page's console and requests; the last
	screenshots are in <bench>/logs/ui/."""
	return request.node.stash.setdefault(WITNESSES, [])


@pytest.fixture
def window(_browser, bench, witnesses):
	"""`window()` returns a Page of Playwright on the test site, without login.

	Options: `viewport=(390, 844)`, `dark=True`, and those of Playwright.
	"""
	contexts = []

	def open_page(**options):
		context = _browser.new_context(**_context_options(bench, **options))
		contexts.append(context)
		context.set_default_timeout(20_000)
		page = context.new_page()
		witnesses.append(browser.Witness(page))
		return page

	yield open_page
	for context in contexts:
		context.close()


@pytest.fixture
def desk(window, _pool, bench, witnesses):
	"""`desk("rep@example.com")` returns a Page of Playwright in which that user is logged in to the test site.

	Options: as for `window`; `path="/app/contact"` for the first page; `own=True` for a browser context that no
	other test uses, for example with a different clock.
	"""
	taken = []

	def open_page(user="Administrator", password=None, path=None, own=False, **options):
		password = password or ("admin" if user == "Administrator" else PASSWORD)
		if own:
			page = window(**options)
			browser.log_in(page, user, password)
		else:
			page, give_back = _pool.take(user, password, **_context_options(bench, **options))
			taken.append(give_back)
			witnesses.append(browser.Witness(page))
		if path:
			browser.go(page, path)
		return page

	yield open_page
	for give_back in taken:
		give_back()


WITNESSES = pytest.StashKey[list]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	report = yield
	if report.skipped and ALL_IS_INSTALLED:
		report.outcome = "failed"
		report.longrepr = (
			f"{report.longrepr}\nA skipped test fails here: ./run test installs whatever the tests need."
		)
	if report.failed and report.when != "teardown":
		# while the pages are still open
		folder = BENCH / "logs" / "ui"
		for number, witness in enumerate(item.stash.get(WITNESSES, [])):
			folder.mkdir(parents=True, exist_ok=True)
			witness.picture(folder / f"{item.name}-{number}.png".replace("/", "-"))
			report.sections.append((f"page {number} in the browser", witness.tell()))
	return report


def set_password(user: str) -> str:
	"""Lets `user` log in with PASSWORD over HTTP; the caller commits. Returns the user."""
	from frappe.utils.password import update_password

	update_password(user, PASSWORD)
	return user


def _ensure_system_manager(frappe) -> None:
	"""Makes sure that there is a second System Manager: otherwise Frappe gives the role to the first user that a test makes, and
	refuses to delete that user."""
	email = "it@site.example.com"
	if not frappe.db.exists("User", email):
		frappe.set_user("Administrator")
		frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": "IT",
				"send_welcome_email": 0,
				"roles": [{"role": "System Manager"}],
			}
		).insert()
		frappe.db.commit()


def _wake_no_sweep(frappe) -> None:
	"""Tests that view calls don't trigger the sweep, which would end clips and repeat work that the test has only recorded."""
	from call_intelligence.queue import wake

	frappe.cache.set(wake.key(), 1, ex=900)


def _reconnect(frappe) -> None:
	"""Reconnects after tests that killed the database."""
	try:
		frappe.db.sql("select 1")
	except Exception:
		frappe.db.close()
		frappe.connect()


def _reset(frappe) -> None:
	frappe.set_user("Administrator")
	frappe.local.message_log = []
	# after a test that removed callbacks waiting for the commit, as when Redis is lost
	frappe.realtime.clear_realtime_log()
	frappe.local.form_dict = frappe._dict()
	frappe.local.response = frappe._dict(docs=[])
	# Frappe caches it for the request
	frappe.local.outgoing_email_account = {}
	frappe.flags.in_test = True


def _csrf_token(bench, sid: str) -> str:
	"""The token that Desk finds in its page; read from the session, since rendering a page takes a second."""
	import frappe

	if getattr(frappe.local, "site", None) == bench.site:
		data = frappe.cache.hget("session", sid) or {}
		token = (data.get("data") or {}).get("csrf_token")
		if token:
			return token
	import re

	import requests

	page = requests.get(f"{bench.url}/app", headers=bench.headers, cookies={"sid": sid})
	found = re.search(r'csrf_token\s*=\s*"([0-9a-f]+)"', page.text)
	return found[1] if found else ""
