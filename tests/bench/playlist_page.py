"""Opens a playlist of 200 items in Chromium, through nginx, as a rep does in Desk: from the click until all items are shown. Each
time in a new page, with an empty cache for the playlist.
"""

import statistics
import sys

from review import open_desk
from site_common import connected, delete, row

from tests import browser, factories
from tests.conftest import set_password

ITEMS = 200
OPENINGS = 5
OPEN = """name => new Promise(resolve => {
	const began = performance.now();
	const look = () => document.querySelectorAll(".ci-item").length === %d
		// shown: after the frame that has the last of them
		? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
		: requestAnimationFrame(look);
	frappe.set_route("Form", "Call Playlist", name);
	look();
})"""


def opened(chrome, bench, user, playlist) -> float:
	"""-> seconds"""
	context, page = open_desk(chrome, bench, user)
	took = page.evaluate(OPEN % ITEMS, playlist)
	context.close()
	return took / 1000


def main():
	import frappe
	from playwright.sync_api import sync_playwright

	if not browser.chromium():
		sys.exit("needs Chromium: apt-get install chromium-headless-shell")
	with connected() as bench:
		user = set_password(factories.user(factories.SEAT))
		call = playlist = None
		try:
			call = factories.call(user)
			playlist = factories.playlist(user)
			for number in range(ITEMS):
				factories.playlist_item(
					playlist,
					call,
					user,
					title=f"Part {number}",
					start_seconds=number / 20,
					end_seconds=number / 20 + 2,
				)
			frappe.db.commit()
			with sync_playwright() as playwright:
				chrome = browser.launch(playwright)
				took = [opened(chrome, bench, user, playlist) for _opening in range(OPENINGS)]
				chrome.close()
		finally:
			frappe.db.rollback()
			for doctype, name in (("Call Playlist", playlist), ("Call", call), ("User", user)):
				if name:
					delete(doctype, name)
	row(f"playlist of {ITEMS} items: all shown, median of {OPENINGS}", statistics.median(took), "s", 1)
	row(f"playlist of {ITEMS} items: all shown, longest", max(took), "s")


if __name__ == "__main__":
	main()
