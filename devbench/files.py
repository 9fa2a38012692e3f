"""Atomic writes, and fingerprints of files."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
	"""Replaces `path` atomically, so that an interrupt leaves the old or the new text, never half of one."""
	path.parent.mkdir(parents=True, exist_ok=True)
	handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
	try:
		with os.fdopen(handle, "w") as file:
			file.write(text)
		os.chmod(temporary, mode)
		os.replace(temporary, path)
	except BaseException:
		Path(temporary).unlink(missing_ok=True)
		raise


def write_json(path: Path, value, mode: int = 0o644) -> None:
	write_text(path, json.dumps(value, indent=1, sort_keys=True) + "\n", mode)


def read_json(path: Path, default=None):
	"""The value in `path`; `default` when the file is missing or is not JSON."""
	try:
		return json.loads(path.read_text())
	except (FileNotFoundError, ValueError):
		return default


def link(target: Path, name: Path) -> None:
	"""Makes `name` a symbolic link to `target`, replacing a link (never a folder) that points elsewhere."""
	if name.is_symlink():
		if os.readlink(name) == str(target):
			return
		name.unlink()
	name.parent.mkdir(parents=True, exist_ok=True)
	name.symlink_to(target)


def replace_folder(new: Path, place: Path) -> None:
	"""Moves the finished folder `new` to `place`, replacing the previous one."""
	old = place.with_name(f"{place.name}.old")
	shutil.rmtree(old, ignore_errors=True)
	if place.is_symlink():
		place.unlink()
	elif place.exists():
		place.rename(old)
	new.rename(place)
	shutil.rmtree(old, ignore_errors=True)


def fingerprint(*parts: str) -> str:
	"""Hex digest of the parts, including their boundaries: ("ab", "c") differs from ("a", "bc")."""
	digest = hashlib.sha256()
	for part in parts:
		data = str(part).encode()
		digest.update(len(data).to_bytes(8, "big"))
		digest.update(data)
	return digest.hexdigest()[:24]


def files_fingerprint(paths: Iterable[Path], base: Path) -> str:
	"""Fingerprint of the names (relative to `base`) and contents of `paths`; a missing file counts as such."""
	parts = []
	for path in sorted(paths):
		name = str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
		try:
			parts += [name, hashlib.sha256(path.read_bytes()).hexdigest()]
		except FileNotFoundError:
			parts += [name, "missing"]
	return fingerprint(*parts)


def walk(folder: Path, suffixes: tuple[str, ...] = (), skip: tuple[str, ...] = ()) -> list[Path]:
	"""Files below `folder`, ending in one of `suffixes` (all when empty), without the folders named in `skip`."""
	found = []
	for root, folders, names in os.walk(folder):
		folders[:] = [name for name in folders if name not in skip and name != "__pycache__"]
		found += [Path(root, name) for name in names if not suffixes or name.endswith(suffixes)]
	return sorted(found)


def sha256(path: Path) -> str:
	digest = hashlib.sha256()
	with path.open("rb") as file:
		for block in iter(lambda: file.read(1 << 20), b""):
			digest.update(block)
	return digest.hexdigest()
