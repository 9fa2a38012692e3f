"""bench --site SITE call-intelligence ..., as an administrator runs it."""

import shutil
import subprocess

import frappe
import pytest

from call_intelligence import doctor
from tests import factories, speech


@pytest.fixture
def command(bench, site):
	def run(*arguments: str, timeout: float = 240) -> subprocess.CompletedProcess:
		return subprocess.run(
			[*bench.command, "call-intelligence", *map(str, arguments)],
			cwd=bench.sites,
			capture_output=True,
			text=True,
			timeout=timeout,
		)

	return run


def test_import_and_reprocess(bench, command, people, committed):
	contact = committed("Contact", factories.contact())
	frappe.db.commit()
	# bench runs its commands in sites/; the path is relative to the bench
	shutil.copy(speech.spoken_call().stereo, bench.root / "imported.wav")
	try:
		done = command(
			"import",
			"imported.wav",
			"--contact",
			contact,
			"--owner",
			people["rep"],
			"--title",
			"By hand",
			"--wait",
		)
	finally:
		(bench.root / "imported.wav").unlink()
	frappe.db.rollback()
	call = frappe.get_last_doc("Call", {"contact": contact})
	committed("Call", call.name)
	assert done.returncode == 0, done.stdout + done.stderr
	assert f"imported.wav: {call.name}" in done.stdout
	assert (call.title, call.call_owner, call.status) == ("By hand", people["rep"], "Ready")

	again = command("reprocess", call.name, "--stage", "Analysing", "--wait")
	assert again.returncode == 0, again.stdout + again.stderr
	frappe.db.rollback()
	run = frappe.get_last_doc("Processing Run", {"call": call.name})
	assert [(row.stage, row.state) for row in run.stages] == [("Analysing", "Done")]


@pytest.mark.parametrize(
	("arguments", "says"),
	[
		(("--owner", "nobody@example.com"), "not an active user"),
		(("--contact", "No Such Contact"), "does not exist"),
		(("--start-time", "some day"), "Invalid date"),
	],
)
def test_import_says_what_is_wrong(command, arguments, says):
	before = frappe.db.count("Call")
	done = command("import", speech.spoken_call().stereo, *arguments)
	frappe.db.rollback()
	assert done.returncode == 1
	assert says in done.stderr and "Traceback" not in done.stderr
	assert frappe.db.count("Call") == before


def test_import_goes_on_after_a_file_that_is_no_recording(command, committed, tmp_path):
	(tmp_path / "letter.mp3").write_text("Dear Sir or Madam " * 99)
	title = factories.unique("Imported")
	done = command("import", tmp_path / "letter.mp3", speech.spoken_call().mono, "--title", title)
	frappe.db.rollback()
	calls = frappe.get_all("Call", filters={"title": title}, pluck="name")
	for call in calls:
		committed("Call", call)
	assert done.returncode == 1
	assert "letter.mp3: This is not an audio or video file" in done.stderr
	assert len(calls) == 1


def test_doctor_finds_every_part(command):
	done = command("doctor", "--json")
	found = {check["part"]: check for check in frappe.parse_json(done.stdout)}
	for part in (
		"database",
		"redis",
		"queue",
		"workers",
		"ffmpeg",
		"disk",
		"file limits",
		"speech models",
		"hardware",
	):
		assert found[part]["ok"], found[part]
	assert found["speech models"]["found"] == "base"
	assert "cores" in found["hardware"]["found"]
	# tests call scheduled functions themselves
	assert not found["scheduler"]["ok"] and found["scheduler"]["fix"]
	assert done.returncode == 1


def test_doctor_before_the_engine_is_set_up(site, tmp_path, monkeypatch):
	monkeypatch.setitem(frappe.local.conf, "call_intelligence_engine", {"home": str(tmp_path)})
	check = doctor.engine()[0]
	assert (check.part, check.ok) == ("engine", False)
	assert "the engine environment is not installed" in check.found
	assert "setup-engine" in check.fix
