"""Uploading a recording in Desk."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from tests import speech
from tests.ui.conftest import PHONE, PROCESSED
from tests.ui.pages import CallListPage, RecordPage


def test_a_call_uploaded_on_a_contact_is_read_on_its_timeline(desk, rep, contact, spoken):
	record = RecordPage(desk(rep), "Contact", contact).open()

	dialog = record.upload_calls()
	expect(dialog.records).to_contain_text(["Contact"])
	expect(dialog.participants.get_by_label("Name")).to_have_value(re.compile("Miller"))
	dialog.choose(spoken.stereo)
	dialog.upload()
	expect(dialog.state("stereo.wav")).to_contain_text("Uploaded: CALL-")
	expect(dialog.upload_button).to_have_text("Done")
	dialog.upload()
	expect(dialog.root).to_have_count(0)

	card = record.card("stereo")
	expect(card.state).to_have_text(re.compile("Queued|Preparing|Transcribing|Identifying|Analysing"))
	expect(card.progress).to_be_visible()
	expect(card.state).to_have_text("Ready", timeout=PROCESSED)
	expect(card.progress).to_have_count(0)
	expect(card.words.first).to_contain_text("thank you for calling", ignore_case=True)
	assert len(set(card.speakers.all_inner_texts())) == 2

	review = card.review()
	expect(review.word("premium")).to_be_visible()
	assert len(set(review.speakers.all_inner_texts())) == 2


def test_progress_shows_without_realtime(desk, rep, contact, spoken):
	page = desk(rep)
	page.route("**/socket.io/**", lambda route: route.abort())
	record = RecordPage(page, "Contact", contact).open()

	dialog = record.upload_calls()
	dialog.choose(spoken.mono)
	dialog.upload()
	expect(dialog.upload_button).to_have_text("Done")
	dialog.upload()

	expect(record.card("mono").state).to_have_text("Ready", timeout=PROCESSED)


def test_each_file_that_cannot_be_taken_says_why(desk, rep, contact):
	dialog = RecordPage(desk(rep), "Contact", contact).open().upload_calls()

	dialog.choose(
		{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"},
		{"name": "empty.mp3", "mimeType": "audio/mpeg", "buffer": b""},
		{"name": "text.mp3", "mimeType": "audio/mpeg", "buffer": b"not a recording at all\n" * 40},
	)
	expect(dialog.state("notes.txt")).to_contain_text("not an audio or video file")
	expect(dialog.state("empty.mp3")).to_contain_text("empty")
	expect(dialog.state("text.mp3")).to_contain_text(
		"not an audio or video file that can be read, although it is called .mp3"
	)
	expect(dialog.upload_button).to_be_disabled()


def test_what_the_server_finds_too_late_can_be_tried_again(desk, rep, contact):
	page = desk(rep)
	dialog = RecordPage(page, "Contact", contact).open().upload_calls()
	# as if the server was unreachable when the file was chosen
	page.route("**/*uploads.inspect", lambda route: route.abort("connectionreset"))
	dialog.choose({"name": "text.mp3", "mimeType": "audio/mpeg", "buffer": b"not a recording at all\n" * 40})
	dialog.upload()
	expect(dialog.state("text.mp3")).to_contain_text("not an audio or video file that can be read")
	expect(dialog.row("text.mp3").get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize("name", ["1637", "call.3ga", "call.xyz"])
def test_the_content_decides_and_not_the_name(desk, rep, contact, spoken, name):
	dialog = RecordPage(desk(rep), "Contact", contact).open().upload_calls()
	assert dialog.root.locator("input[type=file]").get_attribute("accept") is None

	dialog.choose({"name": name, "mimeType": "", "buffer": spoken.mono.read_bytes()})
	dialog.upload()

	expect(dialog.state(name)).to_contain_text("Uploaded: CALL-")


def test_raw_sound_is_taken_once_its_format_is_stated(desk, rep, contact, spoken):
	record = RecordPage(desk(rep), "Contact", contact).open()
	dialog = record.upload_calls()
	path = speech.converted(spoken.mono, "raw.ulaw", "-f", "mulaw", "-ar", "8000")

	dialog.choose(path)
	expect(dialog.state("raw.ulaw")).to_contain_text("If it is raw sound")
	expect(dialog.raw_format("raw.ulaw")).to_have_css("appearance", "auto")
	dialog.raw_format("raw.ulaw").select_option(label="µ-law, 8 kHz")
	expect(dialog.raw_format("raw.ulaw")).to_be_focused()
	dialog.upload()

	expect(dialog.state("raw.ulaw")).to_contain_text("Uploaded: CALL-")
	dialog.upload()
	card = record.card("raw")
	expect(card.state).to_have_text("Ready", timeout=PROCESSED)
	expect(card.words.first).to_contain_text("thank you for calling", ignore_case=True)


def test_a_date_in_a_name_is_taken_unless_another_is_chosen(desk, rep, contact, spoken):
	dialog = RecordPage(desk(rep), "Contact", contact).open().upload_calls()
	name = "Call recording 2020-11-20 10.15.00.wav"
	dialog.choose({"name": name, "mimeType": "audio/wav", "buffer": spoken.mono.read_bytes()})

	expect(dialog.offer(name, "in its name")).to_have_attribute("aria-pressed", "true")
	dialog.offer(name, "last changed").click()
	expect(dialog.offer(name, "last changed")).to_have_attribute("aria-pressed", "true")
	expect(dialog.offer(name, "in its name")).to_have_attribute("aria-pressed", "false")
	dialog.offer(name, "in its name").press("Enter")
	expect(dialog.offer(name, "in its name")).to_be_focused()
	dialog.upload()

	expect(dialog.state(name)).to_contain_text("Uploaded: CALL-")
	assert start_of(dialog, name) == "2020-11-20 10:15:00"


def test_a_date_that_is_typed_counts_for_all_files(desk, rep, contact, spoken):
	page = desk(rep)
	dialog = RecordPage(page, "Contact", contact).open().upload_calls()
	name = "2020-11-20 10.15.00.wav"
	dialog.choose({"name": name, "mimeType": "audio/wav", "buffer": spoken.mono.read_bytes()})
	expect(dialog.offer(name, "in its name")).to_have_attribute("aria-pressed", "true")

	page.evaluate("cur_dialog.set_value('start_time', '2019-05-06 07:08:09')")
	expect(dialog.offer(name, "in its name")).to_have_attribute("aria-pressed", "false")
	dialog.upload()

	expect(dialog.state(name)).to_contain_text("Uploaded: CALL-")
	assert start_of(dialog, name) == "2019-05-06 07:08:09"


def test_who_has_the_number_in_the_name_is_offered(desk, rep, contact, spoken):
	number = "48601222719"
	doc = frappe.get_doc("Contact", contact)
	doc.append("phone_nos", {"phone": "+48 601 222 719"})
	doc.save(ignore_permissions=True)
	frappe.db.commit()
	dialog = CallListPage(desk(rep)).open().upload_calls()
	name = f"out-{number}-100-20201120-101500.wav"
	dialog.choose({"name": name, "mimeType": "audio/wav", "buffer": spoken.mono.read_bytes()})

	offer = dialog.offer(name, "Contact, number in its name")
	expect(offer).to_have_attribute("aria-pressed", "false")
	offer.click()
	expect(offer).to_have_attribute("aria-pressed", "true")
	dialog.upload()

	expect(dialog.state(name)).to_contain_text("Uploaded: CALL-")
	call = frappe.get_doc("Call", call_of(dialog, name))
	assert [(row.link_doctype, row.link_name) for row in call.associations][:1] == [("Contact", contact)]
	assert [(row.phone, row.party) for row in call.participants if row.phone] == [(number, contact)]


def call_of(dialog, name):
	frappe.db.rollback()
	return re.search(r"CALL-[\d-]+", dialog.state(name).inner_text())[0]


def start_of(dialog, name):
	return str(frappe.db.get_value("Call", call_of(dialog, name), "start_time"))


def test_a_hostile_file_name_is_only_text(desk, rep, contact):
	page = desk(rep)
	dialog = RecordPage(page, "Contact", contact).open().upload_calls()
	name = '<img src=x onerror="window.hacked=1">"\'שלום 🎧.txt'

	dialog.choose({"name": name, "mimeType": "text/plain", "buffer": b"x"})

	expect(dialog.row("שלום")).to_contain_text("<img src=x")
	assert page.evaluate("window.hacked") is None


def test_a_broken_line_costs_nothing(desk, rep, contact, spoken):
	page = desk(rep)
	dialog = RecordPage(page, "Contact", contact).open().upload_calls()
	lost = []

	def lose_the_first(route):
		if lost:
			return route.fallback()
		lost.append(route.request.url)
		route.abort("connectionreset")

	page.route("**/*uploads.append", lose_the_first)
	dialog.choose(spoken.mono)
	dialog.upload()

	expect(dialog.state("mono.wav")).to_contain_text("Uploaded: CALL-")
	assert lost


def test_a_failed_file_can_be_tried_again(desk, rep, contact, spoken):
	page = desk(rep)
	dialog = RecordPage(page, "Contact", contact).open().upload_calls()
	page.route("**/*calls.create", lambda route: route.fulfill(status=500, body="{}"), times=1)

	dialog.choose(spoken.mono)
	dialog.upload()
	expect(dialog.state("mono.wav")).to_contain_text("could not answer")
	dialog.try_again("mono.wav")

	expect(dialog.state("mono.wav")).to_contain_text("Uploaded: CALL-")


def test_files_are_not_lost_by_closing(desk, rep, contact, spoken):
	page = desk(rep)
	dialog = RecordPage(page, "Contact", contact).open().upload_calls()
	dialog.choose(spoken.mono)

	page.mouse.click(5, 400)
	expect(dialog.root).to_be_visible()
	dialog.close()
	expect(dialog.question).to_be_visible()
	dialog.question.get_by_role("button", name="No").click()

	expect(dialog.state("mono.wav")).to_be_visible()


def test_files_can_be_dropped_on_the_list_of_calls(desk, rep):
	dialog = CallListPage(desk(rep)).open().upload_calls()

	dialog.drop("dropped.mp3", b"ID3 perhaps")

	expect(dialog.row("dropped.mp3")).to_be_visible()
	expect(dialog.upload_button).to_be_enabled()
	expect(dialog.records).to_have_count(0)


def test_upload_on_a_phone(desk, rep, contact, spoken):
	record = RecordPage(desk(rep, viewport=PHONE, has_touch=True), "Contact", contact).open()

	dialog = record.upload_calls()
	dialog.choose(spoken.mono)
	dialog.upload()

	expect(dialog.state("mono.wav")).to_contain_text("Uploaded: CALL-")
	assert_fits(record.page, dialog.root.locator(".modal-content"))


def test_what_was_not_taken_is_in_sight_on_a_phone(desk, rep, contact):
	record = RecordPage(desk(rep, viewport=PHONE, has_touch=True), "Contact", contact).open()
	dialog = record.upload_calls()
	# refused by the server after the upload
	record.page.route("**/*uploads.inspect", lambda route: route.abort("connectionreset"))
	dialog.choose({"name": "text.mp3", "mimeType": "audio/mpeg", "buffer": b"not a recording\n" * 40})
	dialog.participants.scroll_into_view_if_needed()
	expect(dialog.state("text.mp3")).not_to_be_in_viewport()

	dialog.upload()
	expect(dialog.state("text.mp3")).to_contain_text("not an audio or video file")
	expect(dialog.state("text.mp3")).to_be_in_viewport()


def assert_fits(page, element):
	box = element.bounding_box()
	assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
