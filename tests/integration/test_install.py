"""The commands of README's "Install it in your bench", in a bench that frappe-bench makes from local repositories.

Slow, and only where Frappe has its build files: ./run test --frappe PATH/TO/frappe tests/integration/test_install.py
"""

import getpass
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

pytestmark = [pytest.mark.slow, pytest.mark.frappe_source, pytest.mark.timeout(7200)]

TOOLS = ("frappe-bench==5.31.1", "supervisor==4.3.0")
SITE = "admins.localhost"
QUICK, LONG = 600, 3600


class AdminsBench:
	"""A bench made by frappe-bench, with the database and Redis of the bench of these tests"""

	def __init__(self, folder: Path, running):
		self.folder, self.running = folder, running
		self.root = folder / "admins"
		places = [
			folder / "tools" / "bin",
			running.root / "yarn" / "node_modules" / ".bin",
			os.environ["PATH"],
		]
		self.env = {
			**{
				name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")
			},
			"PATH": os.pathsep.join(map(str, places)),
			# uv reads none of pip's configuration
			"BENCH_DISABLE_UV": "1",
		}

	def run(self, *words, timeout: int = QUICK, folder: Path | None = None, status: int | None = 0) -> str:
		"""Runs a program -> its output; status: None accepts any"""
		done = subprocess.run(
			[str(word) for word in words],
			cwd=folder or self.root,
			env=self.env,
			stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
			errors="replace",
			timeout=timeout,
		)
		assert status is None or done.returncode == status, (
			f"{words}: {done.returncode}\n{done.stdout[-4000:]}"
		)
		return done.stdout

	def bench(self, command: str, **options) -> str:
		return self.run("bench", *shlex.split(command), **options)

	def tables(self) -> list[str]:
		return self.bench(f"--site {SITE} mariadb -e 'show tables' --skip-column-names --batch").split("\n")


@pytest.fixture(scope="module")
def admins(bench, tmp_path_factory):
	frappe_app = bench.root / "apps" / "frappe"
	folder = tmp_path_factory.mktemp("install")
	made = AdminsBench(folder, bench)
	subprocess.run([sys.executable, "-m", "venv", folder / "tools"], check=True)
	subprocess.run([folder / "tools" / "bin" / "pip", "-q", "install", *TOOLS], check=True)
	repository = folder / "frappe"
	shutil.copytree(
		frappe_app,
		repository,
		symlinks=True,
		ignore=shutil.ignore_patterns("node_modules", "dist", "*.egg-info"),
	)
	(repository / ".gitignore").write_text("node_modules\n*.egg-info\n__pycache__\n")
	who = ("-c", "user.name=Admin", "-c", "user.email=admin@example.com")
	for words in (["init", "-q", "-b", "version"], ["add", "-A"], [*who, "commit", "-q", "-m", "Frappe"]):
		made.run("git", *words, folder=repository)
	# of frappe-bench: root may only run it for a named user
	(folder / "sites").mkdir()
	(folder / "sites" / "common_site_config.json").write_text(json.dumps({"frappe_user": getpass.getuser()}))
	made.bench(
		f"init admins --frappe-path {repository} --frappe-branch version --python {sys.executable}"
		" --skip-redis-config-generation --no-backups --skip-assets",
		folder=folder,
		timeout=LONG,
	)
	ports = bench.ports
	for name, value in {
		"db_host": "127.0.0.1",
		"db_port": ports["mariadb"],
		"redis_cache": f"redis://127.0.0.1:{ports['redis_cache']}",
		"redis_queue": f"redis://127.0.0.1:{ports['redis_queue']}",
		"redis_socketio": f"redis://127.0.0.1:{ports['redis_queue']}",
	}.items():
		made.bench(f"set-config -g {name} {value}")
	password = json.loads((bench.root / "config" / "database.json").read_text())["root_password"]
	options = made.bench("new-site --help")
	host = "--mariadb-user-host-login-scope=%" if "host-login-scope" in options else "--no-mariadb-socket"
	made.bench(
		f"new-site {SITE} --admin-password admin --mariadb-root-username root --mariadb-root-password {password} {host}"
	)
	yield made
	made.bench(
		f"drop-site {SITE} --no-backup --force --root-login root --root-password {password}", status=None
	)


