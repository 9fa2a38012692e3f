"""The list of calls."""

import re

from playwright.sync_api import Locator, Page

from tests.ui.pages.upload_dialog import UploadDialog


class CallListPage:
	def __init__(self, page: Page):
		self.page = page

	def open(self) -> "CallListPage":
		self.page.goto("/app/call")
		self.page.get_by_role("button", name="Upload calls").wait_for()
		return self

	def row(self, title: str) -> Locator:
		return self.page.locator(".list-row-container:visible").filter(has_text=title)

	def state(self, title: str) -> Locator:
		return self.row(title).locator(".indicator-pill:visible").first

	def records(self, title: str) -> Locator:
		"""The cell with the call's associations"""
		return self.row(title).locator(".ci-list-records")

	def column(self, label: str) -> Locator:
		return self.page.locator(".list-row-head:visible .list-row-col").filter(
			has_text=re.compile(f"^\\s*{label}\\s*$")
		)

	def standard_filter(self, label: str) -> Locator:
		section = self.page.locator(".standard-filter-section:visible")
		return section.get_by_placeholder(label, exact=True).locator("visible=true")

	def filter(self, label: str, text: str) -> None:
		field = self.page.locator(".standard-filter-section:visible").get_by_placeholder(label, exact=True)
		field.fill(text)
		field.press("Enter")

	def upload_calls(self) -> UploadDialog:
		self.page.get_by_role("button", name="Upload calls").click()
		return UploadDialog(self.page).wait()
