"""A backup by `bench backup --with-files` is restored to another site: missing files are recreated."""

import shutil
import subprocess
from pathlib import Path

import frappe
import pytest

from call_intelligence.clips import cutting, sound
from devbench import database
from devbench.bench import Bench
from devbench.files import read_json, write_json
from tests import factories, speech
from tests.conftest import PASSWORD

RESTORED = "restored.localhost"
DATABASE = "restored"
CLIP = "/api/method/call_intelligence.api.clips.media"
STREAM = "/api/method/call_intelligence.api.media.stream"


@pytest.fixture
def recording(people, committed, tmp_path):
	"""A committed call of people["owner"] whose original browsers do not play, with its playback copy."""
	call = factories.call(people["owner"], title="Premium plan")
	name = frappe.db.get_value("Call Recording", {"call": call})
	spoken = speech.spoken_call()
	original = speech.converted(spoken.mono, "call.wma")
	factories.sound(name, Path(shutil.copy(original, tmp_path / "call.wma")), spoken.duration)
	copy = speech.converted(spoken.mono, "call.m4a")
	values = {
		"playback_file": sound.storage.adopt(copy, extension="m4a", recording=name, field="playback_file")
	}
	frappe.db.set_value("Call Recording", name, values)
	committed("Call", call)
	frappe.db.commit()
	return name


@pytest.fixture
def clip(recording, people):
	call = frappe.db.get_value("Call Recording", recording, "call")
	name = factories.clip(call, people["owner"], only_this_part=1, media_state=sound.PREPARING)
	frappe.db.commit()
	cutting.cut(name)
	assert sound.path(name)
	return name


@pytest.fixture
def restore(bench, site, tmp_path):
	"""`restore()` backs up the test site and restores it to RESTORED, as an administrator does with bench; -> that site's folder."""
	own = Bench()
	vars(own)["root"] = bench.root  # also where the tests run in a variant
	folder = bench.sites / RESTORED

	def bench_command(site: str, *arguments) -> None:
		done = subprocess.run(
			[*bench.command[:-1], site, *map(str, arguments)],
			cwd=bench.sites,
			capture_output=True,
			text=True,
			timeout=300,
		)
		assert done.returncode == 0, done.stdout + done.stderr

	def run() -> Path:
		kept = {
			"sql": tmp_path / "site.sql.gz",
			"public": tmp_path / "files.tar",
			"private": tmp_path / "private.tar",
		}
		bench_command(
			*(site, "backup", "--with-files", "--backup-path-db", kept["sql"]),
			*("--backup-path-files", kept["public"], "--backup-path-private-files", kept["private"]),
		)
		for part in ("public/files", "private/files", "private/backups", "locks", "logs"):
			(folder / part).mkdir(parents=True)
		config = read_json(bench.sites / site / "site_config.json")
		write_json(folder / "site_config.json", config | {"db_name": DATABASE})
		bench_command(
			*(RESTORED, "restore", kept["sql"], "--force"),
			*("--with-public-files", kept["public"], "--with-private-files", kept["private"]),
			*("--db-root-username", "root", "--db-root-password", database.root_password(own)),
		)
		return folder

	yield run
	database.drop(own, bench.ports, DATABASE)
	shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def heard(web, people, eventually):
	"""`heard(path, **parameters)` -> the first answer on the restored site, and the one that finally plays."""
	session = None

	def get(path, parameters):
		nonlocal session
		if not session:
			session = web()
			session.headers["X-Frappe-Site-Name"] = RESTORED
			session.post(
				"/api/method/login", data={"usr": people["owner"], "pwd": PASSWORD}
			).raise_for_status()
		return session.get(path, params=parameters)

	def listen(path, **parameters):
		first = get(path, parameters)
		return first, eventually(lambda: (found := get(path, parameters)).ok and found, 120, path)

	return listen


def test_clips_and_copies_for_players_are_made_again(recording, clip, restore, heard):
	restored = restore()
	assert not (restored / "private" / "call_intelligence").exists()
	url = frappe.db.get_value(
		"File", frappe.db.get_value("Call Recording", recording, "playback_file"), "file_url"
	)
	(restored / url.lstrip("/")).unlink()

	for path, parameters, refused in ((CLIP, {"clip": clip}, 404), (STREAM, {"recording": recording}, 503)):
		first, last = heard(path, **parameters)
		assert first.status_code == refused
		assert last.headers["Content-Type"] == "audio/mp4"
		assert len(last.content) > 1000
