"""HTTP: bytes of media, uploads, and the curl lines of README."""

import os
import re
import subprocess
from pathlib import Path

import frappe
import pytest

from call_intelligence.core import storage
from call_intelligence.ingest.create import create_call
from call_intelligence.ingest.details import read_details
from tests import factories, speech
from tests.conftest import CHECKOUT

STREAM = "/api/method/call_intelligence.api.media.stream"


@pytest.fixture
def logins(people):
	frappe.db.commit()
	return people


@pytest.fixture
def recording(logins, as_user, committed):
	"""A committed Call Recording with media, whose owner is people["owner"]; never processed."""
	with as_user(logins["owner"]):
		created = create_call(storage.stage_path(speech.spoken_call().stereo), read_details({}))
	committed("Call", created.call)
	frappe.db.set_value("Processing Run", {"recording": created.recording}, "status", "Cancelled")
	frappe.db.commit()
	return created.recording


@pytest.fixture(params=["behind nginx", "bare"])
def client(request, web, logins):
	"""Logs in; with nginx (X-Accel) or without, where the app sends the bytes."""
	return lambda who=None: web(who and logins[who], bare=request.param == "bare")


def test_media_whole_and_in_ranges(recording, client):
	data = speech.spoken_call().stereo.read_bytes()
	session = client("owner")
	whole = session.get(STREAM, params={"recording": recording})
	assert (whole.status_code, whole.content) == (200, data)
	assert whole.headers["Content-Type"] == "audio/wav"
	assert int(whole.headers["Content-Length"]) == len(data)
	assert whole.headers["X-Content-Type-Options"] == "nosniff"

	for asked, expected in {
		"bytes=0-0": data[:1],
		"bytes=100-199": data[100:200],
		f"bytes={len(data) - 5}-": data[-5:],
		"bytes=-7": data[-7:],
	}.items():
		part = session.get(STREAM, params={"recording": recording}, headers={"Range": asked})
		assert (part.status_code, part.content) == (206, expected), asked
		assert part.headers["Content-Range"].endswith(f"/{len(data)}")
	beyond = session.get(STREAM, params={"recording": recording}, headers={"Range": f"bytes={len(data)}-"})
	assert beyond.status_code == 416


@pytest.mark.parametrize("who", ["stranger", None])
def test_media_is_for_those_who_may_see_the_call(recording, client, who):
	session = client(who)
	answer = session.get(STREAM, params={"recording": recording})
	assert answer.status_code == 403
	assert b"RIFF" not in answer.content
	file = frappe.db.get_value("Call Recording", recording, "file")
	url = frappe.db.get_value("File", file, "file_url")
	assert session.get(url).status_code == 403


def test_a_stranger_learns_nothing_over_rest(recording, web, logins):
	call = frappe.db.get_value("Call Recording", recording, "call")
	session = web(logins["stranger"])
	assert session.get(f"/api/resource/Call/{call}").status_code == 403
	assert session.get("/api/resource/Call").json()["data"] == []
	for doctype in ("Call Recording", "Transcript Segment", "Processing Run", "Call Intelligence Settings"):
		assert session.get(f"/api/resource/{doctype}").status_code == 403, doctype
	listed = session.get(
		"/api/resource/File", params={"limit_page_length": 0, "fields": '["file_name","attached_to_name"]'}
	)
	assert recording not in listed.text
	for method in ("status", "transcript"):
		answer = session.get(f"/api/method/call_intelligence.api.calls.{method}", params={"call": call})
		assert answer.status_code == 403
		assert call not in answer.json().get("message", "")


def test_an_upload_in_chunks(web, logins, committed):
	data = speech.spoken_call().stereo.read_bytes()
	session = web(logins["owner"])
	started = session.post(
		"/api/method/call_intelligence.api.uploads.start", data={"file_name": "call.wav", "size": len(data)}
	).json()["message"]
	offset, step = 0, 300_000
	while offset < len(data):
		answer = session.post(
			"/api/method/call_intelligence.api.uploads.append",
			data={"upload": started["upload"], "offset": offset},
			files={"chunk": data[offset : offset + step]},
		)
		offset = answer.json()["message"]["received"]
	created = session.post(
		"/api/method/call_intelligence.api.calls.create",
		data={"upload": started["upload"], "title": "In chunks"},
	).json()["message"]
	committed("Call", created["call"])
	frappe.db.rollback()
	path = storage.path_of(frappe.db.get_value("Call Recording", created["recording"], "file"))
	assert path.read_bytes() == data


def test_a_refusal_is_said_in_words(web, logins):
	answer = web(logins["owner"]).post(
		"/api/method/call_intelligence.api.calls.create",
		files={"file": ("call.mp3", b"Dear Sir or Madam " * 99)},
	)
	assert answer.status_code == 417
	assert "not an audio or video file" in answer.text


# ------------------------------------------------------------------------------------------------- README


def curl_lines() -> list[str]:
	"""The shell blocks of README's REST section, in order"""
	text = (CHECKOUT / "README.md").read_text()
	section = text.split("## REST", 1)[1].split("\n## ", 1)[0]
	return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def test_the_curl_lines_of_readme_work(bench, site, logins, committed, eventually, tmp_path):
	"""Each block runs in bash as typed; later blocks use variables of earlier ones."""
	contact = factories.contact()
	committed("Contact", contact)
	rep = logins["rep"]
	user = frappe.get_doc("User", rep)
	user.api_key, user.api_secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	secret = user.api_secret
	user.save(ignore_permissions=True)
	frappe.db.commit()

	blocks = curl_lines()
	assert len(blocks) >= 4
	script = (
		"set -euo pipefail\ncurl() { command curl -sS --fail-with-body -H 'X-Frappe-Site-Name: "
		+ site
		+ '\' "$@"; }\n'
	)
	for number, block in enumerate(blocks):
		block = re.sub(r"^(SITE|TOKEN|CONTACT)=.*\n", "", block, flags=re.MULTILINE)
		script += f"{block}\necho; echo '--- {number}'\n"
	call = speech.spoken_call().stereo
	(tmp_path / "call.wav").symlink_to(call)
	done = subprocess.run(
		["bash", "-c", script],
		cwd=tmp_path,
		capture_output=True,
		text=True,
		timeout=300,
		env={**os.environ, "SITE": bench.url, "TOKEN": f"{user.api_key}:{secret}", "CONTACT": contact},
	)
	frappe.db.rollback()
	for name in frappe.get_all("Call", filters={"call_owner": rep}, pluck="name"):
		committed("Call", name)
	assert done.returncode == 0, done.stdout + done.stderr
	vtt = (tmp_path / "call.vtt").read_text()
	assert vtt.startswith("WEBVTT") and "premium plan" in vtt.lower()
	assert Path(tmp_path / "call.vtt").stat().st_size > 200
