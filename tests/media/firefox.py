"""Debian's Firefox, without a driver: it opens a page whose script sends its answer back to the server that the page came from."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

SECONDS = 90  # until it has answered, on a busy machine
# plays without a click, asks nothing, and calls nobody but the page's server
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
	"""A Firefox of its own that shows the page at `address`; folder: for all that it writes"""
	profile = folder / "profile"
	profile.mkdir()
	(profile / "user.js").write_text(
		"".join(f'user_pref("{name}", {value});\n' for name, value in PREFERENCES.items())
	)
	command = [program(), "-headless", "-no-remote", "-profile", str(profile), address]
	with _sound_card(folder) as environment, _running(command, environment):
		yield


@contextlib.contextmanager
def _sound_card(folder: Path):
	"""One that is heard by nobody: without any the time of Firefox's sound stands still. -> the environment that names it"""
	runtime = folder / "run"
	runtime.mkdir(mode=0o700)
	socket = runtime / "sound"
	environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(runtime)}
	command = [
		*("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "-L", "module-null-sink"),
		*("-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"),
	]
	with _running(command, environment) as process:
		deadline = time.monotonic() + SECONDS
		while not socket.exists():
			assert process.poll() is None and time.monotonic() < deadline, "pulseaudio does not start"
			time.sleep(0.05)
		yield {**environment, "PULSE_SERVER": f"unix:{socket}"}


@contextlib.contextmanager
def _running(command: list[str], environment: dict):
	process = subprocess.Popen(
		command,
		env=environment,
		stdout=subprocess.DEVNULL,
		stderr=subprocess.DEVNULL,
		start_new_session=True,  # it starts others, which end with it
	)
	try:
		yield process
	finally:
		with contextlib.suppress(ProcessLookupError):
			os.killpg(process.pid, signal.SIGTERM)
		try:
			process.wait(20)
		except subprocess.TimeoutExpired:
			os.killpg(process.pid, signal.SIGKILL)
			process.wait()
