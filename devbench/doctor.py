"""`./run doctor`: the state and version of every part, and how to fix it.

The parts of the bench are checked here, those of the product by `bench call-intelligence doctor`, as on any bench.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from devbench import debian, ports, redis, shell
from devbench.bench import APP, DEMO_SITE, Bench
from devbench.console import Console
from devbench.files import read_json
from devbench.services import Services

LEAST_DISK_GB = 8
LEAST_OPEN_FILES = 1024
LEAST_MEMORY_GB = 4

# Program, option that prints its version, its package.
_PROGRAMS = (
	("mariadbd", "--version", "mariadb-server-core"),
	("mariadb", "--version", "mariadb-client"),
	("redis-server", "--version", "redis-server"),
	("nginx", "-v", "nginx-light"),
	("node", "--version", "nodejs"),
	("npm", "--version", "npm"),
	("ffmpeg", "-version", "ffmpeg"),
	("flite", "--version", "flite"),
	("chromium-headless-shell", "--version", "chromium-headless-shell"),
	("firefox-esr", "--version", "firefox-esr"),
	("pulseaudio", "--version", "pulseaudio"),
)


@dataclass(frozen=True)
class Finding:
	part: str
	ok: bool
	found: str
	fix: str = ""


def run(bench: Bench, console: Console) -> int:
	"""Returns 0 when every part works."""
	findings = []
	for title, part in (("Machine", machine), ("Bench", assembled), ("Product", product)):
		console.title(title)
		for finding in part(bench):
			findings.append(finding)
			mark = console.paint("ok", "green") if finding.ok else console.paint("!!", "red")
			console.line(f"  {mark} {finding.part:<24} {finding.found}")
			if finding.fix and not finding.ok:
				console.note(f"{'':<22} -> {finding.fix}")
	broken = [finding.part for finding in findings if not finding.ok]
	console.title(f"{len(broken)} of {len(findings)} parts need mending" if broken else "Every part works")
	return 1 if broken else 0


def machine(bench: Bench) -> Iterator[Finding]:
	"""Programs, disk, memory and limits."""
	root = os.geteuid() == 0
	for name, option, package in _PROGRAMS:
		path = debian.program(name)
		text = (path and shell.output([path, option])) or ""
		version = re.search(r"\d+\.\d+[\w.+~-]*", text)
		found = (version[0] if version else "there") if path else "not found"
		yield Finding(name, path is not None, found, debian.install_command([package], root))
	told = {package for _, _, package in _PROGRAMS}
	for need in debian.missing():
		if need.package not in told:
			yield Finding(need.package, False, "not found", debian.install_command([need.package], root))
	free = shutil.disk_usage(bench.checkout).free / 1024**3
	yield Finding("disk", free >= LEAST_DISK_GB, f"{free:.0f} GB free", f"a bench needs {LEAST_DISK_GB} GB")
	memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
	cores = len(os.sched_getaffinity(0))
	text = f"{memory:.0f} GB, {cores} core{'s' if cores > 1 else ''}"
	yield Finding("memory", memory >= LEAST_MEMORY_GB, text, f"speech recognition needs {LEAST_MEMORY_GB} GB")
	soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
	yield Finding(
		"file limits", soft >= LEAST_OPEN_FILES, f"{soft} open files (at most {hard})", "ulimit -n 65536"
	)


def assembled(bench: Bench) -> Iterator[Finding]:
	"""The parts assembled by ./run, and the processes of `up`."""
	up = "./run up"
	if not bench.python.exists():
		yield Finding("bench", False, "not assembled yet", up)
		return
	version = shell.output([bench.python, "--version"]) or "does not start"
	yield Finding("python", version.startswith("Python"), version, f"rm -r {bench.env} && {up}")
	frappe = shell.output([bench.python, "-c", "import frappe; print(frappe.__version__)"], cwd=bench.sites)
	yield Finding("frappe", bool(frappe), frappe or "cannot be imported", f"rm -r {bench.env} && {up}")
	bundles = read_json(bench.sites / "assets" / "assets.json", {})
	gone = [name for name, path in bundles.items() if not (bench.sites / path.lstrip("/")).exists()]
	text = f"{len(bundles)} bundles" + (f", {len(gone)} of them gone" if gone else "")
	yield Finding("assets", bool(bundles) and not gone, text, f"rm {bench.root / 'stamps'}/assets-* && {up}")
	services = Services(bench)
	if not services.supervised():
		yield Finding("services", False, "not running", up)
		return
	for name, state in services.state()["services"].items():
		restarts = f", started again {state['restarts']} times" if state["restarts"] else ""
		found = f"pid {state['pid']}{restarts}" if state["running"] else f"down{restarts}"
		yield Finding(name, state["running"], found, f"its log: {bench.logs / name}.log")
	yield from _answers(bench)


def _answers(bench: Bench) -> Iterator[Finding]:
	"""Whether the services answer, not only run"""
	port = read_json(bench.config / "ports.json", {})
	checks = (
		("web answers", "web", "/api/method/ping", "pong"),
		("web without nginx", "gunicorn", "/api/method/ping", "pong"),
		("realtime answers", "web", "/socket.io/?EIO=4&transport=polling", "sid"),
	)
	for part, name, path, expected in checks:
		log = bench.logs / f"{'realtime' if 'realtime' in part else 'gunicorn'}.log"
		try:
			url = f"http://127.0.0.1:{port[name]}{path}"
			request = urllib.request.Request(url, headers={"X-Frappe-Site-Name": DEMO_SITE})
			with urllib.request.urlopen(request, timeout=20) as answer:
				text = answer.read().decode()
			yield Finding(part, expected in text, f"port {port[name]}", f"its log: {log}")
		except (OSError, urllib.error.URLError) as error:
			yield Finding(part, False, str(error), f"its log: {log}")
	for name in ("redis_cache", "redis_queue"):
		try:
			answer = redis.command(port[name], "PING")
		except OSError as error:
			answer = str(error)
		yield Finding(
			f"{name} answers", answer == "+PONG", f"port {port[name]}", f"its log: {bench.logs / name}.log"
		)
	yield Finding(
		"database answers",
		ports.answers(port["mariadb"]),
		f"port {port['mariadb']}",
		f"its log: {bench.logs}/mariadb.log",
	)


def product(bench: Bench) -> Iterator[Finding]:
	"""The report of `bench --site SITE call-intelligence doctor`."""
	if not (bench.sites / DEMO_SITE).exists():
		yield Finding(APP, False, "no site yet", "./run up")
		return
	command = [*bench.frappe_command, "--site", DEMO_SITE, APP.replace("_", "-"), "doctor", "--json"]
	result = subprocess.run(
		command,
		cwd=bench.sites,
		env=shell.environment(),
		stdin=subprocess.DEVNULL,
		capture_output=True,
		text=True,
	)
	try:
		parts = json.loads(result.stdout[result.stdout.index("[") :])
	except ValueError:
		last = (result.stderr or result.stdout).strip().splitlines()[-1:] or [f"status {result.returncode}"]
		yield Finding(APP, False, last[0], f"cd {bench.sites} && {' '.join(command)}")
		return
	for part in parts:
		yield Finding(part["part"], part["ok"], part["found"], part.get("fix") or "")
