"""The figures of a call on a site: stored, returned, protected from forms, and never 0 if unknown."""

import json

import frappe
import frappe.client
import pytest
from frappe.database.mariadb.schema import MariaDBTable

from call_intelligence import transcript
from call_intelligence.api import review
from call_intelligence.api import transcript as edits
from call_intelligence.call_intelligence.report.call_statistics.call_statistics import execute
from call_intelligence.insights import analysis
from call_intelligence.statistics import CALL_FIELDS, VOICE_FIELDS
from call_intelligence.statistics.figure_settings import NUMBERS, SETTINGS, numbers, options
from tests import factories

NEED_SIDES = (
	"owner_share", "owner_share_of_call", "talk_speed", "longest_monologue", "longest_story", "switches", "interactivity",
	"pauses", "patience", "interruptions", "owner_questions", "customer_questions", "first_response",
)  # fmt: skip
VOICES = {"S1": "Owner", "S2": "Customer"}


@pytest.fixture
def call(people):
	"""The factories' transcript: S1 speaks 3.5 + 4.4 = 7.9 s, S2 3.5 + 1.8 = 5.3 s of 15 s"""
	return measured(people["owner"])


def measured(owner, **values):
	name = factories.call(owner, **values)
	analysis.store(name, transcript.recording_of(name))
	return name


def on_call(call):
	return frappe.db.get_value("Call", call, list(CALL_FIELDS), as_dict=True)


def on_voices(call):
	return frappe.get_all(
		"Call Participant",
		filters={"parent": call},
		fields=["speaker_key", *VOICE_FIELDS],
		order_by="idx",
	)


def figures(call):
	return {row["key"]: row for row in review.get(call)["statistics"]["figures"]}


def set_sides(call, **sides):
	for key, side in (sides or VOICES).items():
		frappe.db.set_value("Call Participant", {"parent": call, "speaker_key": key}, "side", side)
	analysis.sides_changed(call)


def on_recording(call, field):
	return frappe.db.get_value("Call Recording", {"call": call}, field)


# ------------------------------------------------------------------------------------------- values


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


def test_a_figure_that_older_calls_do_not_have_is_unknown(call):
	recording = transcript.recording_of(call)
	stored = json.loads(on_recording(call, "statistics"))
	key, _value = stored["figures"].popitem()
	frappe.db.set_value("Call Recording", recording, "statistics", json.dumps(stored))
	assert (figures(call)[key]["value"], figures(call)[key]["moments"]) == (None, [])
	assert review.get(call)["statistics"]["behind"]


def test_with_sides_there_are_figures(call):
	set_sides(call)
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
	voices = on_voices(call)
	assert [(row.talk_seconds, row.words, row.turns_taken, row.questions_asked) for row in voices] == [
		(7.9, 19, 2, 1),
		(5.3, 15, 2, 0),
	]
	assert sum(row.talk_share for row in voices) == pytest.approx(100, abs=0.01)


def test_the_owner_alone_is_known(call):
	set_sides(call, S1="Owner")
	told = figures(call)
	assert told["owner_share"]["value"] == pytest.approx(59.848)
	for key in ("longest_story", "patience", "interactivity", "customer_questions"):
		assert (told[key]["value"], told[key]["advice"]) == (None, "Link the customer to a speaker")
	# and unknown again
	set_sides(call, S1="Unknown")
	assert on_call(call).owner_talk_share is None
	assert figures(call)["owner_share"]["advice"] == "Link the owner to a speaker"


def test_an_edit_measures_again(call, people, as_user):
	set_sides(call)
	with as_user(people["owner"]):
		segment = review.get(call)["segments"][1][0]
		edits.set_speaker(call, segment, "S1")
		assert review.get(call)["statistics"]["behind"]
		analysis.store(call, transcript.recording_of(call))
		told = review.get(call)["statistics"]
	assert not told["behind"]
	# all but the last 1.8 s belong to S1 now
	assert on_call(call).owner_talk_share == pytest.approx(100 * 11.4 / 13.2, abs=0.001)
	assert [row.turns_taken for row in on_voices(call)] == [1, 1]


