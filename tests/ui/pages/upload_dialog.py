"""The upload dialog."""

from playwright.sync_api import Locator, Page


class UploadDialog:
	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".ci-upload.show")

	def wait(self) -> "UploadDialog":
		self.root.get_by_role("button", name="choose files").wait_for()
		return self

	def choose(self, *files) -> None:
		"""files: paths, or {"name", "mimeType", "buffer"}"""
		self.root.locator("input[type=file]").set_input_files(list(files))

	def drop(self, name: str, content: bytes) -> None:
		transfer = self.page.evaluate_handle(
			"""([name, bytes]) => {
				const transfer = new DataTransfer();
				transfer.items.add(new File([new Uint8Array(bytes)], name));
				return transfer;
			}""",
			[name, list(content)],
		)
		self.root.locator(".ci-drop").dispatch_event("drop", {"dataTransfer": transfer})

	def row(self, file_name: str) -> Locator:
		return self.root.get_by_role("listitem").filter(has_text=file_name)

	def state(self, file_name: str) -> Locator:
		return self.row(file_name).get_by_role("status")

	def offer(self, file_name: str, text: str) -> Locator:
		"""A proposed date or person for the file"""
		return self.row(file_name).locator(".ci-offer").filter(has_text=text)

	def raw_format(self, file_name: str) -> Locator:
		return self.row(file_name).get_by_role("combobox")

	def try_again(self, file_name: str) -> None:
		self.row(file_name).get_by_role("button", name="Try again").click()

	@property
	def records(self) -> Locator:
		"""The records of the calls"""
		return self.root.locator(".ci-pill")

	@property
	def participants(self) -> Locator:
		return self.root.get_by_role("group", name="Participant")

	@property
	def upload_button(self) -> Locator:
		return self.root.locator(".btn-modal-primary")

	def upload(self) -> None:
		self.upload_button.click()

	def close(self) -> None:
		self.root.get_by_role("button", name="Close").click()

	@property
	def question(self) -> Locator:
		"""Desk's question before files would be lost"""
		return self.page.locator(".modal.show").filter(has_text="have not been uploaded yet")
