"""Frappe 15.0.0-dev from its republication on PyPI, with the original names put back.

The wheel criscostack 1.0.0 is Frappe's develop branch of 2023-08-05 (MIT) with its names replaced mechanically.
Putting them back gives 2,877 of 2,900 files byte for byte as upstream has them, every Python and JavaScript file among
them; the rest differ in final newlines, translations and logos.
"""

import shutil
import zipfile
from pathlib import Path

from devbench.errors import BenchError
from devbench.files import replace_folder, sha256

PACKAGE = "criscostack"
VERSION = "1.0.0"
WHEEL = f"{PACKAGE}-{VERSION}-py3-none-any.whl"
SHA256 = "dc58aaf29c59b7666edc953596e5b31f77d7286b2ed6b14c6a205b217c210349"

# Increase it when a change below changes the result, so that every bench restores again.
EDITION = "1"

_PRODUCT_NAMES = (
	("Criscoerp", "ERPNext"),
	("criscoerp", "erpnext"),
	("criscostack", "frappe"),
	("Criscostack", "Frappe"),
	("CRISCOSTACK", "FRAPPE"),
	("Crisco", "Frappe"),
	("crisco", "frappe"),
	("CRISCO", "FRAPPE"),
)
_BENCH_NAMES = (("brik", "bench"), ("Brik", "Bench"), ("BRIK", "BENCH"))


def verify(wheel: Path) -> None:
	"""Raises BenchError (and removes the file) when the wheel is not the reviewed one."""
	if not wheel.exists():
		raise BenchError(f"{wheel.name} was not downloaded")
	if sha256(wheel) != SHA256:
		wheel.unlink()
		raise BenchError(
			f"{wheel.name} does not have the expected sha256", hint="It was removed; start again."
		)


def restore(wheel: Path, place: Path) -> int:
	"""Unpacks the wheel to `place` under the original names; returns the number of files."""
	unfinished = place.with_name(f"{place.name}.new")
	shutil.rmtree(unfinished, ignore_errors=True)
	count = 0
	with zipfile.ZipFile(wheel) as archive:
		for entry in archive.infolist():
			if entry.is_dir() or not entry.filename.startswith(f"{PACKAGE}/"):
				continue
			name = _rename(entry.filename)
			target = unfinished / name
			target.parent.mkdir(parents=True, exist_ok=True)
			target.write_bytes(restored_content(name, archive.read(entry)))
			count += 1
	replace_folder(unfinished, place)
	return count


def requirements(wheel: Path) -> list[str]:
	"""The requirements in the wheel's metadata, e.g. "Werkzeug~=2.3.4"."""
	with zipfile.ZipFile(wheel) as archive:
		name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
		lines = archive.read(name).decode().splitlines()
	return [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]


def restored_content(name: str, data: bytes) -> bytes:
	"""A file's bytes with the original names; binary files stay unchanged."""
	if b"\0" in data[:8192]:
		return data
	try:
		text = data.decode()
	except UnicodeDecodeError:
		return data
	# "brik" is a word in some of the languages of the translation tables.
	words_of_people = "/translations/" in name and name.endswith(".csv")
	return _rename(text, _PRODUCT_NAMES if words_of_people else _PRODUCT_NAMES + _BENCH_NAMES).encode()


def _rename(text: str, names=_PRODUCT_NAMES + _BENCH_NAMES) -> str:
	for new, original in names:
		text = text.replace(new, original)
	return text
