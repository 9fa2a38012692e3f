"""Checks of the tracked files that linters don't cover: machine paths, registry hosts, translations."""

import ast
import csv
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from devbench.bench import APP

# Assembled here, so that this file does not match itself.
_HOSTS = re.compile(
	"|".join(
		re.escape(".".join(parts))
		for parts in (
			("registry", "npmjs", "org"),
			("registry", "yarnpkg", "com"),
			("files", "pythonhosted", "org"),
			("pypi", "org"),
			("deb", "debian", "org"),
		)
	)
)
_MACHINE_PATHS = re.compile(r"(?<![\w.$}<>)-])/(?:work|root|home/(?!me\b)\w+|Users/\w+|tmp)/[\w.]")

_PLACEHOLDER = re.compile(r"\{\d*\}")
_TEXT = re.compile(r"""\b__\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")


def tracked_files(checkout: Path) -> list[Path]:
	"""Files that git tracks or would add; outside a git checkout all but assembled folders."""
	argv = ["git", "-C", str(checkout), "ls-files", "-co", "--exclude-standard", "-z"]
	try:
		listed = subprocess.run(argv, check=True, capture_output=True).stdout.decode().split("\0")
	except (OSError, subprocess.CalledProcessError):
		return [p for p in checkout.rglob("*") if p.is_file() and not _assembled(p.relative_to(checkout))]
	return [checkout / name for name in listed if name and (checkout / name).is_file()]


def foreign_places(files: list[Path], checkout: Path) -> Iterator[str]:
	"""One line for every absolute path of a machine and every host of a package registry."""
	for file in files:
		try:
			lines = file.read_text().splitlines()
		except UnicodeDecodeError:
			continue
		for number, line in enumerate(lines, 1):
			for found in (_HOSTS.search(line), _MACHINE_PATHS.search(line)):
				if found:
					yield f"{file.relative_to(checkout)}:{number}: {found[0]!r} belongs to one machine, not into the project"


def translation_problems(checkout: Path) -> Iterator[str]:
	"""One line for every invalid row, and for every text of the app without a translation."""
	package = checkout / APP
	texts = translatable_texts(package)
	for file in sorted((package / "translations").glob("*.csv")):
		name = file.relative_to(checkout)
		known = set()
		with file.open(newline="") as opened:
			for number, row in enumerate(csv.reader(opened), 1):
				if not row:
					continue
				if len(row) not in (2, 3):
					yield f"{name}:{number}: {len(row)} columns; source, translation and perhaps context are expected"
					continue
				if (row[0], tuple(row[2:])) in known:
					yield f"{name}:{number}: {row[0]!r} is there twice"
				if not row[1].strip():
					yield f"{name}:{number}: {row[0]!r} has an empty translation"
				if sorted(_PLACEHOLDER.findall(row[0])) != sorted(_PLACEHOLDER.findall(row[1])):
					yield f"{name}:{number}: the placeholders of {row[0]!r} differ"
				known.add((row[0], tuple(row[2:])))
		for text, place in sorted(texts.items()):
			if not any(source == text for source, _ in known):
				yield f"{name}: no translation of {text!r} ({place.relative_to(checkout)})"


def translatable_texts(package: Path) -> dict[str, Path]:
	"""Texts in _("...") of Python and __("...") of JavaScript, each with a file that contains it."""
	texts: dict[str, Path] = {}
	for file in sorted(package.rglob("*.py")):
		for node in ast.walk(ast.parse(file.read_text())):
			if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Name):
				continue
			text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
			if node.func.id in ("_", "_lt") and isinstance(text, str):
				texts.setdefault(text, file)
	for suffix in ("js", "vue", "html"):
		for file in sorted(package.rglob(f"*.{suffix}")):
			if "dist" in file.parts or "node_modules" in file.parts:
				continue
			for double, single in _TEXT.findall(file.read_text()):
				texts.setdefault(
					(double or single).replace('\\"', '"').replace("\\'", "'").replace("\\n", "\n"), file
				)
	return texts


def _assembled(path: Path) -> bool:
	return any(
		part.startswith(".bench") or part in ("node_modules", "__pycache__", "dist") for part in path.parts
	)
