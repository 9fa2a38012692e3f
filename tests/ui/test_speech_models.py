"""The expected accuracy of the speech model is shown where a language is chosen."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.ui.pages import RecordPage


@pytest.fixture
def polish(site):
	"""Settings with base for all languages and Polish as language, readable for users"""
	settings = frappe.get_single("Call Intelligence Settings")
	before = settings.language
	settings.update({"model": "base", "models_for_languages": "", "language": "pl"}).save()
	frappe.db.commit()
	yield
	frappe.get_single("Call Intelligence Settings").update({"language": before}).save()
	frappe.db.commit()


def test_the_upload_dialog_tells_what_to_expect(desk, rep, contact):
	dialog = RecordPage(desk(rep), "Contact", contact).open().upload_calls()
	language = dialog.root.get_by_label("Language")
	note = dialog.root.locator("[data-fieldname=language] .help-box")
	expect(note).to_be_hidden()
	language.select_option("pl")
	expect(note).to_contain_text(
		"In Polish, the speech model base makes many mistakes. With synthetic speech, 40 to 55 of 100 words"
	)
	expect(note).to_contain_text("with bench --site SITE call-intelligence setup-engine")
	expect(note.locator("code")).to_contain_text("setup-engine --model large-v3-turbo --language pl")
	language.select_option("en")
	expect(note).to_contain_text("makes few mistakes")
	language.select_option("")
	expect(note).to_be_hidden()


def test_settings_tell_what_to_expect(desk, coach, polish):
	page = desk(coach)
	page.goto("/app/call-intelligence-settings")
	note = page.locator("[data-fieldname=language] .help-box").first
	expect(note).to_contain_text("ISO 639-1 code")
	expect(note).to_contain_text("In Polish, the speech model base makes many mistakes")
