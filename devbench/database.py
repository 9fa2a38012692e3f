"""The bench's private MariaDB: its data folder, its administrator and copies of whole databases."""

import getpass
import os
import secrets
import shutil

from devbench import debian, shell
from devbench.bench import Bench
from devbench.files import read_json, replace_folder, write_json, write_text


def root_password(bench: Bench) -> str:
	"""The password of this bench's database administrator, generated once."""
	file = bench.config / "database.json"
	kept = read_json(file, {})
	if "root_password" not in kept:
		kept["root_password"] = secrets.token_hex(16)
		write_json(file, kept, mode=0o600)
	return kept["root_password"]


def write_init_file(bench: Bench) -> None:
	"""Writes SQL that the server runs at every start, so that the administrator always has the password of database.json."""
	password = root_password(bench)
	lines = []
	for host in ("localhost", "127.0.0.1"):
		lines += [
			f"create user if not exists root@'{host}';",
			f"alter user root@'{host}' identified by '{password}';",
			f"grant all on *.* to root@'{host}' with grant option;",
		]
	write_text(bench.config / "init.sql", "\n".join(lines) + "\n", mode=0o600)


def initialise(bench: Bench) -> None:
	"""Creates the data folder. Only for a stopped server."""
	data, unfinished = bench.root / "mysql", bench.root / "mysql.new"
	shutil.rmtree(unfinished, ignore_errors=True)
	argv = [
		debian.program("mariadb-install-db"),
		"--no-defaults",
		f"--datadir={unfinished}",
		"--auth-root-authentication-method=normal",
		"--skip-test-db",
	]
	if os.geteuid() == 0:
		argv.append(f"--user={getpass.getuser()}")
	shell.run(argv, bench.log("database"))
	replace_folder(unfinished, data)


def client(bench: Bench, port: dict[str, int], *arguments: str, name: str = "mariadb") -> list[str]:
	"""Command line of a MariaDB client program that logs in as administrator. The password stays out of `ps`."""
	options = bench.config / "client.cnf"
	write_text(
		options,
		f"[client]\nuser=root\npassword={root_password(bench)}\nhost=127.0.0.1\nport={port['mariadb']}\nprotocol=tcp\n",
		mode=0o600,
	)
	return [debian.program(name), f"--defaults-file={options}", *arguments]


def execute(bench: Bench, port: dict[str, int], sql: str) -> None:
	shell.run(client(bench, port), bench.log("database"), feed=sql)


def drop(bench: Bench, port: dict[str, int], name: str) -> None:
	"""Drops a database and the user of the same name, if they exist."""
	execute(
		bench,
		port,
		f"drop database if exists `{name}`; drop user if exists `{name}`@`%`, `{name}`@localhost;",
	)


def create(bench: Bench, port: dict[str, int], name: str, password: str) -> None:
	"""Creates an empty database with a user of the same name and all rights to it."""
	drop(bench, port, name)
	execute(
		bench,
		port,
		f"create database `{name}` character set utf8mb4 collate utf8mb4_unicode_ci;"
		f"create user `{name}`@`%` identified by '{password}'; grant all on `{name}`.* to `{name}`@`%`;",
	)


def dump(bench: Bench, port: dict[str, int], name: str, file) -> None:
	"""Writes the whole database to `file`, completely or not at all."""
	unfinished = file.with_name(f".{file.name}")
	file.parent.mkdir(parents=True, exist_ok=True)
	argv = client(
		bench,
		port,
		"--single-transaction",
		"--quick",
		f"--result-file={unfinished}",
		name,
		name="mariadb-dump",
	)
	shell.run(argv, bench.log("database"))
	unfinished.rename(file)


def load(bench: Bench, port: dict[str, int], name: str, file) -> None:
	shell.run(client(bench, port, name, "-e", f"source {file}"), bench.log("database"))
