"""The processes of a running bench, and how each is started."""

import getpass
import json
import os
import signal
import subprocess
import sys
import time
from string import Template

from devbench import debian, identity, ports, shell, supervisor
from devbench.bench import DEMO_SITE, Bench
from devbench.errors import BenchError
from devbench.files import files_fingerprint, fingerprint, read_json, write_json, write_text

STORES = ("mariadb", "redis_cache", "redis_queue")
QUEUES = ("long,default,short", "transcription")


def render(bench: Bench, name: str, values: dict) -> None:
	"""Renders devbench/templates/`name` to config/`name`."""
	text = Template(bench.file(f"templates/{name}").read_text()).substitute(values)
	write_text(bench.config / name, text, mode=0o600)


def write_configuration(bench: Bench, port: dict[str, int]) -> None:
	"""Writes configuration files of MariaDB and nginx, and creates their folders."""
	root_user = os.geteuid() == 0
	mime = next(
		(p for p in ("/etc/nginx/mime.types", "/usr/local/etc/nginx/mime.types") if os.path.exists(p)), ""
	)
	render(
		bench,
		"nginx.conf",
		{
			**port,
			"root": bench.root,
			"default_site": DEMO_SITE,
			"mime_types": mime,
			"user_line": f"user {getpass.getuser()};" if root_user else "",
		},
	)
	mysql_user = f"user={getpass.getuser()}" if root_user else ""
	render(bench, "my.cnf", {**port, "root": bench.root, "user_line": mysql_user})
	for folder in ("nginx", "redis_queue", "redis_cache"):
		(bench.config / folder).mkdir(parents=True, exist_ok=True)


def stores(bench: Bench, port: dict[str, int]) -> list[dict]:
	"""Definitions of the database and the two Redis servers."""
	redis = [debian.program("redis-server"), "--bind", "127.0.0.1", "--appendonly", "no", "--daemonize", "no"]
	return [
		{
			"name": "mariadb",
			"argv": [debian.program("mariadbd"), f"--defaults-file={bench.config / 'my.cnf'}"],
			"patience": 30.0,
		},
		{
			"name": "redis_cache",
			"argv": [
				*redis,
				*(
					"--port",
					str(port["redis_cache"]),
					"--dir",
					str(bench.config / "redis_cache"),
					"--save",
					"",
				),
				*("--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"),
			],
		},
		{
			# Persistent, as in production: jobs survive a restart of the bench.
			"name": "redis_queue",
			"argv": [
				*redis,
				*("--port", str(port["redis_queue"]), "--dir", str(bench.config / "redis_queue")),
				*("--save", "60 1"),
			],
		},
	]


def programs(bench: Bench, port: dict[str, int], own_node: bool, revision: str) -> list[dict]:
	"""Definitions of web, workers, scheduler and realtime.

	`revision` identifies the loaded code: when it changes, the supervisor restarts them.
	"""
	frappe = bench.frappe_command
	sites = str(bench.sites)
	env = {"REVISION": revision}
	if own_node:
		names = str(bench.file("node/localhost_names.js"))
		realtime = {
			"argv": [debian.program("node"), "--require", names, str(bench.frappe_app / "socketio.js")],
			"cwd": str(bench.frappe_app),
		}
	else:
		realtime = {
			"argv": [debian.program("node"), str(bench.file("node/realtime.js")), sites],
			"env": {
				"NODE_PATH": str(bench.frappe_app / "node_modules"),
				"REVISION": files_fingerprint([bench.file("node/realtime.js")], bench.devbench),
			},
			"cwd": sites,
		}
	workers = [
		{
			"name": f"worker_{queue.split(',')[0]}",
			"argv": [*frappe, "worker", "--queue", queue],
			"cwd": sites,
			"env": env,
			"patience": 5.0,
		}
		for queue in QUEUES
	]
	return [
		{
			"name": "gunicorn",
			"argv": [
				*(str(bench.env / "bin" / "gunicorn"), "--bind", f"127.0.0.1:{port['gunicorn']}"),
				*("--workers", "2", "--threads", "4", "--worker-class", "gthread", "--timeout", "300"),
				*("--worker-tmp-dir", str(bench.config), "frappe.app:application"),
			],
			"cwd": sites,
			"env": env,
		},
		{"name": "realtime", **realtime},
		*workers,
		{"name": "scheduler", "argv": [*frappe, "schedule"], "cwd": sites, "env": env},
		{
			"name": "nginx",
			"argv": [
				debian.program("nginx"),
				"-c",
				str(bench.config / "nginx.conf"),
				"-p",
				str(bench.config),
			],
			"env": {"REVISION": files_fingerprint([bench.config / "nginx.conf"], bench.config)},
		},
	]


