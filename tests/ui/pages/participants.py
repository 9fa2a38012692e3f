"""The panel Participants above the player."""

from playwright.sync_api import Locator

from tests.ui.pages.review import ReviewPage


class ParticipantsPage(ReviewPage):
	@property
	def panel(self) -> Locator:
		return self.root.get_by_role("region", name="Participants")

	@property
	def question(self) -> Locator:
		return self.panel.get_by_role("note")

	def row(self, name: str) -> Locator:
		return self.panel.get_by_role("listitem").filter(
			has=self.page.locator(".ci-person-name", has_text=name)
		)

	def name(self, name: str) -> Locator:
		return self.row(name).locator(".ci-person-name")

	def side(self, name: str) -> Locator:
		return self.panel.get_by_label(f"Side of {name}", exact=True)

	def hear(self, name: str) -> Locator:
		return self.panel.get_by_role("button", name=f"Hear {name}", exact=True)

	@property
	def stop(self) -> Locator:
		return self.panel.get_by_role("button", name="Stop", exact=True)

	def connect(self, name: str) -> "ParticipantsPage":
		self.panel.get_by_role("button", name=f"Connect {name}", exact=True).click()
		self.field(name).wait_for()
		return self

	def field(self, name: str) -> Locator:
		return self.panel.get_by_role("combobox", name=f"Who is {name}?")

	@property
	def found(self) -> Locator:
		return self.panel.get_by_role("listbox", name="People found").get_by_role("option")

	def menu(self, name: str, entry: str) -> None:
		self.panel.get_by_role("button", name=f"More about {name}", exact=True).click()
		self.panel.get_by_role("button", name=entry, exact=True).click()

	@property
	def fold(self) -> Locator:
		return self.panel.locator(".ci-people-fold")

	@property
	def dialog(self) -> Locator:
		return self.page.locator(".modal.show")

	@property
	def sound(self) -> dict:
		return self.root.locator("audio, video").evaluate(
			"media => ({ time: media.currentTime, paused: media.paused })"
		)
