"""The tab Insights of the Call form, and the panel to edit tracked terms."""

from playwright.sync_api import Locator, Page


class InsightsPage:
	"""Used with ReviewPage, on the same page"""

	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".ci-review:visible")

	def open(self) -> "InsightsPage":
		self.root.get_by_role("tab", name="Insights").click()
		return self

	def press(self, name: str) -> None:
		self.root.get_by_role("button", name=name, exact=True).click()

	def term(self, title: str) -> Locator:
		return self.root.locator(".ci-term").filter(has=self.page.locator(".ci-term-title", has_text=title))

	@property
	def marked(self) -> Locator:
		"""Words of all mentions on the screen"""
		return self.root.locator(".ci-is-term")

	@property
	def current(self) -> Locator:
		return self.root.locator(".ci-is-term-now")

	@property
	def waveform_marks(self) -> int:
		"""Number of highlighted mentions on the waveform"""
		return self.root.locator(".ci-marker-term-now path").get_attribute("d").count("M")

	# ---- editing

	@property
	def editor(self) -> Locator:
		return self.root.get_by_role("region", name="Edit tracked terms")

	def category(self, title: str) -> Locator:
		return self.editor.get_by_role("region", name=title, exact=True)

	def add_category(self, title: str) -> None:
		self.press("+ Add category")
		self.page.keyboard.type(title)

	def add_term(self, category: str, title: str, *phrases: str) -> Locator:
		self.category(category).get_by_role("button", name="+ Add tracked term").click()
		self.page.keyboard.type(title)
		self.page.keyboard.press("Enter")
		for phrase in phrases:
			self.page.keyboard.type(phrase)
			self.page.keyboard.press("Enter")
		return self.editor.get_by_role("group", name=title)
