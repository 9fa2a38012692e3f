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
_NO_FILE = re.compile(r'https?://[^/\s]+/((?:@[^/\s]+/)?[^/\s]+)/-/\S+: Request failed "404')
_NO_VERSION = re.compile(r'any versions for "([^"]+)" that matches "([~^=v]?\d[\d.]*)"')
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
			forget(file.with_name("yarn.lock"), name)
	if replaced:
		write_text(file, json.dumps(package, indent=2) + "\n")
	return replaced


def forget(lock: Path, name: str) -> None:
	"""Removes the package's entries, which yarn then resolves again."""
	if lock.exists():
		entry = re.compile(rf'^"?{re.escape(name)}@[^\n]*:\n(?:[ \t][^\n]*\n|\n(?=[ \t]))*\n?', re.MULTILINE)
		write_text(lock, entry.sub("", lock.read_text()))


def loosen(folder: Path, output: str) -> bool:
	"""Allows another version of the package that the registry lacks, by what yarn said when it failed -> whether there was one

	First another version that fits package.json, then any newer one of the same major version.
	"""
	if found := _NO_FILE.search(output):
		forget(folder / "yarn.lock", found[1])
	elif found := _NO_VERSION.search(output):
		name, wanted = found.groups()
		_allow_newer(folder / "package.json", name, wanted)
		forget(folder / "yarn.lock", name)
	return bool(found)


def _allow_newer(file: Path, name: str, wanted: str) -> None:
	package = json.loads(file.read_text())
	oldest = wanted.lstrip("^~=v")
	newer = f">={oldest} <{int(oldest.split('.')[0]) + 1}"
	for kind in ("dependencies", "devDependencies"):
		if package.get(kind, {}).get(name) == wanted:
			package[kind][name] = newer
	write_text(file, json.dumps(package, indent=2) + "\n")