def test_a_merge_leaves_one_side(call, people, as_user):
	set_sides(call)
	with as_user(people["owner"]):
		edits.merge_speakers(call, "S2", "S1")
	analysis.store(call, transcript.recording_of(call))
	stored = on_call(call)
	assert (stored.owner_talk_share, stored.turns) == (100, 1)
	assert stored.interactivity is None and stored.longest_story is None


def test_the_turns_of_the_voices_count_where_there_are_some(call):
	turns = [
		{"start": 0.7, "end": 3.7, "speaker": "S1"},
		{"start": 4.8, "end": 7.8, "speaker": "S2"},
		{"start": 8.7, "end": 12.7, "speaker": "S1"},
		{"start": 13.2, "end": 15.0, "speaker": "S2"},
	]
	frappe.db.set_value("Call Recording", {"call": call}, "speaker_turns", json.dumps(turns))
	set_sides(call)
	assert [row.talk_seconds for row in on_voices(call)] == [7, 4.8]
	assert on_call(call).first_response == pytest.approx(0.9)


def test_utterances_of_a_second_channel_and_of_nobody(people):
	call = factories.call(people["owner"], transcript=[*factories.TRANSCRIPT, (None, 16.0, 18.0, "Hm?")])
	frappe.db.set_value("Transcript Segment", {"call": call, "speaker_key": "S2"}, "channel", 1)
	set_sides(call)
	told = review.get(call)["statistics"]
	assert [voice["key"] for voice in told["speakers"]] == ["S1", "S2", "unknown"]
	assert on_call(call).owner_talk_share == pytest.approx(100 * 7.9 / 15.2, abs=0.001)


def test_a_call_without_words(people):
	call = factories.call(people["owner"])
	frappe.db.delete("Transcript Segment", {"call": call})
	set_sides(call)
	assert (on_call(call).turns, on_call(call).owner_talk_share) == (0, None)
	assert figures(call)["owner_share"]["advice"] == "Nobody is heard."
	assert [row.talk_seconds for row in on_voices(call)] == [None, None]


def test_before_anything_was_measured_there_is_nothing(people):
	call = factories.call(people["owner"])
	assert review.get(call)["statistics"] is None
	assert set(on_call(call).values()) == {None}
	nothing = factories.call(people["owner"], transcript=[])
	assert review.get(nothing)["statistics"] is None


def test_of_many_moments_the_longest_are_kept_in_their_order(people):
	# 300 questions and replies; every tenth reply after three seconds
	rows = []
	for number in range(300):
		wait = 3 if number % 10 == 0 else 0.5
		rows.append(("S2", number * 10, number * 10 + 3, "And what is the price?"))
		rows.append(
			("S1", number * 10 + 3 + wait, number * 10 + 9, "It is twenty four dollars for each user.")
		)
	call = factories.call(people["owner"], transcript=rows)
	set_sides(call)
	pauses = figures(call)["pauses"]
	assert (pauses["value"], pauses["count"], len(pauses["moments"])) == (300, 300, 200)
	assert pauses["moments"] == sorted(pauses["moments"])
	assert sum(end - start == 3 for start, end in pauses["moments"]) == 30


# ------------------------------------------------------------------------------------------- never a zero


