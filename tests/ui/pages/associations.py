"""The panel Associations at the top of the review, and Calls in a record's connections."""

from playwright.sync_api import Locator, Page


class AssociationsPanel:
	"""Used with ReviewPage, on the same page"""

	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".ci-review:visible").get_by_role("region", name="Associations")

	def record(self, title: str) -> Locator:
		return self.root.locator(".ci-assoc-pill:not(.ci-assoc-offer)").filter(has_text=title)

	def offer(self, title: str) -> Locator:
		return self.root.locator(".ci-assoc-offer").filter(has_text=title)

	@property
	def summary(self) -> Locator:
		return self.root.locator(".ci-assoc-summary")

	@property
	def box(self) -> Locator:
		return self.root.get_by_role("combobox", name="Search a record to add")

	def found(self, title: str) -> Locator:
		return self.root.get_by_role("option").filter(has_text=title)

	def press(self, name: str) -> None:
		self.root.get_by_role("button", name=name, exact=True).click()

	def search(self, text: str) -> "AssociationsPanel":
		self.press("+ Add")
		self.page.keyboard.type(text)
		return self


class Connections:
	def __init__(self, page: Page):
		self.root = page.locator(".ci-connections:visible")

	@property
	def calls(self) -> Locator:
		return self.root.locator(".badge-link")

	@property
	def count(self) -> Locator:
		return self.root.locator(".count")
