"""The review screen in Chromium, through nginx, as a rep opens a call inside Desk.

A call of an hour with sound: from requesting the form until the transcript is shown and playback is possible, with an
empty cache; and the memory kept by the tab's JavaScript. A call of four hours with 6,000 utterances: from the arrival
of its data until it is readable, the number of frames with missing rows while scrolling through it, and the longest frame
meanwhile. The bundle's size is that of the built file.
"""

import json
import statistics
import sys
from pathlib import Path

import psutil
from engine_common import recording
from site_common import connected, delete, row

from tests import browser, factories
from tests.conftest import set_password

OPENINGS = 5
SCROLLS = 150

# measurements recorded by the page from its start
WATCH = """
window.ci_marks = {};
new MutationObserver(() => {
	if (!window.ci_marks.shown && document.querySelector(".ci-review .ci-utterance")) {
		// shown: after the frame that has it in
		window.ci_marks.shown = -1;
		requestAnimationFrame(() => setTimeout(() => (window.ci_marks.shown = performance.now())));
	}
	const media = document.querySelector(".ci-review audio");
	if (media && !media.ci_watched) {
		media.ci_watched = true;
		const mark = () => (window.ci_marks.sound = window.ci_marks.sound || performance.now());
		media.readyState >= 2 ? mark() : media.addEventListener("loadeddata", mark);
	}
}).observe(document, { childList: true, subtree: true });
"""
OPEN = """(call) => {
	window.ci_marks = { asked: performance.now() };
	performance.clearResourceTimings();
	frappe.set_route("Form", "Call", call);
}"""
ARRIVED = """() => performance.getEntriesByType("resource").filter(e => e.name.includes("review.get")).pop().responseEnd"""
SAMPLE = """() => {
	const list = document.querySelector(".ci-transcript-scroll");
	const box = list.getBoundingClientRect();
	const seen = (window.ci_frames = { frames: 0, holes: 0, longest: 0 });
	let before = performance.now();
	// a message comes after the frame has been laid out, measured and painted
	const painted = new MessageChannel();
	painted.port1.onmessage = () => {
		for (const part of [0.1, 0.5, 0.9]) {
			const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height * part);
			if (!there || !there.closest(".ci-transcript-item")) { seen.holes += 1; break; }
		}
	};
	const look = (now) => {
		seen.frames += 1;
		seen.longest = Math.max(seen.longest, now - before);
		before = now;
		painted.port2.postMessage(0);
		if (!window.ci_stop) requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
}"""


def open_desk(chrome, bench, user):
	context = chrome.new_context(base_url=bench.browser_url, viewport={"width": 1280, "height": 900})
	context.add_init_script(WATCH)
	page = context.new_page()
	browser.log_in(page, user, "Correct-Horse-7")
	page.goto("/app/user-profile")
	page.wait_for_function(
		"window.frappe && frappe.boot && frappe.set_route && $('.page-container:visible').length"
	)
	page.wait_for_load_state("networkidle")
	return context, page


def open_call(page, call, sound):
	"""-> {"asked", "shown", "sound"} in ms of the page's clock"""
	page.evaluate(OPEN, call)
	page.wait_for_function(f"window.ci_marks.shown > 0 && ({json.dumps(not sound)} || window.ci_marks.sound)")
	return page.evaluate("window.ci_marks")


def heap(page):
	"""MB kept by the tab's JavaScript, after garbage collection"""
	session = page.context.new_cdp_session(page)
	session.send("Performance.enable")
	session.send("HeapProfiler.collectGarbage")
	metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
	return metrics["JSHeapUsedSize"] / 1024**2


def process_memory():
	"""MB not shared with other processes, of Chromium's largest page process: the tab's"""
	pages = [
		process.memory_full_info().uss
		for process in psutil.Process().children(recursive=True)
		if "--type=renderer" in process.cmdline()
	]
	return max(pages) / 1024**2


