"""The tabs Notes and Comments of the Call form."""

from playwright.sync_api import Locator, Page


class Editor:
	"""An editor: of a comment, a reply or the notes"""

	def __init__(self, root: Locator):
		self.root = root
		self.page = root.page

	@property
	def text(self) -> Locator:
		return self.root.get_by_role("textbox").first

	@property
	def suggestions(self) -> Locator:
		return self.root.locator(".ql-mention-list-item")

	@property
	def error(self) -> Locator:
		return self.root.get_by_role("alert")

	def write(self, words: str) -> "Editor":
		self.text.click()
		self.page.keyboard.press("End")
		self.page.keyboard.type(words)
		return self

	def mention(self, term: str, full_name: str) -> "Editor":
		self.write(f"@{term}")
		self.suggestions.filter(has_text=full_name).first.click()
		self.text.locator(".mention").filter(has_text=full_name).first.wait_for()
		return self

	def press(self, button: str) -> None:
		self.root.get_by_role("button", name=button, exact=True).click()


class CommentItem:
	def __init__(self, root: Locator):
		self.root = root

	@property
	def text(self) -> Locator:
		return self.root.locator(".ci-rich")

	@property
	def time(self) -> Locator:
		return self.root.locator(".ci-comment-at")

	@property
	def new(self) -> Locator:
		return self.root.locator(".ci-comment-new")

	@property
	def edited(self) -> Locator:
		return self.root.get_by_text("edited", exact=True)

	def button(self, name: str) -> Locator:
		return self.root.get_by_role("button", name=name, exact=True)

	def press(self, name: str) -> None:
		self.button(name).click()

	@property
	def editor(self) -> Editor:
		return Editor(self.root.locator(".ci-composer"))


class TalkPage:
	"""Used with ReviewPage, on the same page"""

	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".ci-review:visible")

	# ---- comments

	def tab(self, name: str) -> Locator:
		return self.root.get_by_role("tab", name=name)

	def open_comments(self) -> "TalkPage":
		self.tab("Comments").click()
		return self

	@property
	def unread(self) -> Locator:
		return self.tab("Comments").locator(".ci-tab-unread")

	@property
	def composer(self) -> Editor:
		return Editor(self.root.locator(".ci-comments-write .ci-composer"))

	def compose(self) -> Editor:
		self.root.get_by_role("button", name="Add a comment").click()
		return self.composer

	@property
	def threads(self) -> Locator:
		return self.root.locator(".ci-thread")

	@property
	def reply(self) -> Editor:
		return Editor(self.root.locator(".ci-thread-reply .ci-composer"))

	@property
	def comments(self) -> Locator:
		return self.root.get_by_role("article")

	def comment(self, words: str) -> CommentItem:
		return CommentItem(self.comments.filter(has_text=words).last)

	@property
	def order(self) -> Locator:
		return self.root.get_by_label("Sort by")

	def show_resolved(self) -> None:
		self.root.get_by_role("button", name="Show resolved").click()

	@property
	def markers(self) -> Locator:
		return self.root.get_by_role("button", name="Comment at")

	@property
	def question(self) -> Locator:
		return self.page.get_by_role("dialog").filter(has_text="Not able to see this call")

	def answer(self, button: str) -> None:
		self.question.get_by_role("button", name=button).click()
		self.question.wait_for(state="hidden")

	def confirm(self) -> None:
		self.page.locator(".modal.show").get_by_role("button", name="Yes").click()

	# ---- notes

	def open_notes(self) -> "TalkPage":
		self.tab("Notes").click()
		return self

	@property
	def notes(self) -> Editor:
		return Editor(self.root.locator(".ci-notes"))

	@property
	def notes_text(self) -> Locator:
		return self.root.locator(".ci-notes-text")

	@property
	def notes_state(self) -> Locator:
		return self.root.locator(".ci-notes-state")

	@property
	def conflict(self) -> Locator:
		return self.root.locator(".ci-notes-conflict")

	@property
	def unseeing(self) -> Locator:
		"""Users mentioned in the notes who cannot see the call"""
		return self.root.locator(".ci-notes-unseeing")
