"""The Call form: player and transcript."""

from playwright.sync_api import Locator, Page


class ReviewPage:
	def __init__(self, page: Page):
		self.page = page
		self.root = page.locator(".ci-review:visible")

	def open(self, call: str, query: str = "") -> "ReviewPage":
		self.page.goto(f"/app/call/{call}{query}")
		return self.wait()

	def wait(self) -> "ReviewPage":
		self.root.locator("> :not(.ci-skeleton)").first.wait_for()
		return self

	# ---- player

	@property
	def play(self) -> Locator:
		return self.root.get_by_role("button", name="Play", exact=True)

	@property
	def pause(self) -> Locator:
		return self.root.get_by_role("button", name="Pause", exact=True)

	@property
	def position(self) -> Locator:
		return self.root.get_by_role("slider", name="Position in the call")

	@property
	def seconds(self) -> float:
		"""The playback position"""
		return self.root.locator("audio, video").evaluate("media => media.currentTime")

	@property
	def speed(self) -> Locator:
		return self.root.get_by_label("Playback speed")

	def skip(self, name: str) -> None:
		self.root.get_by_role("button", name=name).click()

	@property
	def waveform_bars(self) -> int:
		"""Number of drawn pixels of the waveform"""
		return self.root.locator(".ci-waveform-canvas").evaluate(
			"""host => [...host.firstElementChild.shadowRoot.querySelectorAll("canvas")].reduce((sum, canvas) => {
				const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
				return sum + pixels.filter((value, i) => i % 4 === 3 && value).length;
			}, 0)"""
		)

	# ---- transcript

	@property
	def utterances(self) -> Locator:
		return self.root.get_by_role("listitem").filter(has=self.page.locator(".ci-utterance"))

	@property
	def transcript(self) -> Locator:
		return self.root.get_by_role("list", name="Transcript")

	@property
	def search(self) -> Locator:
		return self.root.get_by_role("searchbox", name="Search in the transcript")

	@property
	def hit_count(self) -> Locator:
		"""Such as 1 of 2"""
		return self.root.get_by_role("search").get_by_role("status")

	@property
	def hits(self) -> Locator:
		"""The words of all hits on the screen"""
		return self.root.locator(".ci-is-hit")

	@property
	def hit_looked_at(self) -> Locator:
		return self.root.locator(".ci-is-hit-now")

	@property
	def speaker_filter(self) -> Locator:
		return self.root.get_by_label("Whose words are shown")

	@property
	def unsure_words(self) -> Locator:
		return self.root.locator(".ci-is-unsure")

	def actions(self, row: int) -> Locator:
		"""The actions of an utterance that is hovered or focused"""
		return self.utterances.nth(row).get_by_role("group", name="This utterance")

	def more(self, entry: str) -> None:
		self.root.get_by_role("button", name="More about the transcript").click()
		self.root.get_by_role("button", name=entry).click()

	@property
	def copied_text(self) -> str:
		"""The text on the clipboard"""
		return self.page.evaluate("navigator.clipboard.readText()")

	@property
	def speakers(self) -> Locator:
		return self.root.locator(".ci-utterance-who")

	def word(self, text: str) -> Locator:
		return self.root.locator(".ci-word", has_text=text).first

	@property
	def spoken_word(self) -> Locator:
		return self.root.locator(".ci-is-spoken")

	def note_spoken_words(self) -> None:
		"""Records every word that is marked as spoken, however briefly: see `spoken_words`."""
		self.root.evaluate(
			"""root => {
				window.spoken_words = [];
				new MutationObserver((changes) => {
					for (const { target } of changes) {
						if (target.classList?.contains("ci-is-spoken")) window.spoken_words.push(target.textContent.trim());
					}
				}).observe(root, { subtree: true, attributes: true, attributeFilter: ["class"] });
			}"""
		)

	@property
	def spoken_words(self) -> list[str]:
		"""Without repetition"""
		words = self.page.evaluate("window.spoken_words")
		return list(dict.fromkeys(words))

	@property
	def current(self) -> Locator:
		return self.root.locator(".ci-utterance.ci-is-now")

	def wait_for_current_in_list(self):
		"""Until the list of utterances is scrolled to the current one, wherever the list is on the page"""
		self.page.wait_for_function(
			"""list => {
				const [view, now] = [list, list.querySelector(".ci-is-now")].map((element) =>
					element ? element.getBoundingClientRect() : {}
				);
				return now.top >= view.top && now.bottom <= view.bottom;
			}""",
			arg=self.transcript.element_handle(),
		)

	# ---- state

	@property
	def error(self) -> Locator:
		return self.root.get_by_role("alert")

	@property
	def retry(self) -> Locator:
		return self.root.get_by_role("button", name="Retry")

	@property
	def stages(self) -> Locator:
		return self.root.locator(".ci-stages-list li")

	@property
	def notes(self) -> Locator:
		return self.root.get_by_role("note")
