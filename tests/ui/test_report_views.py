"""Desk's report views of transcripts: text stays text."""

import frappe
from playwright.sync_api import expect

from call_intelligence import transcript
from tests import factories

MARKUP = "plan<img src=x onerror=window.ran=1>"


def test_nothing_that_was_said_runs_in_a_report_view(desk, coach, committed, reviewable):
	call, recording = reviewable, transcript.recording_of(reviewable)
	# as stored by older versions
	mention = {"call": call, "recording": recording, "term": "x", "term_title": "x", "text": MARKUP}
	mention = frappe.get_doc({"doctype": "Term Mention", "name": factories.unique("mention"), **mention})
	mention.db_insert()
	committed("Term Mention", mention.name)
	frappe.db.set_value("Term Mention", mention.name, "text", MARKUP)
	frappe.db.set_value("Call Participant", {"parent": call}, "display_name", MARKUP)
	frappe.db.commit()

	page = desk(coach, path="/app/term-mention/view/report")
	expect(page.locator(".dt-row").filter(has_text=MARKUP).first).to_be_visible()
	assert page.evaluate("window.ran") is None
	page.evaluate(
		"""() => frappe.model.with_doctype("Call", () => frappe.model.user_settings.save("Call", "Report", {
			fields: [["name", "Call"], ["display_name", "Call Participant"]],
		}))"""
	)
	page.goto(f"/app/call/view/report?name={call}")
	expect(page.locator(".dt-row").filter(has_text=MARKUP).first).to_be_visible()
	assert page.evaluate("window.ran") is None
