"""Sharing a part of a call: the dialog, its part picker, and the recipients' review."""

from playwright.sync_api import Locator, expect

from tests.ui.pages.player import PlayerPage


class PartPicker:
	def __init__(self, root: Locator):
		self.root = root

	@property
	def start(self) -> Locator:
		return self.root.get_by_role("slider", name="Start of the part")

	@property
	def end(self) -> Locator:
		return self.root.get_by_role("slider", name="End of the part")

	@property
	def times(self) -> list[float]:
		"""[start, end] in seconds"""
		return [float(handle.get_attribute("aria-valuenow")) for handle in (self.start, self.end)]

	@property
	def start_time(self) -> Locator:
		return self.root.get_by_role("textbox", name="From")

	@property
	def end_time(self) -> Locator:
		return self.root.get_by_role("textbox", name="To")

	@property
	def complaint(self) -> Locator:
		return self.root.get_by_role("alert")

	@property
	def words(self) -> Locator:
		"""Text of the part"""
		return self.root.locator(".ci-part-words")

	@property
	def length(self) -> Locator:
		return self.root.get_by_label("Length of the part")

	def button(self, name: str) -> Locator:
		return self.root.get_by_role("button", name=name, exact=True)

	def x_of(self, seconds: float) -> float:
		"""The x coordinate of a second, while both handles are visible"""
		(start, left), (end, right) = (
			(float(handle.get_attribute("aria-valuenow")), self.line_of(handle))
			for handle in (self.start, self.end)
		)
		return left + (seconds - start) * (right - left) / (end - start)

	@staticmethod
	def line_of(handle: Locator) -> float:
		"""The handle's line is on the side of the part"""
		box = handle.bounding_box()
		return box["x"] + (box["width"] if "ci-is-start" in handle.get_attribute("class") else 0)

	def drag(self, handle: Locator, to: float) -> None:
		"""With the mouse, to a second of the call"""
		mouse = self.root.page.mouse
		# hovering waits until nothing moves any more
		handle.hover()
		box = handle.bounding_box()
		way = self.x_of(to) - self.line_of(handle)
		x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
		mouse.move(x, y)
		mouse.down()
		mouse.move(x + 8, y, steps=2)
		mouse.move(x + way, y, steps=4)
		mouse.up()


class SharePage(PlayerPage):
	@property
	def share_button(self) -> Locator:
		return self.root.get_by_role("group", name="Call", exact=True).get_by_role("button", name="Share")

	def open_sharing(self) -> "SharePage":
		self.share_button.click()
		self.people.wait_for()
		if not self.page.evaluate("matchMedia('(hover: none)').matches"):
			# it gets the focus once the dialog is shown, which would interrupt typing elsewhere
			expect(self.people).to_be_focused()
		return self

	@property
	def dialog(self) -> Locator:
		return self.page.get_by_role("dialog", name="Share a part of the call")

	@property
	def picker(self) -> PartPicker:
		return PartPicker(self.dialog.get_by_role("group", name="Part of the call"))

	def settle(self) -> None:
		"""Waits until the dialog has stopped moving"""
		self.dialog.evaluate(
			"""element => Promise.all(
				element.getAnimations({ subtree: true }).map((animation) => animation.finished)
			).then(() => 0)"""
		)

	# ---- recipients

	@property
	def people(self) -> Locator:
		return self.dialog.get_by_role("combobox", name="Share with")

	@property
	def found(self) -> Locator:
		return self.dialog.get_by_role("listbox", name="People and groups found").get_by_role("option")

	@property
	def chosen(self) -> Locator:
		return self.dialog.get_by_role("list", name="Chosen").get_by_role("listitem")

	def choose(self, typed: str, name: str) -> "SharePage":
		self.people.fill(typed)
		self.found.filter(has_text=name).first.click()
		self.chosen.filter(has_text=name).wait_for()
		return self

	@property
	def message(self) -> Locator:
		return self.dialog.get_by_label("Message (optional)")

	@property
	def only_this_part(self) -> Locator:
		return self.dialog.get_by_role("switch", name="Only this part")

	@property
	def note(self) -> Locator:
		"""The note about chosen people who do not see the call"""
		return self.dialog.locator(".ci-share-note")

	@property
	def failure(self) -> Locator:
		return self.dialog.locator(".ci-share-failure")

	@property
	def link(self) -> Locator:
		return self.dialog.get_by_role("textbox", name="Link")

	def press(self, *keys: str) -> None:
		for key in keys:
			self.page.keyboard.press(key)

	def send(self, button: str) -> None:
		self.dialog.get_by_role("button", name=button, exact=True).click()

	@property
	def clips(self) -> Locator:
		"""The shared clips of this call"""
		return self.dialog.get_by_role("list", name="Shared from this call").get_by_role("listitem")

	def revoke(self, clip: Locator) -> None:
		clip.get_by_role("button", name="Revoke").click()

	# ---- as a recipient

	@property
	def banner(self) -> Locator:
		return self.root.get_by_role("region", name="Shared part")

	@property
	def dimmed(self) -> Locator:
		return self.root.locator(".ci-utterance.ci-is-outside")

	@property
	def shades(self) -> Locator:
		"""The shades over the timeline outside the part"""
		return self.root.locator(".ci-timeline-stage .ci-part-outside")
