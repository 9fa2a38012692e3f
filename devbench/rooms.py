"""The rooms of the app: compares ARCHITECTURE.md with the code.

Allowed imports between rooms are in pyproject.toml ([tool.importlinter]); ARCHITECTURE.md shows the same list as a picture.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import tomllib

from devbench.bench import APP

ARCHITECTURE = "ARCHITECTURE.md"
BEGIN, END = "<!-- rooms: drawn by ./run lint --write -->", "<!-- end of rooms -->"
# documents that name paths of the repository, and prefixes that they may omit
DOCUMENTS = ("*.md", "docs/*.md")
PLACES = ("", APP, f"{APP}/public/js", f"{APP}/{APP}", "tests", "docs")
_PATH = re.compile(r"`([\w./-]+/[\w.-]+\.(?:py|js|vue|md|json|scss|csv)|[a-z_]+/)`")
# jobs are queued by their path, in one place only
ENQUEUING = "queue"
# who reads and writes a table; the modules in RULES may name all of them
OWNERS = {"Transcript Segment": "transcript"}
RULES = ("permissions.py", "hooks.py", "guard", "patches", APP)
WRITERS = {"Call Participant": "transcript/participant_rows.py"}
_WRITING = ("set_value", "delete", "bulk_insert", "delete_doc", "get_doc", "new_doc")


def layers(checkout: Path) -> list[list[str]]:
	"""-> rooms, the highest layer first"""
	settings = tomllib.loads((checkout / "pyproject.toml").read_text())
	contracts = settings["tool"]["importlinter"]["contracts"]
	layered = next(contract for contract in contracts if contract["type"] == "layers")
	return [re.split(r"\s*[|:]\s*", layer) for layer in layered["layers"]]


def picture(checkout: Path) -> str:
	"""A line for each room: its name, and the first sentence of its docstring. Layers are separated by blank lines."""
	drawn = []
	for layer in layers(checkout):
		rows = [(room, _first_sentence(checkout, room)) for room in layer]
		drawn.append("\n".join(f"{room:<18}{sentence}".rstrip() for room, sentence in rows))
	return "```\n" + "\n\n".join(drawn) + "\n```"


def problems(files: list[Path], checkout: Path) -> Iterator[str]:
	text = (checkout / ARCHITECTURE).read_text()
	if f"{BEGIN}\n{picture(checkout)}\n{END}" not in text:
		yield f"{ARCHITECTURE}: the picture of the rooms is not that of pyproject.toml: ./run lint --write"
	for room in [room for layer in layers(checkout) for room in layer]:
		if not _first_sentence(checkout, room) and (checkout / APP / room).is_dir() and room != APP:
			yield f"{APP}/{room}/__init__.py: say what is in the room, what comes in and who calls it"
	known = {str(file.relative_to(checkout)) for file in files}
	yield from _dead_paths(known, checkout)
	for file in files:
		if file.suffix == ".py" and file.is_relative_to(checkout / APP):
			place = file.relative_to(checkout / APP)
			for line, problem in _trespasses(place, ast.parse(file.read_text())):
				yield f"{file.relative_to(checkout)}:{line}: {problem}"


def write(checkout: Path) -> None:
	"""Writes the picture into ARCHITECTURE.md."""
	file = checkout / ARCHITECTURE
	text = file.read_text()
	begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
	file.write_text(f"{text[:begin]}\n{picture(checkout)}\n{text[end:]}")


def _dead_paths(known: set[str], checkout: Path) -> Iterator[str]:
	for pattern in DOCUMENTS:
		for document in sorted(checkout.glob(pattern)):
			for number, line in enumerate(document.read_text().splitlines(), 1):
				for path in _PATH.findall(line):
					if not any(_is_there(Path(place) / path, known) for place in PLACES):
						yield f"{document.relative_to(checkout)}:{number}: there is no {path}"


def _is_there(path: Path, known: set[str]) -> bool:
	return str(path) in known or any(name.startswith(f"{path}/") for name in known)


def _first_sentence(checkout: Path, room: str) -> str:
	file = checkout / APP / f"{room}.py"
	if not file.exists():
		file = checkout / APP / room / "__init__.py"
	text = ast.get_docstring(ast.parse(file.read_text())) or ""
	paragraph = " ".join(text.split("\n\n")[0].split())
	return re.split(r"(?<=[.:])\s", paragraph)[0].rstrip(":.") if paragraph else ""


def _trespasses(place: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
	"""(line, problem) where a file does the work of another room. place: the file's path in the app"""
	room = place.parts[0]
	for node in ast.walk(tree):
		if isinstance(node, ast.Attribute) and node.attr in ("enqueue", "enqueue_doc") and room != ENQUEUING:
			if ast.unparse(node.value) == "frappe":
				yield node.lineno, f"only {ENQUEUING}/ puts work on a queue"
		elif isinstance(node, ast.Constant) and isinstance(node.value, str) and room not in RULES:
			for doctype, owner in OWNERS.items():
				named = node.value == doctype or f"`tab{doctype}`" in node.value
				if named and room != owner:
					yield node.lineno, f"only {owner}/ reads and writes {doctype}"
		elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and room not in RULES:
			for doctype, owner in WRITERS.items():
				if node.func.attr in _WRITING and str(place) != owner and _is_about(node, doctype):
					yield node.lineno, f"only {owner} writes {doctype}"


def _is_about(call: ast.Call, doctype: str) -> bool:
	"""Whether its first argument is the name of the DocType, or a document of it"""
	if not call.args:
		return False
	first = call.args[0]
	if isinstance(first, ast.Dict):
		first = next(
			(
				value
				for key, value in zip(first.keys, first.values, strict=True)
				if isinstance(key, ast.Constant) and key.value == "doctype"
			),
			None,
		)
	return isinstance(first, ast.Constant) and first.value == doctype