def commands() -> list[str]:
	"""The commands in README's section, one a line, without comments"""
	section = (CHECKOUT / "README.md").read_text().split("## Install it in your bench")[1].split("\n## ")[0]
	blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
	inline = re.findall(r"`(bench --site SITE [^`]+)`", section.replace("\n", " "))
	lines = [line for block in blocks for line in block.splitlines()] + inline
	return [re.sub(r"\s+", " ", line.split("#")[0]).strip() for line in lines if line.strip()]


def test_every_command_of_the_readme(admins):
	done = []

	def step(command: str, **options) -> str:
		"""Runs a command as README has it, with its own words for the places"""
		assert command in commands(), command
		done.append(command)
		words = command.removeprefix("bench ").split(" && ")[0]
		return admins.bench(
			words.replace("SITE", SITE).replace("PATH/TO/THIS/CHECKOUT", str(CHECKOUT)), **options
		)

	step("bench get-app call_intelligence PATH/TO/THIS/CHECKOUT", timeout=LONG)
	app = admins.root / "apps" / "call_intelligence"
	installed = sorted(
		entry.name for entry in (app / "node_modules").iterdir() if not entry.name.startswith(".")
	)
	assert installed == ["wavesurfer.js"]
	assert not admins.run("git", "status", "--porcelain", folder=app), "installing changed the lock file"
	assets = json.loads((admins.root / "sites" / "assets" / "assets.json").read_text())
	assert "call_review.bundle.js" in assets

	step("bench --site SITE install-app call_intelligence")
	# new sites have it off; README: "should be on"
	admins.bench(f"--site {SITE} enable-scheduler")
	for _ in range(2):
		admins.bench(f"--site {SITE} migrate")

	before = admins.bench(f"--site {SITE} call-intelligence doctor", status=1)
	assert "the engine environment is not installed" in before and "Traceback" not in before
	# the same engine as that of the bench of these tests: installing it takes ten minutes, see tests/engine
	home = json.dumps({"home": str(admins.running.root / "call_intelligence_engine")})
	admins.bench(f"set-config -gp call_intelligence_engine {shlex.quote(home)}")
	step("bench --site SITE call-intelligence setup-engine", timeout=LONG)

	step(next(line for line in commands() if line.startswith("bench set-config -gp workers")))
	step(next(line for line in commands() if line.startswith("bench setup supervisor")))
	assert "--queue transcription" in (admins.root / "config" / "supervisor.conf").read_text()
	worker = subprocess.Popen(
		["bench", "worker", "--queue", "transcription", "--quiet"],
		cwd=admins.root,
		env=admins.env,
		stdout=subprocess.DEVNULL,
		start_new_session=True,
	)
	try:
		found = json.loads(wait_for_worker(admins))
	finally:
		worker.terminate()
		worker.wait()
	assert {check["part"]: check["found"] for check in found if not check["ok"]} == {}
	done.append("bench --site SITE call-intelligence doctor")

	step("bench --site SITE backup --with-files")
	admins.bench(f"--site {SITE} uninstall-app call_intelligence --yes --no-backup")
	done.append("bench --site SITE uninstall-app call_intelligence")
	assert [table for table in admins.tables() if table.startswith(("tabCall", "tabTranscript"))] == []
	# fetches a model from a hub
	assert [line for line in commands() if line not in done and "--model" not in line] == []


def wait_for_worker(admins) -> str:
	"""The report of the doctor once a worker serves the queue"""
	report = ""
	for _ in range(10):
		report = admins.bench(f"--site {SITE} call-intelligence doctor --json", status=None)
		report = report[report.index("[") :]
		if all(check["ok"] for check in json.loads(report)):
			break
	return report
