"""Debian's Firefox, without a driver: it opens a page whose script sends its result back to the server."""

import contextlib
import shutil
from pathlib import Path

from tests.media.programs import running, sound_card

# plays without a click, asks nothing, and connects only to the page's server
PREFERENCES = {
	"media.autoplay.default": "0",
	"media.autoplay.blocking_policy": "0",
	"browser.shell.checkDefaultBrowser": "false",
	"browser.aboutwelcome.enabled": "false",
	"datareporting.policy.dataSubmissionEnabled": "false",
	"app.update.enabled": "false",
	"extensions.update.enabled": "false",
	"extensions.systemAddon.update.enabled": "false",
	"network.captive-portal-service.enabled": "false",
	"network.connectivity-service.enabled": "false",
	"browser.safebrowsing.malware.enabled": "false",
	"browser.safebrowsing.phishing.enabled": "false",
	"services.settings.server": '"http://127.0.0.1:9"',
}


def program() -> str | None:
	return shutil.which("firefox-esr") or shutil.which("firefox")


@contextlib.contextmanager
def opened(address: str, folder: Path):
	"""A separate Firefox that shows the page at `address`; folder: for its files"""
	profile = folder / "profile"
	profile.mkdir()
	(profile / "user.js").write_text(
		"".join(f'user_pref("{name}", {value});\n' for name, value in PREFERENCES.items())
	)
	command = [program(), "-headless", "-no-remote", "-profile", str(profile), address]
	with sound_card(folder) as environment, running(command, environment):
		yield
