"""Sites: a pattern is created once, slowly; each site is a quick copy of it."""

import json
import secrets
import shutil

from devbench import database, redis, shell
from devbench.bench import DEMO_SITE, Bench
from devbench.files import files_fingerprint, fingerprint, read_json, walk, write_json

ADMIN_PASSWORD = "admin"
PATTERN = "pattern.localhost"
# Increase it when existing sites can't be migrated: they are recreated.
EDITION = "2"

# Large enough for the default maximum upload of the product (2 GiB) with its form fields.
_MAX_REQUEST = 2 * 1024**3 + 16 * 1024**2


def database_name(site: str) -> str:
	return site.split(".")[0]


def write_common_config(bench: Bench, port: dict[str, int]) -> None:
	"""Writes sites/common_site_config.json; keys added by hand are kept."""
	file = bench.sites / "common_site_config.json"
	config = read_json(file, {})
	config.update(
		allow_tests=True,
		# without an e-mail account Frappe queues no e-mail, and aborts the notification
		auto_email_id="crm@example.com",
		mail_server="127.0.0.1",
		background_workers=1,
		db_host="127.0.0.1",
		db_port=port["mariadb"],
		default_site=DEMO_SITE,
		developer_mode=0,
		gunicorn_workers=2,
		live_reload=False,
		max_file_size=_MAX_REQUEST,
		mute_emails=1,
		redis_cache=f"redis://127.0.0.1:{port['redis_cache']}",
		redis_queue=f"redis://127.0.0.1:{port['redis_queue']}",
		redis_socketio=f"redis://127.0.0.1:{port['redis_queue']}",
		serve_default_site=True,
		socketio_port=port["socketio"],
		webserver_port=port["web"],
		workers={"transcription": {"timeout": 14400, "background_workers": 1}},
	)
	if config != read_json(file):
		write_json(file, config)


def make_pattern(bench: Bench, port: dict[str, int], options: tuple[str, ...]) -> None:
	"""A site with only Frappe and its setup wizard completed, stored as cache/pattern.sql and cache/pattern/."""
	name = database_name(PATTERN)
	log = bench.log("pattern-site")
	folder = bench.sites / PATTERN
	shutil.rmtree(folder, ignore_errors=True)
	database.drop(bench, port, name)
	shell.run(
		[
			*bench.frappe_command,
			*("new-site", PATTERN, "--db-name", name, "--admin-password", ADMIN_PASSWORD),
			*("--mariadb-root-username", "root", "--mariadb-root-password", database.root_password(bench)),
			*options,
		],
		log,
		cwd=bench.sites,
	)
	shell.run([bench.python, bench.file("inside/finish_setup.py"), PATTERN], log, cwd=bench.sites)
	# Jobs queued by the installation (a contact for the administrator) belong to the pattern too.
	shell.run([*bench.frappe_command, "worker", "--burst", "--quiet"], log, cwd=bench.sites)
	database.dump(bench, port, name, bench.root / "cache" / "pattern.sql")
	kept = bench.root / "cache" / "pattern"
	shutil.rmtree(kept, ignore_errors=True)
	folder.rename(kept)
	database.drop(bench, port, name)


def make(bench: Bench, port: dict[str, int], site: str) -> None:
	"""Creates a fresh copy of the pattern under another name; an existing site is replaced."""
	name = database_name(site)
	folder, unfinished = bench.sites / site, bench.sites / f".{site}.new"
	shutil.rmtree(folder, ignore_errors=True)
	shutil.rmtree(unfinished, ignore_errors=True)
	password = secrets.token_hex(12)
	database.create(bench, port, name, password)
	database.load(bench, port, name, bench.root / "cache" / "pattern.sql")
	shutil.copytree(bench.root / "cache" / "pattern", unfinished)
	config = read_json(unfinished / "site_config.json", {})
	config.pop("encryption_key", None)
	config.update(db_name=name, db_password=password)
	if "db_user" in config:
		# Frappe 16 logs in as the user that it made for the pattern
		config["db_user"] = name
	write_json(unfinished / "site_config.json", config, mode=0o600)
	unfinished.rename(folder)
	# The cache is keyed by the database's name, and would return the old site's apps and users.
	redis.forget(port["redis_cache"], f"{name}|")


def made_as(bench: Bench, site: str) -> str:
	"""Distinguishes a site from an earlier one of the same name: its database's password."""
	return read_json(bench.sites / site / "site_config.json", {}).get("db_password", "")


def set_host_name(bench: Bench, site: str, url: str) -> None:
	"""Base URL of links in mails and notifications."""
	file = bench.sites / site / "site_config.json"
	config = read_json(file, {})
	if config.get("host_name") != url:
		write_json(file, {**config, "host_name": url}, mode=0o600)


def schema_fingerprint(bench: Bench) -> str:
	"""Fingerprint of everything that `install-app` and `migrate` read from the apps."""
	parts = []
	for name in bench.app_folders:
		folder = bench.root / "apps" / name / name
		files = walk(folder, (".json", ".txt"), skip=("public", "node_modules", "dist"))
		files += [folder / file for file in ("hooks.py", "install.py", "uninstall.py")]
		parts += [name, files_fingerprint(files, folder)]
	return fingerprint(*parts)


def code_fingerprint(bench: Bench) -> str:
	"""Fingerprint of the Python code loaded by web and workers."""
	parts = []
	for name in bench.app_folders:
		folder = bench.root / "apps" / name / name
		files = walk(
			folder, (".py", ".json", ".txt", ".csv", ".html"), skip=("public", "node_modules", "dist")
		)
		parts += [name, files_fingerprint(files, folder)]
	return fingerprint(*parts)


def bring_up_to_date(bench: Bench, site: str) -> None:
	"""Installs missing apps and migrates if some were already installed.

	Only the demo site has the scheduler on: tests call scheduled functions themselves.
	"""
	scheduler = "enable-scheduler" if site == DEMO_SITE else "disable-scheduler"
	apps = json.dumps(list(bench.app_folders))
	argv = [bench.python, bench.file("inside/update_site.py"), site, apps, scheduler]
	shell.run(argv, bench.log(f"apps-of-{site}"), cwd=bench.sites)


def clear_cache(bench: Bench, site: str) -> None:
	"""Redis caches the names of the built assets."""
	shell.run(
		[*bench.frappe_command, "--site", site, "clear-cache"], bench.log("clear-cache"), cwd=bench.sites
	)
