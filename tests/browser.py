"""Debian's Chromium for browser tests and benchmarks, and a session in Desk."""

import shutil

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