def test_unknown_figures_are_empty_wherever_one_asks(call, people, as_user):
	invited = frappe.get_doc("Call", call)
	invited.append("participants", {"display_name": "Only invited"})
	invited.save()
	with as_user(people["manager"]):
		for doc in (frappe.get_doc("Call", call).as_dict(), frappe.client.get("Call", call)):
			assert {doc[field] for field in CALL_FIELDS if CALL_FIELDS[field] in NEED_SIDES} == {None}
			assert {doc["participants"][2][field] for field in VOICE_FIELDS} == {None}
			assert (doc["turns"], doc["overlap"]) == (4, 0)
		[row] = frappe.get_list("Call", filters={"name": call}, fields=["*"])
		assert (row.owner_talk_share, row.pauses, row.overlap) == (None, None, 0)
		assert frappe.client.get_value("Call", "patience", {"name": call}) == {"patience": None}
		for condition in (["<", 40], ["=", 0], [">=", 0], ["<=", 100]):
			for field in ("owner_talk_share", "interruptions"):
				filters = {"name": call, field: condition}
				assert frappe.get_list("Call", filters=filters) == [], (field, condition)
		assert frappe.get_list("Call", filters={"name": call, "overlap": ["<=", 0]})
		known = measured(people["owner"])
		set_sides(known)
		[mean] = frappe.get_list(
			"Call",
			filters={"name": ["in", [call, known]]},
			fields=["avg(owner_talk_share) as mean", "count(owner_talk_share) as calls"],
		)
		assert (mean.mean, mean.calls) == (on_call(known).owner_talk_share, 1)


def test_over_http_unknown_figures_are_null(call, people, as_user):
	with as_user(people["manager"]):
		answer = json.loads(frappe.as_json(frappe.get_doc("Call", call)))
	assert (answer["owner_talk_share"], answer["interruptions"], answer["turns"]) == (None, None, 4)


def test_a_new_call_has_no_figures_whatever_it_says(people, as_user):
	with as_user(people["owner"]):
		doc = frappe.get_doc(
			{
				"doctype": "Call",
				"title": "By hand",
				"owner_talk_share": 43,
				"pauses": 0,
				"participants": [{"display_name": "Sarah", "talk_share": 57, "words": 3}],
			}
		).insert()
	assert set(on_call(doc.name).values()) == {None}
	assert {on_voices(doc.name)[0][field] for field in VOICE_FIELDS} == {None}


@pytest.mark.parametrize("doctype", ["Call", "Call Participant"])
def test_frappe_leaves_the_columns_as_they_are(doctype):
	"""Its sync would make them NOT NULL again, which fails where there are NULLs."""
	ours = CALL_FIELDS if doctype == "Call" else VOICE_FIELDS
	table = MariaDBTable(doctype)
	table.setup_table_columns()
	for column in table.columns.values():
		column.build_for_alter_table(table.current_columns.get(column.fieldname.lower()))
	changed = {column.fieldname for column in (*table.change_type, *table.set_default, *table.add_column)}
	assert not changed & set(ours)


def test_no_field_of_a_voice_is_called_as_one_of_the_call():
	call = {field.fieldname for field in frappe.get_meta("Call").fields}
	assert not call & set(VOICE_FIELDS)


# ------------------------------------------------------------------------------------------- writes by others


def test_a_form_that_was_open_meanwhile_overwrites_nothing(call, people, as_user):
	with as_user(people["owner"]):
		# a different side would make the document newer, and the form would be refused; figures do not
		set_sides(call)
		stale = frappe.get_doc("Call", call)
		stale.update({"title": "Another title", "owner_talk_share": 12, "interactivity": None})
		stale.participants[0].update({"talk_share": 1, "words": 1})
		stale.append("participants", {"display_name": "Somebody", "words": 9, "talk_share": 50})
		stale.save()
	assert frappe.db.get_value("Call", call, "title") == "Another title"
	assert on_call(call).owner_talk_share == pytest.approx(59.848)
	assert on_call(call).interactivity == 8
	assert [(row.words, row.talk_share) for row in on_voices(call)] == [
		(19, pytest.approx(59.848)),
		(15, pytest.approx(40.152)),
		(None, None),
	]


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_figures_are_not_written_through_the_api(call, people, as_user, who):
	set_sides(call)
	with as_user(people[who]):
		frappe.client.set_value("Call", call, {"owner_talk_share": 43, "pauses": 99})
		with pytest.raises(frappe.PermissionError):
			frappe.client.set_value("Call Recording", transcript.recording_of(call), "statistics", "{}")
	assert (on_call(call).owner_talk_share, on_call(call).pauses) == (pytest.approx(59.848), 1)


