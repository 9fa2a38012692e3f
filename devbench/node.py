"""JavaScript libraries and Desk's assets."""

import os
import shutil
from pathlib import Path

from devbench import debian, shell
from devbench.bench import APP, Bench
from devbench.files import files_fingerprint, fingerprint, walk

_QUIET = ("--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts")

# The version of yarn that Frappe's own build needs; installed next to the bench, whatever the machine has.
_YARN = "yarn@1.22.22"


def install_for_frappe(bench: Bench, own_node: bool) -> None:
	"""Installs node_modules of apps/frappe: by Frappe's own lock file, or by devbench's for the restored tree."""
	log = bench.log("node-libraries")
	folder = bench.frappe_app
	if not own_node:
		for name in ("package.json", "package-lock.json"):
			shutil.copyfile(bench.file(f"node/{name}"), folder / name)
		clean_install(folder, log)
	else:
		options = ["--frozen-lockfile", "--ignore-scripts", "--non-interactive", "--silent"]
		shell.run([_yarn(bench, log), "install", *options], log, cwd=folder)


def clean_install(folder: Path, log: Path) -> None:
	"""Installs exactly package-lock.json, without the packages' own scripts."""
	shell.run([debian.program("npm") or "npm", "ci", *_QUIET], log, cwd=folder)


def build_assets(bench: Bench, own_node: bool, apps: list[str], name: str) -> None:
	"""Builds minified bundles of `apps`, recorded in sites/assets/assets.json."""
	log = bench.log(name)
	node = debian.program("node") or "node"
	listed = ",".join(apps)
	if own_node:
		path = os.pathsep.join(
			[str(_yarn(bench, log).parent), str(Path(node).parent), os.environ.get("PATH", "")]
		)
		argv = [*bench.frappe_command, "build", "--production", "--force", "--apps", listed]
		shell.run(argv, log, cwd=bench.sites, env=shell.environment(PATH=path))
	else:
		env = shell.environment(NODE_PATH=str(bench.frappe_app / "node_modules"))
		shell.run([node, bench.file("node/build_assets.js"), bench.root, listed], log, env=env)


def public_fingerprint(bench: Bench, apps: list[str]) -> str:
	"""Fingerprint of everything in the bundles of these apps."""
	parts = [
		files_fingerprint(
			[bench.file("node/build_assets.js"), bench.file("node/package-lock.json")], bench.checkout
		)
	]
	for app in apps:
		folder = bench.root / "apps" / app
		files = walk(folder / app / "public", skip=("node_modules", "dist"))
		locks = [folder / "package-lock.json", folder / "yarn.lock"]
		parts.append(files_fingerprint([*files, *[lock for lock in locks if lock.exists()]], folder))
	return fingerprint(*parts)


def own_package(bench: Bench) -> Path | None:
	"""The product's own package.json, if it has dependencies."""
	file = bench.app_folders[APP] / "package.json"
	return file if file.exists() else None


def has_lock(folder: Path) -> bool:
	return os.path.exists(folder / "package-lock.json")


def _yarn(bench: Bench, log: Path) -> Path:
	folder = bench.root / "yarn"
	program = folder / "node_modules" / ".bin" / "yarn"
	if not program.exists():
		folder.mkdir(exist_ok=True)
		npm = debian.program("npm") or "npm"
		shell.run([npm, "install", "--prefix", folder, "--no-save", *_QUIET, _YARN], log, cwd=folder)
	return program