def an_hour(chrome, bench, user, call):
	ready, memory = [], []
	for _opening in range(OPENINGS):
		context, page = open_desk(chrome, bench, user)
		before = (heap(page), process_memory())
		marks = open_call(page, call, sound=True)
		ready.append((max(marks["shown"], marks["sound"]) - marks["asked"]) / 1000)
		memory.append((before, (heap(page), process_memory())))
		context.close()
	row("review of 1 h: ready, median of 5", statistics.median(ready), "s", 1.5)
	row("review of 1 h: ready, longest", max(ready), "s")
	for at, what in enumerate(("memory of the tab's JavaScript", "memory of the tab's whole process")):
		row(f"review of 1 h: {what}", max(after[at] for _before, after in memory), "MB", 150)
		row(f"review of 1 h: {what}, Desk alone", max(before[at] for before, _after in memory), "MB")


def four_hours(chrome, bench, user, call):
	context, page = open_desk(chrome, bench, user)
	marks = open_call(page, call, sound=False)
	arrived = page.evaluate(ARRIVED)
	row(
		"review of 4 h, 6,000 utterances: shown after its data are there",
		(marks["shown"] - arrived) / 1000,
		"s",
		1.5,
	)
	row(
		"review of 4 h, 6,000 utterances: shown after it is asked for",
		(marks["shown"] - marks["asked"]) / 1000,
		"s",
	)
	row("review of 4 h, 6,000 utterances: memory of the tab's JavaScript", heap(page), "MB", 150)
	row("review of 4 h, 6,000 utterances: in the page at once", page.locator(".ci-utterance").count(), "", 80)
	page.locator(".ci-transcript-scroll").hover()
	page.evaluate(SAMPLE)
	for number in range(SCROLLS):
		page.mouse.wheel(0, 900 if number % 3 else 2400)
	frames = page.evaluate("() => { window.ci_stop = true; return window.ci_frames; }")
	row("review of 4 h: frames with a hole while scrolling", frames["holes"], "", 0)
	row("review of 4 h: frames while scrolling", frames["frames"], "")
	row("review of 4 h: longest frame while scrolling", frames["longest"], "ms")
	context.close()


def bundle(bench):
	"""The bundle without and with Vue, which is Frappe's and in each bundle that uses it."""
	assets = json.loads((bench.sites / "assets" / "assets.json").read_text())
	script = bench.sites / assets["call_review.bundle.js"].lstrip("/")
	parts = json.loads(script.with_name(f"{script.name}.parts.json").read_text())
	vue = sum(size for name, size in parts.items() if "/node_modules/@vue/" in name)
	row("call_review.bundle.js, without Frappe's Vue", (script.stat().st_size - vue) / 1000, "KB", 250)
	row("call_review.bundle.js, whole", script.stat().st_size / 1000, "KB")


def main():
	import frappe
	from playwright.sync_api import sync_playwright

	if not browser.chromium():
		sys.exit("needs Chromium: apt-get install chromium-headless-shell")
	with connected() as bench:
		bundle(bench)
		user = set_password(factories.user(factories.SEAT))
		calls = []
		try:
			hour = factories.long_call(user, 3600, 1500)
			calls.append(hour)
			copy = Path(bench.root / "cache" / "bench-hour.mp3")
			copy.write_bytes(recording(60, "mono").read_bytes())
			factories.sound(frappe.db.get_value("Call Recording", {"call": hour}), copy, 3600)
			calls.append(factories.long_call(user, 4 * 3600, 6000))
			frappe.db.commit()
			with sync_playwright() as playwright:
				chrome = browser.launch(playwright, "--enable-precise-memory-info")
				an_hour(chrome, bench, user, calls[0])
				four_hours(chrome, bench, user, calls[1])
				chrome.close()
		finally:
			frappe.db.rollback()
			for call in calls:
				delete("Call", call)
			delete("User", user)


if __name__ == "__main__":
	main()
