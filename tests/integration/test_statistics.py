"""The figures of a call on a site: stored, told, kept from what a form says, and never a 0 where nobody knows."""

import frappe
import pytest

from call_intelligence import analysis, transcript
from call_intelligence.api import review
from call_intelligence.statistics import CALL_FIELDS, VOICE_FIELDS
from tests import factories

# factories.TRANSCRIPT by hand: S1 speaks 3.5 + 4.4 = 7.9 s, S2 3.5 + 1.8 = 5.3 s of 15 s
NEED_SIDES = (
	"owner_share", "owner_share_of_call", "talk_speed", "longest_monologue", "longest_story", "switches", "interactivity",
	"pauses", "patience", "interruptions", "owner_questions", "customer_questions", "first_response",
)  # fmt: skip


@pytest.fixture
def call(people):
	name = factories.call(people["owner"])
	analysis.store(name, transcript.recording_of(name))
	return name


def on_call(call, *fields):
	return frappe.db.get_value("Call", call, fields or list(CALL_FIELDS), as_dict=True)


def figures(call):
	return {row["key"]: row for row in review.get(call)["statistics"]["figures"]}


def set_sides(call, **sides):
	for key, side in sides.items():
		frappe.db.set_value("Call Participant", {"parent": call, "speaker_key": key}, "side", side)
	analysis.sides_changed(call)


def test_without_sides_what_depends_on_them_is_told_by_nothing(call):
	stored, told = on_call(call), figures(call)
	for field, key in CALL_FIELDS.items():
		if key in NEED_SIDES:
			assert stored[field] is None, field
			assert (told[key]["value"], told[key]["moments"], told[key]["count"]) == (None, [], 0)
			assert told[key]["advice"] in ("Link the owner to a speaker", "Link the customer to a speaker")
	# 0-0.5, 4-4.6, 8.1-8.5, 12.9-13.2
	assert (stored.turns, stored.silence, stored.overlap) == (4, 1.8, 0)
	assert (told["turns"]["value"], told["turns"]["advice"]) == (4, None)


def test_with_sides_there_are_figures(call):
	set_sides(call, S1="Owner", S2="Customer")
	stored, told = on_call(call), figures(call)
	assert stored.owner_talk_share == pytest.approx(100 * 7.9 / 13.2, abs=0.001)
	assert stored.owner_talk_share_of_call == pytest.approx(100 * 7.9 / 15, abs=0.001)
	# 10 + 9 words in 7.9 s
	assert stored.talk_speed == pytest.approx(19 / 7.9 * 60, abs=0.001)
	assert stored.switches_per_minute == 12
	assert stored.interactivity == 8
	assert (stored.pauses, stored.patience, stored.first_response) == (1, 0.4, 0.4)
	assert (stored.owner_questions, stored.customer_questions, stored.interruptions) == (1, 0, 0)
	assert told["pauses"]["moments"] == [[8.1, 8.5]]
	assert told["owner_share"]["value"] == stored.owner_talk_share
	voices = frappe.get_all(
		"Call Participant", filters={"parent": call}, fields=list(VOICE_FIELDS), order_by="idx"
	)
	assert [(row.talk_seconds, row.words, row.turns, row.questions) for row in voices] == [
		(7.9, 19, 2, 1),
		(5.3, 15, 2, 0),
	]
	assert sum(row.talk_share for row in voices) == pytest.approx(100, abs=0.01)
