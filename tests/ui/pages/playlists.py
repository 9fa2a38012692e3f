"""The page of a playlist, and the dialog to add to one."""

import re

from playwright.sync_api import Locator, Page, expect


class AddToPlaylistDialog:
	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".modal.show.ci-add")

	def wait(self) -> "AddToPlaylistDialog":
		self.root.get_by_text("Loading …").wait_for(state="detached")
		self.root.locator(".ci-add-where").wait_for()
		return self

	def take_part(self, start: str, end: str) -> None:
		"""Chooses a part instead of the whole call"""
		self.root.get_by_text("A part of it").click()
		for label, time in (("From", start), ("To", end)):
			field = self.root.get_by_label(label, exact=True)
			field.fill(time)
			field.press("Tab")

	@property
	def playlists(self) -> Locator:
		return self.root.get_by_role("option")

	@property
	def chosen(self) -> Locator:
		return self.root.get_by_role("option", selected=True)

	def choose(self, title: str) -> None:
		self.playlists.filter(has_text=title).click()

	def search(self, words: str) -> None:
		self.root.get_by_label("Search a playlist").fill(words)

	@property
	def new_button(self) -> Locator:
		return self.root.get_by_role("button", name="+ New playlist")

	def make(self, title: str) -> None:
		"""Creates a playlist, whether this is offered first or on a button"""
		field = self.root.get_by_label("Title", exact=True)
		self.new_button.or_(field).first.wait_for()
		if self.new_button.is_visible():
			self.new_button.click()
		field.fill(title)

	def describe(self, words: str) -> None:
		self.description.fill(words)

	@property
	def description(self) -> Locator:
		return self.root.get_by_label("Description", exact=True)

	@property
	def failure(self) -> Locator:
		return self.root.get_by_role("alert")

	def press_add(self) -> None:
		self.root.locator(".btn-modal-primary").click()

	def add(self) -> None:
		self.press_add()
		self.root.wait_for(state="hidden")

	def close(self) -> None:
		self.root.get_by_role("button", name="Close").click()
		self.root.wait_for(state="hidden")

	@property
	def outcome(self) -> Locator:
		"""The link to the playlist after adding"""
		return self.page.locator(".desk-alert").get_by_role("link").last


class PlaylistPage:
	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".ci-playlist:visible")

	def open(self, playlist: str, query: str = "") -> "PlaylistPage":
		self.page.goto(f"/app/call-playlist/{playlist}{query}")
		return self.wait()

	def wait(self) -> "PlaylistPage":
		self.root.locator(".ci-playlist-head").wait_for()
		return self

	def wait_for_sound(self) -> "PlaylistPage":
		self.page.wait_for_function(
			"(() => { const media = document.querySelector('.ci-playlist audio'); return media && media.readyState > 0; })()"
		)
		return self

	def button(self, name: str) -> Locator:
		return self.root.get_by_role("button", name=name, exact=True)

	@property
	def head(self) -> Locator:
		return self.root.locator(".ci-playlist-head")

	@property
	def notes(self) -> Locator:
		"""The notes about hidden items"""
		return self.root.locator(".ci-hidden-items")

	# ---- the items

	@property
	def items(self) -> Locator:
		return self.root.locator(".ci-item")

	@property
	def titles(self) -> Locator:
		return self.root.locator(".ci-item-title")

	def item(self, title: str) -> Locator:
		return self.items.filter(has_text=title)

	def tick(self, title: str) -> Locator:
		return self.root.get_by_role("button", name=f"Listened: {title}", exact=True)

	def handle(self, title: str) -> Locator:
		return self.root.get_by_role("button", name=f"Move {title}", exact=True)

	def drag(self, title: str, onto: str) -> None:
		"""Drags by the handle to the first or the last item, and drops it"""
		self.take(title, onto)
		self.page.mouse.up()

	def take(self, title: str, onto: str) -> None:
		"""Drags without dropping"""
		handle, mouse = self.handle(title), self.page.mouse
		goal = self.item(onto)
		size = goal.bounding_box()
		below = size["y"] > handle.bounding_box()["y"]
		# hovering waits until nothing moves any more
		handle.hover()
		mouse.down()
		expect(self.item(title)).to_have_class(re.compile("ci-is-dragged"))
		# rows move aside while one is dragged
		mouse.move(size["x"] + 5, size["y"] + (size["height"] - 4 if below else 4), steps=10)
		# the last one follows the pointer
		rows = self.root.locator(".ci-item:not(.sortable-fallback)")
		expect(rows.last if below else rows.first).to_have_class(re.compile("ci-is-dragged"))

	def more(self, title: str, entry: str) -> None:
		self.root.get_by_role("button", name=f"More about {title}", exact=True).click()
		self.item(title).locator(".dropdown-menu.show").get_by_text(entry, exact=True).click()

	def play_item(self, title: str) -> None:
		self.item(title).locator(".ci-item-main").click()

	@property
	def undo(self) -> Locator:
		return self.page.locator(".desk-alert").get_by_role("button", name="Undo").last

	@property
	def dialog(self) -> Locator:
		return self.page.locator(".modal.show")

	# ---- the player

	@property
	def now(self) -> Locator:
		return self.root.locator(".ci-now")

	@property
	def review(self) -> Locator:
		return self.root.locator(".ci-review")

	@property
	def sound(self) -> dict:
		return self.root.locator("audio, video").evaluate(
			"media => ({ time: media.currentTime, paused: media.paused })"
		)