class Services:
	"""Controls the bench's supervisor."""

	def __init__(self, bench: Bench):
		self.bench = bench
		self.list_file = bench.config / "services.json"
		self.state_file = bench.config / "state.json"

	def state(self) -> dict:
		return read_json(self.state_file, {})

	def supervised(self) -> bool:
		return identity.is_same(self.state().get("supervisor"))

	def running(self) -> bool:
		"""Whether everything that `up` starts is running, not only the stores."""
		names = self.state().get("services", {})
		return self.supervised() and "nginx" in names and all(s["running"] for s in names.values())

	def apply(self, definitions: list[dict]) -> None:
		"""Makes exactly these services run; unchanged ones are left alone."""
		if any(definition["argv"][0] is None for definition in definitions):
			names = [d["name"] for d in definitions if d["argv"][0] is None]
			raise BenchError(
				f"The program for {', '.join(names)} is not installed", hint="./run doctor says more."
			)
		wanted = {"services": definitions, "id": fingerprint(json.dumps(definitions, sort_keys=True))}
		write_json(self.list_file, wanted, mode=0o600)
		if self.supervised() and self.state().get("code") != supervisor.CODE:
			self.stop()
		if not self.supervised():
			self.end_orphans()
			self._start_supervisor()
		elif self.state().get("list") != wanted["id"]:
			identity.send(self.state()["supervisor"]["pid"], signal.SIGHUP)
		self._wait_for(wanted["id"])

	def stop(self) -> bool:
		"""Stops everything started by this bench; returns whether anything ran."""
		state = self.state()
		if self.supervised():
			identity.end(state["supervisor"], patience=60.0)
			self.end_orphans(state)
			return True
		return self.end_orphans(state)

	def end_orphans(self, state: dict | None = None) -> bool:
		"""Ends services whose supervisor died without stopping them; returns whether there were any."""
		found = False
		for name, kept in reversed((state or self.state()).get("services", {}).items()):
			if identity.is_same(kept):
				identity.end(kept, patience=30.0 if name == "mariadb" else 5.0)
				found = True
		self.state_file.unlink(missing_ok=True)
		return found

	def wait_for_ports(self, port: dict[str, int], names: tuple[str, ...], patience: float = 60.0) -> None:
		"""Waits until the named services accept connections; raises BenchError with the end of a log otherwise."""
		deadline = time.monotonic() + patience
		for name in names:
			while not ports.answers(port[name]):
				if time.monotonic() > deadline or not self.supervised():
					log = self._log_of(name)
					end = shell.tail(log) if log.exists() else ""
					raise BenchError(f"{name} does not start:\n{end}", hint=f"All of its output: {log}")
				time.sleep(0.05)

	def _log_of(self, name: str):
		return self.bench.logs / f"{ {'web': 'nginx'}.get(name, name) }.log"

	def _start_supervisor(self) -> None:
		log = (self.bench.logs / "supervisor.log").open("ab")
		subprocess.Popen(
			[sys.executable, "-m", "devbench.supervisor", str(self.bench.root)],
			cwd=self.bench.root,
			env=shell.environment(PYTHONPATH=str(self.bench.checkout), PYTHONDONTWRITEBYTECODE="1"),
			stdin=subprocess.DEVNULL,
			stdout=log,
			stderr=log,
			start_new_session=True,
		)
		log.close()

	def _wait_for(self, list_id: str, patience: float = 60.0) -> None:
		deadline = time.monotonic() + patience
		while True:
			if self.state().get("list") == list_id and self.supervised():
				return
			if time.monotonic() > deadline:
				raise BenchError(
					"The supervisor does not start", hint=f"Its output: {self.bench.logs / 'supervisor.log'}"
				)
			time.sleep(0.05)
