"""JavaScript libraries and Desk's assets."""

import json
import os
import re
import shutil
from pathlib import Path

from devbench import debian, registries, shell
from devbench.bench import Bench
from devbench.errors import BenchError
from devbench.files import files_fingerprint, fingerprint, replace_folder, walk

_QUIET = ("--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts")

# The version of yarn that Frappe's own build needs; installed next to the bench, whatever the machine has.
_YARN = "yarn@1.22.22"

_MOST_LACKING = 10


def install_for_frappe(bench: Bench, own_node: bool) -> None:
	"""Installs node_modules of apps/frappe: by Frappe's own lock file, or by devbench's for the restored tree."""
	log = bench.log("node-libraries")
	folder = bench.frappe_app
	if not own_node:
		for name in ("package.json", "package-lock.json"):
			shutil.copyfile(bench.file(f"node/{name}"), folder / name)
		clean_install(folder, log)
	else:
		yarn_install(bench, folder, log)
		add_seconds(folder)


def yarn_install(bench: Bench, folder: Path, log: Path, *options: str) -> None:
	"""Installs yarn.lock, and what of package.json it lacks; see registries.py."""
	usual = ("--pure-lockfile", "--ignore-scripts", "--non-interactive", "--silent")
	shell.run([_yarn(bench, log), "install", *usual, *options], log, cwd=folder)


def clean_install(folder: Path, log: Path) -> None:
	"""Installs exactly package-lock.json, without the packages' own scripts."""
	shell.run([debian.program("npm") or "npm", "ci", *_QUIET], log, cwd=folder)


def install_elsewhere(recipe: Path, place: Path, workplace: Path, log: Path) -> None:
	"""Installs the package-lock.json in `recipe`; its node_modules becomes `place`, on the same disk as the empty `workplace`."""
	shutil.rmtree(workplace, ignore_errors=True)
	workplace.mkdir()
	for name in ("package.json", "package-lock.json"):
		shutil.copyfile(recipe / name, workplace / name)
	clean_install(workplace, log)
	replace_folder(workplace / "node_modules", place)
	shutil.rmtree(workplace)


def build_assets(bench: Bench, own_node: bool, apps: list[str], name: str) -> None:
	"""Builds minified bundles of `apps`, recorded in sites/assets/assets.json."""
	log = bench.log(name)
	node = debian.program("node") or "node"
	listed = ",".join(apps)
	if own_node:
		for app in apps:
			link_public_files(bench, app)
		# `bench build` would let the bundles of all benches of one checkout meet in its public/dist
		argv = [node, "esbuild", "--production", "--apps", listed]
		shell.run(argv, log, cwd=bench.frappe_app, env=_with_yarn(bench, log))
	else:
		env = shell.environment(NODE_PATH=str(bench.frappe_app / "node_modules"))
		shell.run([node, bench.file("node/build_assets.js"), bench.root, listed], log, env=env)


def link_public_files(bench: Bench, app: str) -> None:
	"""sites/assets/<app>: a folder with links to the app's public files, and a dist/ of this bench alone"""
	folder, place = bench.root / "apps" / app, bench.sites / "assets" / app
	if place.is_symlink():
		place.unlink()
	(place / "dist").mkdir(parents=True, exist_ok=True)
	for entry in place.iterdir():
		if entry.is_symlink():
			entry.unlink()
	public = folder / app / "public"
	for file in public.iterdir() if public.exists() else ():
		if file.name not in ("dist", "node_modules"):
			(place / file.name).symlink_to(file)
	if (folder / "node_modules").exists():
		(place / "node_modules").symlink_to(folder / "node_modules")


def front_ends(app: Path) -> list[Path]:
	"""Folders with a package of their own that the app's own `yarn build` builds, relative to the app"""
	file = app / "package.json"
	scripts = json.loads(file.read_text()).get("scripts", {}) if file.exists() else {}
	named = re.findall(r"cd ([\w./-]+)", scripts.get("build", ""))
	return [Path(name) for name in named if (app / name / "package.json").exists()]


def built_front_end(bench: Bench, app: str) -> Path:
	"""A file in the app's copy that exists if its front end was built there"""
	return bench.root / "apps" / app / ".front-end-built"


def build_front_end(bench: Bench, app: str) -> None:
	"""Runs the `yarn build` of the app, whose result belongs to its public files."""
	log, folder = bench.log(f"front-end-of-{app}"), bench.root / "apps" / app
	for part in front_ends(folder):
		install_front_end(bench, folder / part, log)
	shell.run([_yarn(bench, log), "build"], log, cwd=folder, env=_with_yarn(bench, log))
	built_front_end(bench, app).touch()


def install_front_end(bench: Bench, folder: Path, log: Path) -> None:
	"""Installs yarn.lock; another version takes the place of one that the registry lacks."""
	for attempts_left in reversed(range(_MOST_LACKING + 1)):
		try:
			# what is resolved anew may ask for a newer Node than it needs
			return yarn_install(bench, folder, log, "--ignore-engines")
		except BenchError as error:
			if not attempts_left or not registries.loosen(folder, str(error)):
				raise


def add_seconds(folder: Path) -> None:
	"""Frappe's fork of the date picker knows seconds, that of the registry leaves "ss" in the text: every form with a time would look
	unsaved. Where the time format has no seconds, Frappe hides the fork's slider for them. As in build_assets.js."""
	plain = folder / "node_modules/air-datepicker/dist/js/datepicker.js"
	text = plain.read_text() if plain.exists() else ""
	if "boundary('ss')" in text:
		return
	seconds = "result = replacer(result, boundary('ss'), leadingZero(date.getSeconds())); return result;"
	changed = re.sub(r"return result;(?=\s*\},\s*_replacer:)", seconds, text)
	slider = "this.$minutes = $('[name=\"minutes\"]', this.$timepicker);"
	changed = changed.replace(slider, f"{slider} this.$seconds = this.$secondsText = $();")
	if changed != text:
		plain.with_name("datepicker.min.js").write_text(changed)


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


def _with_yarn(bench: Bench, log: Path) -> dict[str, str]:
	node = debian.program("node") or "node"
	places = [str(_yarn(bench, log).parent), str(Path(node).parent), os.environ.get("PATH", "")]
	return shell.environment(PATH=os.pathsep.join(places))


def _yarn(bench: Bench, log: Path) -> Path:
	folder = bench.root / "yarn"
	program = folder / "node_modules" / ".bin" / "yarn"
	if not program.exists():
		folder.mkdir(exist_ok=True)
		npm = debian.program("npm") or "npm"
		shell.run([npm, "install", "--prefix", folder, "--no-save", *_QUIET, _YARN], log, cwd=folder)
	return program
