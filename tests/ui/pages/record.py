"""The form of a CRM record, and the cards of its calls on the timeline."""

from urllib.parse import quote

from playwright.sync_api import Locator, Page

from tests.ui.pages.review import ReviewPage
from tests.ui.pages.upload_dialog import UploadDialog


class RecordPage:
	def __init__(self, page: Page, doctype: str, name: str):
		self.page, self.doctype, self.name = page, doctype, name

	def open(self) -> "RecordPage":
		self.page.goto(f"/app/{self.doctype.lower().replace(' ', '-')}/{quote(self.name)}")
		self.page.locator(".timeline-actions:visible").wait_for(state="attached")
		return self

	def upload_calls(self) -> UploadDialog:
		"""With the button on the timeline, which is visible at every screen width"""
		self.page.locator(".timeline-actions").get_by_role("button", name="Upload calls").click()
		return UploadDialog(self.page).wait()

	@property
	def cards(self) -> Locator:
		return self.page.locator(".ci-card")

	def card(self, title: str) -> "TimelineCard":
		return TimelineCard(self.cards.filter(has_text=title), self.page)


class TimelineCard:
	def __init__(self, root: Locator, page: Page):
		self.root, self.page = root, page

	@property
	def state(self) -> Locator:
		return self.root.get_by_role("status")

	@property
	def progress(self) -> Locator:
		return self.root.get_by_role("progressbar")

	@property
	def speakers(self) -> Locator:
		return self.root.locator("dt")

	@property
	def words(self) -> Locator:
		return self.root.locator("dd")

	@property
	def play(self) -> Locator:
		return self.root.get_by_role("button", name="Play", exact=True)

	@property
	def pause(self) -> Locator:
		return self.root.get_by_role("button", name="Pause", exact=True)

	@property
	def position(self) -> Locator:
		return self.root.get_by_role("slider", name="Position in the call")

	def review(self) -> ReviewPage:
		self.root.get_by_role("link", name="Review call").click()
		return ReviewPage(self.page).wait()
