"""Differences between the supported Frappe versions. No other module of devbench checks the version."""

import re
from dataclasses import dataclass
from pathlib import Path

from devbench.errors import BenchError


@dataclass(frozen=True)
class FrappeVersion:
	"""Requirements of a Frappe source tree, read from the tree itself where possible."""

	text: str
	major: int
	own_node: bool
	"""Has package.json, esbuild/ and socketio.js; the restored tree lacks them and gets devbench/node instead."""
	oldest_python: tuple[int, int]
	newest_python: tuple[int, int] | None
	site_options: tuple[str, ...]
	"""Options of new-site that let the site's database user log in over TCP from anywhere."""


RESTORED = FrappeVersion("15.0.0-dev", 15, False, (3, 10), (3, 13), ("--no-mariadb-socket",))


def inspect(tree: Path) -> FrappeVersion:
	"""Raises BenchError when `tree` is not the root of a Frappe checkout."""
	init = tree / "frappe" / "__init__.py"
	found = init.exists() and re.search(r'^__version__\s*=\s*["\']([^"\']+)', init.read_text(), re.MULTILINE)
	if not found:
		raise BenchError(
			f"{tree} is not a Frappe source tree", hint="Give the folder that holds frappe/__init__.py."
		)
	major = int(found[1].split(".")[0])
	if major not in (15, 16, 17):
		raise BenchError(f"{tree} is Frappe {found[1]}; this app needs 15 or 16")
	pyproject = (tree / "pyproject.toml").read_text() if (tree / "pyproject.toml").exists() else ""
	requires = re.search(r'^requires-python\s*=\s*["\']([^"\']+)', pyproject, re.MULTILINE)
	oldest, newest = python_range(requires[1] if requires else ">=3.10")
	own_node = (tree / "package.json").exists()
	if not own_node:
		newest = RESTORED.newest_python
	return FrappeVersion(found[1], major, own_node, oldest, newest, _site_options(tree))


def python_range(specifier: str) -> tuple[tuple[int, int], tuple[int, int] | None]:
	"""Oldest and newest usable minor version of a requires-python such as ">=3.10,<3.13" (newest: 3.12)."""
	oldest, newest = (3, 10), None
	for sign, major, minor in re.findall(r"(>=|<=|<|~=|==)\s*(\d+)\.(\d+)", specifier):
		version = (int(major), int(minor))
		if sign in (">=", "~=", "=="):
			oldest = max(oldest, version)
		if sign in ("<=", "=="):
			newest = version
		if sign == "<":
			newest = (version[0], version[1] - 1)
	return oldest, newest


def _site_options(tree: Path) -> tuple[str, ...]:
	"""Reads the options from the command itself: one was renamed within 15 and its old name dropped in 16."""
	command = tree / "frappe" / "commands" / "site.py"
	text = command.read_text() if command.exists() else ""
	if "--mariadb-user-host-login-scope" in text:
		return ("--mariadb-user-host-login-scope=%",)
	return ("--no-mariadb-socket",)
