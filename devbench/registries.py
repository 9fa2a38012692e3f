"""What a Frappe tree names by a git host, taken from the package registries where no git host can be reached."""

import json
import re
import socket
from pathlib import Path

from devbench.files import write_text

# the release of the registry nearest to Frappe's own fork
PYTHON = {"gunicorn": "gunicorn==21.2.0"}
JAVASCRIPT = {"air-datepicker": "2.2.3"}
SECONDS = 5

_IN_PYPROJECT = re.compile(r'"([\w.-]+) @ git\+https?://([^/"]+)[^"]*"')
_IN_PACKAGE = re.compile(r"^(?:git\+)?(?:https?|ssh|git)://([^/]+)/.*|^(github|gitlab|bitbucket):")


def use_registries(tree: Path, reachable=None) -> list[str]:
	"""Rewrites pyproject.toml, package.json and yarn.lock of a copied tree -> the replacements, "gunicorn==21.2.0" """
	reachable = reachable or is_reachable
	return [*_python(tree / "pyproject.toml", reachable), *_javascript(tree / "package.json", reachable)]


def is_reachable(host: str) -> bool:
	try:
		socket.create_connection((host, 443), timeout=SECONDS).close()
	except OSError:
		return False
	return True


def _python(file: Path, reachable) -> list[str]:
	replaced = []

	def replacement(found: re.Match) -> str:
		name, host = found.groups()
		if name not in PYTHON or reachable(host):
			return found[0]
		replaced.append(PYTHON[name])
		return f'"{PYTHON[name]}"'

	if file.exists():
		text = _IN_PYPROJECT.sub(replacement, file.read_text())
		if replaced:
			write_text(file, text)
	return replaced


def _javascript(file: Path, reachable) -> list[str]:
	if not file.exists():
		return []
	package, replaced = json.loads(file.read_text()), []
	for name, wanted in package.get("dependencies", {}).items():
		found = _IN_PACKAGE.match(wanted)
		if found and name in JAVASCRIPT and not reachable(found[1] or f"{found[2]}.com"):
			package["dependencies"][name] = JAVASCRIPT[name]
			replaced.append(f"{name}@{JAVASCRIPT[name]}")
			_forget(file.with_name("yarn.lock"), name)
	if replaced:
		write_text(file, json.dumps(package, indent=2) + "\n")
	return replaced


def _forget(lock: Path, name: str) -> None:
	"""Removes the package's entry, which yarn then resolves again."""
	if lock.exists():
		entry = re.compile(rf'^"?{re.escape(name)}@[^\n]*:\n(?:[ \t][^\n]*\n|\n(?=[ \t]))*\n?', re.MULTILINE)
		write_text(lock, entry.sub("", lock.read_text()))