# ------------------------------------------------------------------------------------------- settings


@pytest.fixture
def settings(site):
	yield frappe.get_doc(SETTINGS)
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def test_numbers_have_defaults(site):
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": ["in", list(NUMBERS)]})
	assert (options().interjection, options().pause, options().lively) == (2, 4, 3)
	assert (numbers()["reference_talk_share"], numbers()["reference_monologue"]) == (43, 150)
	# settings saved before these numbers existed
	frappe.db.set_single_value(SETTINGS, "model", "base")
	settings = frappe.get_doc(SETTINGS)
	assert (settings.interjection_seconds, settings.reference_monologue, settings.max_attempts) == (
		2,
		"150",
		3,
	)


@pytest.mark.parametrize(
	("field", "value"),
	[
		("interjection_seconds", -1),
		("interjection_seconds", 61),
		("pause_seconds", 100),
		("lively_switches", 0),
		("reference_talk_share", 0),
		("reference_talk_share", 100),
		("talk_share_warning", 101),
		("talk_share_warning", 20),
		("reference_monologue", 0),
	],
)
def test_a_number_that_makes_no_sense_is_refused(settings, field, value):
	settings.set(field, value)
	with pytest.raises(frappe.ValidationError):
		settings.save()


def test_other_numbers_measure_every_call_again(call, settings):
	set_sides(call)
	settings.lively_switches = 12
	settings.save()
	assert on_recording(call, "analysed_version") == -1
	analysis.store(call, transcript.recording_of(call))
	assert on_call(call).interactivity == 5
	assert "12" in figures(call)["interactivity"]["formula"]
	assert on_recording(call, "analysed_version") == on_recording(call, "transcript_version")


def test_a_call_without_a_transcript_gets_no_figures_by_that(people, settings):
	failed = factories.call(people["owner"])
	frappe.db.delete("Transcript Segment", {"call": failed})
	settings.lively_switches = 12
	settings.save()
	assert on_recording(failed, "analysed_version") == 0


def test_other_references_measure_nothing(call, settings):
	settings.reference_talk_share = 40
	settings.save()
	assert on_recording(call, "analysed_version") == 0
	assert review.get(call)["statistics"]["reference"]["talk_share"] == 40


# ------------------------------------------------------------------------------------------- report


def test_the_report_has_what_its_reader_sees(people, as_user):
	# users without calls of other tests
	owner, seat = factories.user(factories.SEAT), factories.user(factories.SEAT)
	call, unknown, other = measured(owner), measured(owner), measured(seat)
	set_sides(call)
	mine = {"call_owner": owner}
	with as_user(people["manager"]):
		rows = {row["name"]: row for row in execute({})[1]}
		assert {call, unknown, other} <= set(rows)
		assert rows[call]["interactivity"] == 8
		assert (rows[unknown]["interactivity"], rows[unknown]["turns"]) == (None, 4)
		assert other not in {row["name"] for row in execute(mine)[1]}
		assert execute({**mine, "direction": "Outbound"})[1] == []
		assert execute({**mine, "from_date": "2026-02-01"})[1] == []
		assert len(execute({**mine, "from_date": "2026-01-31", "to_date": "2026-01-31"})[1]) == 2
		[average] = execute({**mine, "show": "Averages per owner"})[1]
		assert (average["calls"], average["interactivity"], average["turns"]) == (2, 8, 4)
	with as_user(seat):
		assert [row["name"] for row in execute({})[1]] == [other]
	with as_user(people["stranger"]):
		assert not {call, unknown, other} & {row["name"] for row in execute({})[1]}


def test_only_managers_open_the_report(people, as_user):
	from frappe.desk.query_report import run

	for who in ("owner", "crm user", "stranger"):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			run("Call Statistics", filters={})
	with as_user(people["manager"]):
		assert run("Call Statistics", filters={"call_owner": people["manager"]})["columns"]
