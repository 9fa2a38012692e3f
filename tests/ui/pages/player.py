"""The player of the Call form: sound, timeline, controls, keys."""

from playwright.sync_api import Locator, expect

from tests.ui.pages.review import ReviewPage


class PlayerPage(ReviewPage):
	def open(self, call: str, query: str = "") -> "PlayerPage":
		super().open(call, query)
		self.media.wait_for(state="attached")
		# the length is known before playing
		self.until("media => media.readyState > 0 || media.error")
		return self

	def button(self, name: str) -> Locator:
		return self.player.get_by_role("button", name=name, exact=True)

	@property
	def player(self) -> Locator:
		return self.root.get_by_role("group", name="Player")

	# ---- the sound

	@property
	def media(self) -> Locator:
		return self.root.locator("audio, video")

	def read(self, name: str):
		"""A property of the media element"""
		return self.media.evaluate("(media, name) => media[name]", name)

	def until(self, condition: str, argument=None) -> None:
		"""Waits until a JavaScript function of the media element and `argument` is true"""
		self.page.wait_for_function(
			f"argument => ({condition})(document.querySelector('.ci-review audio, .ci-review video'), argument)",
			arg=argument,
		)

	def until_after(self, seconds: float) -> None:
		self.until("(media, seconds) => media.currentTime > seconds", seconds)

	def start(self) -> None:
		self.play.click()
		expect(self.pause).to_be_visible()
		self.until("media => !media.paused && media.readyState > 2")

	def stop(self) -> None:
		self.pause.click()
		expect(self.play).to_be_visible()

	@property
	def heard(self) -> list[list[float]]:
		"""The played stretches, [[from, to], ...]"""
		return self.media.evaluate(
			"({ played }) => Array.from({ length: played.length }, (_, i) => [played.start(i), played.end(i)])"
		)

	def note_places(self) -> None:
		"""Records playback positions in `places` from now on."""
		self.media.evaluate(
			"""media => {
				window.places = [];
				media.addEventListener("timeupdate", () => media.paused || window.places.push(media.currentTime));
			}"""
		)

	@property
	def places(self) -> list[float]:
		return self.page.evaluate("window.places")

	def count_jumps(self) -> None:
		"""Counts seeks in `jumps` from now on."""
		self.media.evaluate(
			"""media => {
				window.jumps = 0;
				media.addEventListener("seeked", () => (window.jumps += 1));
			}"""
		)

	def until_jumped(self, times: int) -> None:
		self.page.wait_for_function("times => window.jumps >= times", arg=times)

	# ---- controls

	@property
	def time(self) -> Locator:
		return self.player.get_by_role("textbox", name="Go to a time")

	@property
	def volume(self) -> Locator:
		return self.player.get_by_role("slider", name="Volume")

	def save_preferences(self, action) -> None:
		"""Performs an action and waits until its preference is saved on the server"""
		with self.page.expect_response(lambda response: "user_settings.save" in response.url) as saved:
			action()
		assert saved.value.ok

	# ---- timeline

	@property
	def stage(self) -> Locator:
		return self.root.locator(".ci-timeline-stage")

	@property
	def hover(self) -> Locator:
		return self.root.locator(".ci-timeline-hover")

	@property
	def visible_part(self) -> Locator:
		return self.player.get_by_role("slider", name="Visible part of the call")

	@property
	def lanes(self) -> Locator:
		return self.player.get_by_role("list", name="Speakers").get_by_role("listitem")

	def lane(self, name: str) -> Locator:
		return self.lanes.filter(has_text=name).locator(".ci-track-lane")

	def point_at(self, target: Locator, fraction: float) -> dict:
		"""-> position for click or hover, at this share of the target's width"""
		box = target.bounding_box()
		return {"x": box["width"] * fraction, "y": box["height"] / 2}

	def marks(self, kind: str) -> int:
		"""Number of markers of a kind"""
		path = self.root.locator(f".ci-marker-{kind} path")
		return (path.get_attribute("d") or "").count("M") if path.count() else 0

	# ---- keys

	@property
	def keys(self) -> Locator:
		"""The element that receives keys while it, or something in it, has the focus"""
		return self.page.locator("[data-ci-keys]:visible")

	def focus(self) -> None:
		"""Like a click on an empty area"""
		self.keys.focus()

	def press(self, *keys: str) -> None:
		for key in keys:
			self.page.keyboard.press(key)

	@property
	def help(self) -> Locator:
		return self.page.get_by_role("dialog", name="Keyboard")
