"""Debian's Chromium for browser tests and benchmarks, and sessions in Desk."""

import contextlib
import shutil
import time
from pathlib import Path

# no screen, no sandbox for root, and no network requests of the browser itself
OPTIONS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--autoplay-policy=no-user-gesture-required",
)


def chromium() -> str | None:
	# the first is the same engine without a window, and opens Desk in half the time
	names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
	return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright, *options: str):
	"""-> Playwright's Browser"""
	return playwright.chromium.launch(executable_path=chromium(), args=[*OPTIONS, *options])


def log_in(page, user: str, password: str) -> None:
	"""Logs in with the browser: Playwright's own requests cannot resolve *.localhost."""
	page.goto("/api/method/ping")
	ok, answer = page.evaluate(
		"""async (who) => {
			const answer = await fetch("/api/method/login", {method: "POST", body: new URLSearchParams(who)});
			return [answer.ok, await answer.text()];
		}""",
		{"usr": user, "pwd": password},
	)
	assert ok, f"{user} cannot log in: {answer[:200]}"


KEPT = 8
# Frappe's templates name loop variables by three random letters of 52, and break once in some thousand pages where these are a keyword
NO_KEYWORDS = """(() => {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	const { random } = Math;
	let last = "";
	Math.random = () => {
		let value = random();
		const word = () => (last + letters[Math.floor(value * letters.length)]).slice(-3);
		if (["for", "let", "new", "try", "var"].includes(word())) value /= 2;
		last = word();
		return value;
	};
})();"""


class Pool:
	"""Browser contexts kept logged in between tests: logging in and an empty HTTP cache take half of a page's time.

	A test never gets a context that it already uses. Cookies and the HTTP cache of the previous test are kept.
	"""

	def __init__(self, browser):
		self.browser = browser
		# the last one returned is at the end
		self.free: list[tuple] = []

	def take(self, user: str, password: str, **options):
		"""-> a Page of Playwright in which the user is logged in"""
		key = (user, repr(sorted(options.items())))
		found = next((entry for entry in reversed(self.free) if entry[0] == key), None)
		if found:
			self.free.remove(found)
		context = found[1] if found else self.browser.new_context(**options)
		if not found:
			context.add_init_script(NO_KEYWORDS)
		context.set_default_timeout(20_000)
		page = context.new_page()
		if who_is_logged_in(page) != user:
			log_in(page, user, password)
		return page, lambda: self.give_back(key, context)

	def give_back(self, key: tuple, context) -> None:
		for page in context.pages:
			page.close()
		context.set_offline(False)
		self.free.append((key, context))
		if len(self.free) > KEPT:
			self.free.pop(0)[1].close()


def who_is_logged_in(page) -> str:
	"""Also clears the storage of pages."""
	page.goto("/api/method/ping")
	return page.evaluate(
		"""async () => {
			localStorage.clear();
			const answer = await fetch("/api/method/frappe.auth.get_logged_user");
			return answer.ok ? (await answer.json()).message : "";
		}"""
	)


def go(page, path: str) -> None:
	"""Goes to a page of Desk and waits until it is loaded"""
	page.goto(path)
	page.wait_for_function("window.frappe && frappe.boot && document.body.dataset.ajaxState !== 'triggered'")


class Witness:
	"""Records a page's console and requests, for the report of a failed test."""

	def __init__(self, page):
		self.page = page
		self.lines: list[str] = []
		self.pending: dict = {}
		page.on("console", lambda message: self.note(f"{message.type}: {message.text}"))
		page.on("pageerror", lambda error: self.note(f"uncaught: {error}"))
		page.on("request", lambda request: self.pending.update({request: time.monotonic()}))
		page.on("requestfinished", lambda request: self.pending.pop(request, None))
		page.on("requestfailed", self.failed)
		page.on("response", self.answered)

	def note(self, line: str) -> None:
		self.lines.append(f"{time.strftime('%H:%M:%S')} {line}")

	def failed(self, request) -> None:
		self.pending.pop(request, None)
		self.note(f"failed: {request.method} {request.url} {request.failure}")

	def answered(self, response) -> None:
		if response.status >= 400:
			self.note(f"{response.status}: {response.request.method} {response.url}")

	def tell(self) -> str:
		"""The page's address, console, errors, and pending requests with their ages"""
		now = time.monotonic()
		waiting = [
			f"no answer for {now - since:.1f} s: {request.method} {request.url}"
			for request, since in self.pending.items()
		]
		return "\n".join([self.page.url, *self.lines, *waiting])

	def picture(self, path: Path) -> None:
		with contextlib.suppress(Exception):
			self.page.screenshot(path=path)
