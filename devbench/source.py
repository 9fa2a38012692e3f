"""Puts the bench's apps in place: Frappe (restored or the user's own), further apps, and links to the repository's."""

import ast
import re
import shutil
from pathlib import Path

from devbench import registries, restore, shell
from devbench.bench import Bench
from devbench.errors import BenchError
from devbench.files import fingerprint, link, replace_folder, walk, write_text

# Left out of the copy of a user's working tree, besides the bundles in public/dist.
_SKIPPED = (".git", "node_modules", "__pycache__")

# In a copy: the fingerprint of its source.
COPIED = ".copied"

# The latest Python supported by every pinned version of the restored Frappe.
PINNED = (3, 11)


def source_fingerprint(bench: Bench) -> str:
	"""Changes when a different Frappe has to be installed."""
	if bench.frappe is None:
		return fingerprint(restore.SHA256, restore.EDITION)
	return tree_fingerprint(bench.frappe)


def tree_fingerprint(tree: Path) -> str:
	"""Fingerprint of names, sizes and times: reading all contents of a large tree at every start would take too long."""
	parts = []
	for path in walk(tree, skip=(*_SKIPPED, "dist")):
		about = path.lstat()
		parts += [str(path.relative_to(tree)), str(about.st_size), str(about.st_mtime_ns)]
	return fingerprint(*parts)


def put_frappe(bench: Bench, downloader: Path) -> list[str]:
	"""Fills apps/frappe; `downloader` is a Python that has pip -> packages of registries that replace those of git hosts"""
	if bench.frappe is not None:
		copy_tree(bench.frappe, bench.frappe_app)
		return registries.use_registries(bench.frappe_app)
	wheel = bench.root / "downloads" / restore.WHEEL
	if not wheel.exists():
		log = bench.log("frappe-source")
		argv = [downloader, "-m", "pip", "-q", "download", "--no-deps", "--only-binary", ":all:"]
		shell.run([*argv, "-d", wheel.parent, f"{restore.PACKAGE}=={restore.VERSION}"], log)
	restore.verify(wheel)
	kept = bench.frappe_app / "node_modules"
	aside = bench.root / "node_modules.kept"
	if kept.exists():
		shutil.rmtree(aside, ignore_errors=True)
		kept.rename(aside)
	restore.restore(wheel, bench.frappe_app)
	if aside.exists():
		aside.rename(kept)
	write_text(bench.frappe_app / "requirements.txt", "\n".join(restore.requirements(wheel)) + "\n")
	return []


def copy_tree(source: Path, place: Path) -> None:
	"""Copies the tree, so that nothing is installed or built in the user's own folder."""
	unfinished = place.with_name(f"{place.name}.new")
	shutil.rmtree(unfinished, ignore_errors=True)
	shutil.copytree(source, unfinished, symlinks=True, ignore=_left_out)
	replace_folder(unfinished, place)


def copy_changed_tree(source: Path, place: Path) -> None:
	"""As `copy_tree`, unless `place` is a copy of the tree as it is: what was built in it is kept."""
	mark, wanted = place / COPIED, tree_fingerprint(source)
	if mark.exists() and mark.read_text() == wanted:
		return
	copy_tree(source, place)
	write_text(mark, wanted)


def _left_out(folder: str, names: list[str]) -> list[str]:
	built = {"dist"} if Path(folder).name == "public" else set()
	return [name for name in names if name in built or name in _SKIPPED or name.startswith(".bench")]


def put_apps(bench: Bench) -> None:
	"""Creates links (the repository's apps) and copies (the user's) in apps/, and sites/apps.txt in the order of installation."""
	for name, folder in bench.app_folders.items():
		if not (folder / name / "hooks.py").exists():
			raise BenchError(f"{folder} is not a Frappe app", hint=f"{name}/hooks.py is expected in it.")
		if folder in bench.apps:
			copy_changed_tree(folder, bench.root / "apps" / name)
		else:
			link(folder, bench.root / "apps" / name)
	write_text(bench.sites / "apps.txt", "\n".join(["frappe", *bench.app_folders]) + "\n")


def requirements(bench: Bench) -> list[str]:
	"""pip arguments that install the dependencies of the apps (the repository's apps: see `write_path_file`)."""
	if (bench.frappe_app / "pyproject.toml").exists():
		wanted = ["-e", str(bench.frappe_app)]
	elif python_of(bench) <= PINNED:
		# The restored tree: its WeasyPrint fails with later versions of pydyf.
		wanted = ["-r", str(bench.frappe_app / "requirements.txt"), "pydyf==0.8.0"]
		wanted += ["-c", str(bench.file("constraints.txt"))]
	else:
		names = [
			re.split("[~=<>!;]", line)[0].strip()
			for line in (bench.frappe_app / "requirements.txt").read_text().splitlines()
		]
		wanted = [*names, "pydyf", "setuptools", "-c", str(bench.file("constraints-newer.txt"))]
	for app in bench.apps:
		wanted += ["-e", str(bench.root / "apps" / app.name)]
	return wanted + own_requirements(bench)


def own_requirements(bench: Bench) -> list[str]:
	"""The dependencies in the app's pyproject.toml: a list of strings is the same in TOML and Python, and Python 3.10 can't read
	TOML."""
	pyproject = (bench.checkout / "pyproject.toml").read_text()
	listed = re.search(r"^dependencies\s*=\s*(\[.*?^\])", pyproject, re.MULTILINE | re.DOTALL)
	return ast.literal_eval(listed[1]) if listed else []


def python_of(bench: Bench) -> tuple[int, int]:
	"""(major, minor) of the bench's environment."""
	folder = next((bench.env / "lib").glob("python3.*"))
	return (3, int(folder.name.removeprefix("python3.")))


def write_path_file(bench: Bench) -> None:
	"""Makes the apps importable in the bench's Python environment."""
	packages = next((bench.env / "lib").glob("python3.*")) / "site-packages"
	folders = [bench.root / "apps" / name for name in ("frappe", *bench.app_folders)]
	write_text(packages / "bench_apps.pth", "\n".join(str(folder) for folder in folders) + "\n")
