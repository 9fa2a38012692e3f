"""The lean page of a clip: /clip/KEY, without Desk."""

from playwright.sync_api import Locator, Page


class ClipPage:
	def __init__(self, page: Page):
		self.page = page
		self.errors: list[str] = []
		page.on("pageerror", lambda error: self.errors.append(str(error)))

	def open(self, key: str) -> "ClipPage":
		self.answer = self.page.goto(f"/clip/{key}")
		return self

	# ---- content

	@property
	def title(self) -> Locator:
		return self.page.get_by_role("heading", level=1)

	@property
	def facts(self) -> Locator:
		return self.page.locator(".clip-facts")

	@property
	def message(self) -> Locator:
		return self.page.locator(".clip-message")

	@property
	def status(self) -> Locator:
		return self.player.get_by_role("status")

	@property
	def utterances(self) -> Locator:
		return self.page.get_by_role("region", name="Transcript").get_by_role("listitem")

	@property
	def spoken_word(self) -> Locator:
		return self.page.locator(".clip-is-spoken")

	def region(self, name: str) -> Locator:
		return self.page.get_by_role("region", name=name)

	# ---- the player

	@property
	def player(self) -> Locator:
		return self.page.get_by_role("region", name="Player")

	def button(self, name: str) -> Locator:
		return self.page.get_by_role("button", name=name, exact=True)

	@property
	def place(self) -> Locator:
		return self.player.get_by_role("slider", name="Place in the clip")

	def read(self, name: str):
		"""A property of the media element"""
		return self.page.locator("audio").evaluate("(media, name) => media[name]", name)

	def until(self, condition: str, argument=None) -> None:
		"""Waits until a JavaScript function of the media element and `argument` is true"""
		# by polling with a timer: a background page is not painted and has no animation frames
		self.page.wait_for_function(
			f"argument => ({condition})(document.querySelector('audio'), argument)", arg=argument, polling=100
		)

	def until_loaded(self) -> "ClipPage":
		self.until("media => media && media.readyState > 0")
		return self

	def until_at(self, seconds: float) -> None:
		self.until("(media, seconds) => Math.abs(media.currentTime - seconds) < 0.3", seconds)

	# ---- the password

	@property
	def password(self) -> Locator:
		return self.page.get_by_label("Password")

	def enter(self, password: str) -> None:
		self.password.fill(password)
		self.password.press("Enter")
