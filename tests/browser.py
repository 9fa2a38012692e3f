"""Debian's Chromium for browser tests and benchmarks, and a session in Desk."""

import contextlib
import shutil
import time
from pathlib import Path

# no screen, no sandbox for root, and no calls of the browser's own into the network
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
	names = ("chromium", "chromium-browser", "google-chrome")
	return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright, *options: str):
	"""-> Playwright's Browser"""
	return playwright.chromium.launch(executable_path=chromium(), args=[*OPTIONS, *options])


def log_in(page, user: str, password: str) -> None:
	"""By the browser itself: Playwright's own requests do not know what *.localhost is."""
	page.goto("/api/method/ping")
	ok, answer = page.evaluate(
		"""async (who) => {
			const answer = await fetch("/api/method/login", {method: "POST", body: new URLSearchParams(who)});
			return [answer.ok, await answer.text()];
		}""",
		{"usr": user, "pwd": password},
	)
	assert ok, f"{user} cannot log in: {answer[:200]}"


def go(page, path: str) -> None:
	"""To a page of Desk, until it stands"""
	page.goto(path)
	page.wait_for_function("window.frappe && frappe.boot && document.body.dataset.ajaxState !== 'triggered'")


class Witness:
	"""Remembers what a page has said and asked for, to be read when a test fails."""

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
		"""The page's address, the console and what went wrong, and the requests without an answer, with how long they wait"""
		now = time.monotonic()
		waiting = [
			f"no answer for {now - since:.1f} s: {request.method} {request.url}"
			for request, since in self.pending.items()
		]
		return "\n".join([self.page.url, *self.lines, *waiting])

	def picture(self, path: Path) -> None:
		with contextlib.suppress(Exception):
			self.page.screenshot(path=path)
