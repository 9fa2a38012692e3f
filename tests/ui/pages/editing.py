"""Correcting the transcript of a call in the review."""

from playwright.sync_api import Locator

from tests.ui.pages.review import ReviewPage


class EditingPage(ReviewPage):
	def utterance(self, index: int) -> Locator:
		return self.root.locator(f".ci-transcript-item[data-index='{index}']")

	def text(self, index: int) -> Locator:
		return self.utterance(index).locator(".ci-utterance-text")

	# ---- the editor

	def edit(self, index: int) -> "EditingPage":
		self.utterance(index).hover()
		self.utterance(index).get_by_role("button", name="Edit", exact=True).click()
		self.field.wait_for()
		return self

	@property
	def editor(self) -> Locator:
		return self.root.locator(".ci-utterance-editor")

	@property
	def field(self) -> Locator:
		return self.editor.get_by_label("Text of the utterance")

	@property
	def speaker(self) -> Locator:
		return self.editor.get_by_label("Speaker")

	@property
	def failure(self) -> Locator:
		return self.editor.get_by_role("alert")

	def press(self, name: str) -> None:
		self.editor.get_by_role("button", name=name).click()

	def put_cursor_after(self, text: str) -> None:
		self.field.evaluate(
			"""(field, text) => {
				const at = field.value.indexOf(text) + text.length;
				field.focus();
				field.setSelectionRange(at, at);
			}""",
			text,
		)

	@property
	def sound(self) -> dict:
		return self.root.locator("audio, video").evaluate(
			"media => ({ time: media.currentTime, rate: media.playbackRate, paused: media.paused })"
		)

	# ---- speakers

	def open_menu(self, index: int) -> Locator:
		"""The menu of the speaker's name above an utterance"""
		self.utterance(index).locator(".ci-speaker-name").click()
		self.menu.wait_for()
		return self.menu

	@property
	def menu(self) -> Locator:
		return self.page.get_by_role("menu", name="Speaker")

	def choose(self, name: str) -> None:
		self.menu.get_by_text(name, exact=True).last.click()

	@property
	def dialog(self) -> Locator:
		return self.page.locator(".modal.show")

	# ---- history

	def undo(self) -> None:
		self.page.locator(".desk-alert").get_by_role("button", name="Undo").last.click()

	@property
	def notices(self) -> Locator:
		return self.page.locator(".desk-alert")

	def open_more(self) -> Locator:
		self.root.get_by_role("button", name="More about the transcript").click()
		return self.root.locator(".dropdown-menu.show")

	def show_history(self) -> Locator:
		self.open_more().get_by_text("Changes of the transcript").click()
		return self.dialog.locator(".ci-history li")
