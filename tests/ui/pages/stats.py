"""The tab Stats of the Call form."""

from playwright.sync_api import Locator, Page


class StatsPage:
	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".ci-stats:visible")

	def open(self) -> "StatsPage":
		self.page.get_by_role("tab", name="Stats").click()
		self.root.wait_for()
		return self

	@property
	def talk_time(self) -> Locator:
		return self.root.get_by_role("region", name="Call owner's talk time")

	def card(self, name: str) -> Locator:
		return self.root.get_by_role("listitem").filter(has=self.page.get_by_text(name, exact=True))

	def value(self, name: str) -> Locator:
		"""The button that plays the figure's moments"""
		return self.card(name).locator(".ci-stat-value")

	@property
	def missing(self) -> Locator:
		return self.root.get_by_role("button", name="Link the owner to a speaker")
