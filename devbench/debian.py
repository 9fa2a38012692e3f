"""Programs of the operating system: which are missing, and installing them."""

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devbench import shell
from devbench.errors import BenchError

# Debian keeps servers in /usr/sbin, which is not on every user's path.
SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])

MISSING_STATUS = 2


@dataclass(frozen=True)
class Need:
	"""A requirement of the bench: `package` provides it, `found` returns whether it is installed."""

	package: str
	found: Callable[[], bool]
	why: str


def program(*names: str) -> str | None:
	"""Full path of the first of `names` that is installed."""
	return next((path for name in names if (path := shutil.which(name, path=SEARCH))), None)


def node_is_recent() -> bool:
	node = program("node")
	version = re.match(r"v(\d+)", (node and shell.output([node, "--version"])) or "")
	return bool(version) and int(version[1]) >= 18


def _has(*names: str) -> Callable[[], bool]:
	return lambda: program(*names) is not None


def _venv_works() -> bool:
	return importlib.util.find_spec("venv") is not None and importlib.util.find_spec("ensurepip") is not None


def _file(path: str) -> Callable[[], bool]:
	return lambda: Path(path).exists()


def library(name: str) -> Path | None:
	"""The first file of that name in the system's library folders; `name` may have wildcards."""
	folders = ("lib/*", "lib", "lib64", "libexec")
	return next((path for folder in folders for path in Path("/usr").glob(f"{folder}/{name}")), None)


def _library(name: str) -> Callable[[], bool]:
	return lambda: library(name) is not None


NEEDS = (
	Need("mariadb-server-core", _has("mariadbd"), "the database"),
	Need("mariadb-client", _has("mariadb"), "the database's command line"),
	Need("redis-server", _has("redis-server"), "cache and queues"),
	Need("nginx-light", _has("nginx"), "static files, byte ranges and large uploads, as in production"),
	Need("nodejs", node_is_recent, "Desk's assets and realtime (18 or later)"),
	Need("npm", _has("npm"), "Desk's JavaScript libraries"),
	Need("ffmpeg", _has("ffmpeg"), "audio formats"),
	Need("flite", _has("flite"), "the voices of the demo and test calls"),
	Need("espeak-ng", _has("espeak-ng"), "test calls in other languages than English"),
	Need(
		"pocketsphinx-testdata",
		_file("/usr/share/pocketsphinx/test/data"),
		"recordings of real people with transcripts",
	),
	Need(
		"chromium-headless-shell",
		_has("chromium-headless-shell", "chromium-browser", "google-chrome"),
		"browser tests",
	),
	Need("firefox-esr", _has("firefox-esr", "firefox"), "what another browser plays of recordings"),
	Need("pulseaudio", _has("pulseaudio"), "a sound card for browsers that nobody hears"),
	Need(
		"libwebkit2gtk-4.1-0",
		_library("webkit2gtk-4.*/MiniBrowser"),
		"what a relative of Safari plays of recordings",
	),
	Need("xvfb", _has("Xvfb"), "a screen for WebKit that nobody sees"),
	Need("gstreamer1.0-libav", _library("gstreamer-1.0/libgstlibav.so"), "formats that WebKit plays"),
	Need(
		"gstreamer1.0-pulseaudio", _library("gstreamer-1.0/libgstpulseaudio.so"), "its way to the sound card"
	),
	Need(
		"fonts-dejavu-core", _file("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), "readable screenshots"
	),
	Need("python3-venv", _venv_works, "Python environments"),
)


def missing(needs: tuple[Need, ...] = NEEDS) -> list[Need]:
	return [need for need in needs if not need.found()]


def install_command(packages: list[str], root: bool) -> str:
	sudo = "" if root else "sudo "
	return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def ensure(log: Path, needs: tuple[Need, ...] = NEEDS) -> None:
	"""Installs missing packages when root on Debian or Ubuntu; otherwise prints the command (exit status 2)."""
	wanted = missing(needs)
	if not wanted:
		return
	packages = sorted({need.package for need in wanted})
	reasons = "\n".join(f"  {need.package}: {need.why}" for need in wanted)
	root = os.geteuid() == 0
	apt = program("apt-get")
	if not apt:
		raise BenchError(
			f"These are missing:\n{reasons}",
			hint="The names are those of Debian's packages; install the same programs the way your system does.",
			code=MISSING_STATUS,
		)
	if not root:
		raise BenchError(
			f"These packages are missing:\n{reasons}",
			hint=f"Type this, then start again:\n  {install_command(packages, root)}",
			code=MISSING_STATUS,
		)
	env = shell.environment(DEBIAN_FRONTEND="noninteractive")
	with _services_stay_down():
		shell.run([apt, "update", "-q"], log, env=env)
		shell.run([apt, "install", "-q", "-y", "--no-install-recommends", *packages], log, env=env)
	if still := missing(needs):
		raise BenchError(
			f"Installed, but still not usable: {', '.join(need.package for need in still)}",
			hint=f"{sys.executable} and the programs on PATH were looked at. Output of apt-get: {log}",
			code=MISSING_STATUS,
		)


class _services_stay_down:
	"""Prevents Debian from starting system-wide servers while packages are installed.

	Debian's own way: a policy-rc.d that exits with 101, "not allowed". An existing one is left alone.
	"""

	policy = Path("/usr/sbin/policy-rc.d")

	def __enter__(self):
		self.ours = not self.policy.exists()
		if self.ours:
			self.policy.write_text("#!/bin/sh\nexit 101\n")
			self.policy.chmod(0o755)

	def __exit__(self, *_):
		if self.ours:
			self.policy.unlink(missing_ok=True)
