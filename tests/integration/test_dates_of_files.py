"""Dates of calls: from the file unless a user gave one; and invalid dates in every way in."""

import shutil

import frappe
import pytest
from frappe.client import set_value
from frappe.utils import get_datetime, now_datetime

from call_intelligence.api import clips
from call_intelligence.call_intelligence.report.call_statistics import call_statistics
from call_intelligence.core import storage
from call_intelligence.core.times import site_time
from call_intelligence.jobs import results
from call_intelligence.speech import messages, workfiles
from tests import factories

UPLOADED = "2026-11-23 08:15:30"


@pytest.fixture
def prepared(people, request):
	"""prepared(created): a queued call of the rep whose file has this date -> (call, recording)"""

	def make(created):
		call = factories.call(people["rep"], transcript=(), start_time=UPLOADED)
		recording = factories.recording(call, transcript=(), stage="Preparing")
		request.addfinalizer(lambda: shutil.rmtree(storage.work_folder(recording), ignore_errors=True))
		media = {
			"duration": 60,
			"container": "mp4",
			"codec": "aac",
			"channels": 1,
			"sample_rate": 8000,
			"kind": "Audio",
		}
		workfiles.write(
			recording,
			"prepare.json",
			{**media, "created": created, "browser_playable": True, "peaks": {"data": ""}},
		)
		return call, recording

	return make


def start_of(call):
	return str(frappe.db.get_value("Call", call, "start_time"))


def test_a_moment_is_taken_as_it_is(prepared):
	call, recording = prepared("2026-11-20T09:00:00+00:00")
	assert results.store_media(call, recording) == []
	assert start_of(call) == str(site_time("2026-11-20T09:00:00+00:00"))


def test_a_day_is_no_midnight(prepared):
	call, recording = prepared("2026-11-20")
	warnings = results.store_media(call, recording)
	assert start_of(call) == "2026-11-20 12:00:00"
	assert "2026-11-20" in messages.warnings_text(warnings)
	assert "12:00 stands in" in messages.warnings_text(warnings)


def test_the_day_of_the_upload_says_nothing_new(prepared):
	call, recording = prepared(UPLOADED[:10])
	assert results.store_media(call, recording) == []
	assert start_of(call) == UPLOADED


def test_a_date_that_was_given_stays(prepared):
	for created in ("2026-11-20", "2026-11-20T09:00:00+00:00"):
		call, recording = prepared(created)
		frappe.db.set_value("Call Recording", recording, "start_time_given", 1)
		assert results.store_media(call, recording) == []
		assert start_of(call) == UPLOADED


@pytest.mark.parametrize("created", ["2026-11-20", "2026-11-20T09:00:00+00:00"])
def test_a_date_that_is_corrected_meanwhile_stays(people, prepared, committed, web, created):
	"""Even if the worker has read the database before: MariaDB keeps showing it the old data."""
	call, recording = prepared(created)
	committed("Call", call)
	frappe.db.commit()
	# the worker's transaction begins to read
	assert now_datetime() > get_datetime(start_of(call))
	client = web(people["rep"])
	answer = client.put(f"/api/resource/Call/{call}", json={"start_time": "2026-11-19 10:00:00"})
	assert answer.status_code == 200, answer.text

	results.store_media(call, recording)

	frappe.db.commit()
	assert start_of(call) == "2026-11-19 10:00:00"


AMBIGUOUS = ["03/04/2026", "25/11/2026", "2026-11-20 09:00:00 EST", "2026-11-20 09:00:00 CET", "20 Nov 2026"]


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_dates_that_could_mean_several_are_refused_at_every_door(people, as_user, text):
	call = factories.call(people["rep"])
	with as_user(people["rep"]):
		doc = frappe.get_doc("Call", call)
		for refused in (
			lambda: frappe.get_doc({"doctype": "Call", "title": "A call", "start_time": text}).insert(),
			lambda: doc.update({"start_time": text}),
			lambda: set_value("Call", call, "start_time", text),
			lambda: clips.share(call, 1, 2, [people["owner"]], expires_on=text),
			lambda: call_statistics.execute({"from_date": text}),
			lambda: call_statistics.execute({"to_date": text}),
		):
			with pytest.raises(frappe.ValidationError):
				refused()
	assert start_of(call) == "2026-01-31 14:30:00"


def test_the_days_of_the_report_are_taken(people, as_user):
	with as_user(people["rep"]):
		assert call_statistics.execute({"from_date": "2026-01-31", "to_date": "2026-01-31"})
