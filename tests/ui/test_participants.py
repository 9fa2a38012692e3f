"""Identifying voices as a new user: listen, one click, search, a new contact."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from tests import factories
from tests.ui.conftest import PHONE
from tests.ui.pages import ParticipantsPage


@pytest.fixture
def nameless(reviewable):
	"""A call with unidentified voices and a named participant"""
	frappe.db.set_value("Call Participant", {"parent": reviewable}, "display_name", None)
	frappe.db.commit()
	return reviewable


@pytest.fixture
def review(desk, rep, nameless):
	return ParticipantsPage(desk(rep)).open(nameless)


@pytest.fixture
def stored(nameless):
	"""stored() -> {speaker key: (name, side, party)} on the server"""

	def read():
		frappe.db.rollback()
		rows = frappe.get_all(
			"Call Participant",
			filters={"parent": nameless},
			fields=["speaker_key", "display_name", "side", "party"],
		)
		return {row.speaker_key: (row.display_name, row.side, row.party) for row in rows}

	return read


@pytest.fixture
def new_contact():
	"""The name of a Contact created by the test, which is deleted with it"""
	name = factories.unique("Ada")
	yield name
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.db.delete("Call Association", {"link_name": name})
	frappe.delete_doc("Contact", name, force=True, ignore_missing=True, delete_permanently=True)
	frappe.db.commit()


def test_who_is_who(review, rep, contact, new_contact, spoken, stored, eventually):
	mine = frappe.utils.get_fullname(rep)
	expect(review.question).to_have_text("Which voice is yours? Listen, then choose.")

	# five seconds with only the customer; then the previous state is restored
	longest = max((t for t in spoken.turns if t.speaker == "customer"), key=lambda t: t.end - t.start)
	review.hear("Speaker 2").click()
	expect(review.stop).to_be_visible()
	heard = []

	def over():
		heard.append(review.sound)
		return heard[-1]["paused"] and len(heard) > 3

	eventually(over, 15, "the sample ends")
	times = [sound["time"] for sound in heard if not sound["paused"]]
	assert longest.start - 0.1 <= min(times) < longest.start + 2
	assert longest.start + 3.5 < max(times) <= min(longest.start + 5.6, longest.end + 0.6)
	assert review.sound["time"] == 0
	expect(review.position).to_have_attribute("aria-valuenow", "0")
	# another click stops it at once
	review.hear("Speaker 1").click()
	review.stop.click()
	expect(review.hear("Speaker 1")).to_be_visible()
	assert review.sound == {"time": 0, "paused": True}

	# one click
	review.panel.get_by_role("button", name="This is me: Speaker 1").click()
	expect(review.side(mine)).to_have_value("Owner")
	expect(review.side("Speaker 2")).to_have_value("Customer")
	expect(review.question).to_have_count(0)
	expect(review.speakers.first).to_contain_text(mine)
	assert stored() == {"S1": (mine, "Owner", rep), "S2": (None, "Customer", None)}

	# connect: by the keyboard alone
	sarah = frappe.db.get_value("Contact", contact, ["first_name", "full_name"], as_dict=True)
	review.connect("Speaker 2")
	expect(review.field("Speaker 2")).to_be_focused()
	expect(review.found).to_contain_text([mine, sarah.full_name, "Add contact"])
	expect(review.found).to_have_count(3)
	review.page.keyboard.type(sarah.first_name)
	expect(review.found).to_have_count(2)
	review.page.keyboard.press("Enter")
	expect(review.name(sarah.full_name)).to_have_attribute("href", re.compile("/app/contact/"))
	expect(review.speakers.nth(1)).to_contain_text(sarah.full_name)

	# it was another person, who is not in the CRM yet
	review.menu(sarah.full_name, "Disconnect")
	review.connect("Speaker 2").field("Speaker 2").fill(new_contact)
	expect(review.found).to_have_text(["+ Add contact"])
	review.page.keyboard.press("Enter")
	expect(review.dialog.get_by_label("Name", exact=True)).to_have_value(new_contact)
	email = frappe.db.get_value("Contact", contact, "email_id")
	review.dialog.get_by_label("E-mail").fill(email)
	review.dialog.get_by_role("button", name="Add and connect").click()
	expect(review.dialog.get_by_role("alert")).to_contain_text("already exists")
	expect(review.dialog.get_by_role("button", name=f"Connect with {sarah.full_name}")).to_be_visible()
	review.dialog.get_by_label("E-mail").fill(f"new.{email}")
	review.dialog.get_by_role("button", name="Add and connect").click()
	expect(review.dialog).to_have_count(0)
	expect(review.name(new_contact)).to_be_visible()
	assert stored()["S2"] == (new_contact, "Customer", new_contact)

	# the side is set by a user
	review.side(new_contact).select_option("Our side")
	eventually(lambda: stored()["S2"][1] == "Owner", 10, "the side is stored")
	review.page.reload()
	expect(review.side(new_contact)).to_have_value("Owner")


def test_on_a_phone_with_somebody_who_was_only_given(desk, rep, nameless, stored, eventually):
	doc = frappe.get_doc("Call", nameless)
	doc.append(
		"participants", {"display_name": "Paula Novak", "email": "paula@farm.example", "side": "Customer"}
	)
	doc.append("participants", {"display_name": "<b>Peter</b>", "side": "Customer"})
	doc.save()
	frappe.db.commit()
	review = ParticipantsPage(desk(rep, viewport=PHONE)).open(nameless)
	# a question unfolds the whole panel
	expect(review.question).to_be_visible()
	expect(review.row("Paula Novak")).to_contain_text("Not heard")
	expect(review.name("‹b›Peter‹/b›")).to_be_visible()

	review.menu("Paula Novak", "Speaks as Speaker 2")
	expect(review.fold).to_have_attribute("aria-expanded", "false")
	review.fold.click()
	expect(review.side("Paula Novak")).to_have_value("Customer")
	expect(review.hear("Paula Novak")).to_be_enabled()
	width = review.page.evaluate("document.documentElement.scrollWidth")
	assert width <= PHONE[0]
	assert stored()["S2"][0] == "Paula Novak"
