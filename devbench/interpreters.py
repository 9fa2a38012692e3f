"""Finds a Python on this machine that fits a given Frappe."""

import os
import re
import sys
from pathlib import Path

from devbench import debian, shell
from devbench.errors import BenchError
from devbench.versions import FrappeVersion


def version_of(python: str) -> tuple[int, int] | None:
	"""(major, minor) of an interpreter that really starts; version managers leave shims without one."""
	text = shell.output(
		[python, "-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"], timeout=20
	)
	found = re.fullmatch(r"(\d+) (\d+)", text or "")
	return (int(found[1]), int(found[2])) if found else None


def real_path(python: str) -> str:
	"""The interpreter that a shim or link resolves to, so that later changes of the shim have no effect."""
	return (
		shell.output([python, "-c", "import os, sys; print(os.path.realpath(sys.executable))"], timeout=20)
		or python
	)


def choose(frappe: FrappeVersion) -> str:
	"""Full path of a usable interpreter; $PYTHON is preferred if it fits."""
	newest = frappe.newest_python

	def fits(version: tuple[int, int] | None) -> bool:
		return bool(version) and version >= frappe.oldest_python and (newest is None or version <= newest)

	# $PYTHON first, then the Python of most Frappe 15 benches, then the others, the latest first.
	asked = [os.environ["PYTHON"]] if os.environ.get("PYTHON") else []
	for name in (*asked, "python3.11", sys.executable, *[f"python3.{minor}" for minor in range(20, 9, -1)]):
		path = debian.program(name)
		if path and fits(version_of(path)):
			return str(Path(real_path(path)))
	wanted = f"{_dotted(frappe.oldest_python)} or later"
	if newest:
		wanted = f"{_dotted(frappe.oldest_python)} to {_dotted(newest)}"
	raise BenchError(
		f"Frappe {frappe.text} needs Python {wanted} with venv; this machine has none of them",
		hint="Install one beside the others (pyenv, uv python install, or your distribution) so that it is on PATH as "
		f"python{_dotted(newest or frappe.oldest_python)}, or give a Frappe that fits: ./run ... --frappe DIR",
		code=debian.MISSING_STATUS,
	)


def _dotted(version: tuple[int, int]) -> str:
	return ".".join(str(part) for part in version)
