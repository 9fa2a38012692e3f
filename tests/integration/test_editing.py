"""Editing a transcript: effects, permissions, conflicts, and history."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from call_intelligence import transcript
from call_intelligence.api import participants, review
from call_intelligence.api import transcript as api
from call_intelligence.editing.session import EditConflict
from tests import factories
from tests.integration.transcripts import (
	TEXTS,
	keys,
	last_edit,
	name_at,
	on_recording,
	positions,
	segments,
	talk,
	texts,
	with_turns,
)


@pytest.fixture
def call(people):
	return factories.call(people["owner"])


@pytest.fixture
def as_owner(people, as_user, call):
	with as_user(people["owner"]):
		yield


pytestmark = pytest.mark.usefixtures("as_owner")


# ------------------------------------------------------------------------------------------- text


def test_a_text_is_corrected_and_its_words_keep_their_times(call):
	before = segments(call)[1]
	answer = api.correct_text(call, before[0], "I have a question about the bronze plan.", before[4])
	after = segments(call)[1]
	assert after[4] == "I have a question about the bronze plan."
	assert [word[:3] for word in after[5]] == [
		[*word[:2], word[2].replace("premium", "bronze")] for word in before[5]
	]
	assert after[:4] == before[:4]
	assert answer["segments"] == [[1, after]]
	assert answer["removed"] == []
	assert answer["transcript_version"] == review.get(call)["transcript_version"]
	assert review.get(call)["edits"] == {"count": 1, "segments": [before[0]]}


def test_the_same_text_again_is_no_edit(call):
	assert api.correct_text(call, name_at(call, 0), f" {TEXTS[0]}\n")["edit"] is None
	assert api.history(call) == []
	assert on_recording(call, "transcript_version") == 0


@pytest.mark.parametrize("text", ["", "  \n", "\x01", "\u200b", "\u202e \u2066\u200d"])
def test_an_empty_text_is_refused(call, text):
	with pytest.raises(frappe.ValidationError, match="cannot be empty"):
		api.correct_text(call, name_at(call, 0), text)
	assert texts(call) == TEXTS


def test_a_megabyte_is_refused(call):
	with pytest.raises(frappe.ValidationError, match="too long"):
		api.correct_text(call, name_at(call, 0), "word " * 200_000)


def test_markup_is_text(call):
	text = '<script>alert(1)</script> & <b onclick="x">'
	api.correct_text(call, name_at(call, 0), text)
	# no markup in it, in any view
	assert texts(call)[0] == '‹script›alert(1)‹/script› & ‹b onclick="x"›'


def test_an_utterance_of_another_call_is_not_found(call, people):
	other = factories.call(people["owner"])
	with pytest.raises(EditConflict):
		api.correct_text(call, name_at(other, 0), "Hello")


# ------------------------------------------------------------------------------------------- conflicts


def test_who_comes_second_overwrites_nothing(call):
	segment = name_at(call, 1)
	api.correct_text(call, segment, "The words of the first.", TEXTS[1])
	with pytest.raises(EditConflict, match="The words of the first"):
		api.correct_text(call, segment, "The words of the second.", TEXTS[1])
	assert texts(call)[1] == "The words of the first."


def test_both_wanted_the_same(call):
	segment = name_at(call, 1)
	api.correct_text(call, segment, "The same words.", TEXTS[1])
	assert api.correct_text(call, segment, "The same words.", TEXTS[1])["edit"] is None


def test_conflicts_of_all_kinds(call):
	segment, following = name_at(call, 1), name_at(call, 2)
	with pytest.raises(EditConflict):
		api.set_speaker(call, segment, "unknown", before="S1")
	with pytest.raises(EditConflict):
		api.split(call, segment, 2, before="Other words")
	with pytest.raises(EditConflict):
		api.merge(call, segment, following=name_at(call, 3))
	with pytest.raises(EditConflict):
		api.rename_speaker(call, "S1", "Sarah", before="Daniel")
	api.merge(call, segment, following=following)
	with pytest.raises(EditConflict, match="no longer exists"):
		api.correct_text(call, following, "Hello")
	assert EditConflict.http_status_code == 409


def test_of_two_who_save_at_once_one_is_told(people, committed, web):
	owner = people["owner"]
	call = committed("Call", factories.call(owner))
	frappe.db.commit()
	segment, before = name_at(call, 1), texts(call)[1]
	clients = [web(owner), web(owner)]
	start = threading.Barrier(2)

	def save(number):
		start.wait()
		return clients[number].post(
			"/api/method/call_intelligence.api.transcript.correct_text",
			data={"call": call, "segment": segment, "text": f"Version {number}", "before": before},
		)

	with ThreadPoolExecutor(2) as pool:
		answers = list(pool.map(save, range(2)))
	assert sorted(answer.status_code for answer in answers) == [200, 409]
	winner = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
	frappe.db.rollback()
	assert texts(call)[1] == f"Version {winner}"
	assert f"Version {winner}" in answers[1 - winner].text
	assert on_recording(call, "transcript_version") == 1


def test_the_answer_tells_what_others_have_done_meanwhile(people, committed, web):
	owner = people["owner"]
	call = committed("Call", factories.call(owner))
	frappe.db.commit()
	# from here on plain reads show this snapshot
	first, second = name_at(call, 0), name_at(call, 1)
	other = web(owner)
	for method, values in (
		("rename_speaker", {"speaker": "S2", "name": "Sarah"}),
		("correct_text", {"segment": first, "text": "From elsewhere"}),
	):
		url = f"/api/method/call_intelligence.api.transcript.{method}"
		assert other.post(url, data={"call": call, **values}).status_code == 200
	assert transcript.speaker_names(call)["S2"] == "Speaker 2"
	answer = api.correct_text(call, second, "From here")
	assert [row["name"] for row in answer["speakers"]] == ["Speaker 1", "Sarah"]
	assert answer["edits"] == {"count": 3, "segments": [first, second]}
	frappe.db.rollback()


def test_nothing_is_edited_while_the_call_is_processed(call):
	run = frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": call,
			"recording": transcript.recording_of(call),
			"status": "Running",
		}
	).insert(ignore_permissions=True)
	with pytest.raises(EditConflict, match="being processed"):
		api.correct_text(call, name_at(call, 0), "Hello")
	run.db_set("status", "Succeeded")
	assert api.correct_text(call, name_at(call, 0), "Hello")["edit"]


def test_a_call_without_a_recording_says_so(people):
	call = factories.call(people["owner"], transcript=())
	with pytest.raises(frappe.ValidationError, match="no recording"):
		api.correct_text(call, "none", "Hello")


# ------------------------------------------------------------------------------------------- speakers


def test_an_utterance_is_given_to_the_other_speaker(call):
	before = talk(call)
	answer = api.set_speaker(call, name_at(call, 1), "S1", before="S2")
	assert keys(call) == ["S1", "S1", "S1", "S2"]
	assert talk(call) == {"S1": 11.4, "S2": 1.8} != before
	assert [row["talk_share"] for row in answer["speakers"]] == pytest.approx([86.36, 13.64], abs=0.01)


def test_a_voice_that_was_missed_gets_a_key_of_its_own(call):
	api.set_speaker(call, name_at(call, 1), "new")
	assert keys(call) == ["S1", "S3", "S1", "S2"]
	assert [row["name"] for row in transcript.speakers(call)] == ["Speaker 1", "Speaker 2", "Speaker 3"]


def test_a_voice_that_says_nothing_any_more_goes_unless_it_has_a_name(call):
	api.rename_speaker(call, "S2", "Sarah")
	for index in (1, 3):
		api.set_speaker(call, name_at(call, index), "new" if index == 1 else "S3")
	assert [(row["key"], row["talk_seconds"]) for row in transcript.speakers(call)] == [
		("S1", 7.9),
		("S2", 0),
		("S3", 5.3),
	]
	for index in (1, 3):
		api.set_speaker(call, name_at(call, index), "unknown")
	assert [row["key"] for row in transcript.speakers(call)] == ["S1", "S2"]


def test_a_side_that_somebody_has_set_is_there_when_the_voice_comes_back(call):
	voice = frappe.db.get_value("Call Participant", {"parent": call, "speaker_key": "S2"})
	participants.set_side(call, voice, "Customer")
	api.set_speaker(call, name_at(call, 3), "S1")
	api.set_speaker(call, name_at(call, 1), "S1")
	api.restore(call, last_edit(call))
	assert frappe.db.get_value("Call Participant", voice, ["speaker_key", "side"]) == ("S2", "Customer")


def test_a_speaker_that_the_call_does_not_have(call):
	with pytest.raises(frappe.ValidationError, match="no speaker S9"):
		api.set_speaker(call, name_at(call, 0), "S9")


def test_a_speaker_is_named_once_for_the_whole_call(call):
	answer = api.rename_speaker(call, "S1", "  Daniel \n Owner ", before="Speaker 1")
	assert [row["name"] for row in answer["speakers"]] == ["Daniel Owner", "Speaker 2"]
	row = frappe.db.get_value(
		"Call Participant", {"parent": call, "speaker_key": "S1"}, ["display_name", "matched_by"]
	)
	assert row == ("Daniel Owner", "By hand")
	api.rename_speaker(call, "S1", "")
	assert transcript.speaker_names(call)["S1"] == "Speaker 1"
	with pytest.raises(frappe.ValidationError, match="cannot be given a name"):
		api.rename_speaker(call, "unknown", "Nobody")
	with pytest.raises(frappe.ValidationError, match="at most"):
		api.rename_speaker(call, "S1", "x" * 141)


def test_a_name_holds_no_markup(call):
	with pytest.raises(frappe.ValidationError, match="cannot contain"):
		api.rename_speaker(call, "S2", "<img src=x onerror=alert(1)>")
	assert transcript.speaker_names(call)["S2"] == "Speaker 2"


def test_a_form_that_is_open_does_not_take_the_name_back(call):
	opened = frappe.get_doc("Call", call)
	api.rename_speaker(call, "S1", "Daniel")
	opened.title = "Another"
	with pytest.raises(frappe.TimestampMismatchError):
		opened.save()
	assert transcript.speaker_names(call)["S1"] == "Daniel"


def test_a_voice_without_a_participant_can_be_edited_as_well(call):
	frappe.db.delete("Call Participant", {"parent": call, "speaker_key": "S2"})
	api.set_speaker(call, name_at(call, 0), "S2")
	frappe.db.delete("Call Participant", {"parent": call, "speaker_key": "S2"})
	api.rename_speaker(call, "S2", "Sarah")
	assert transcript.speaker_names(call)["S2"] == "Sarah"
	frappe.db.delete("Call Participant", {"parent": call, "speaker_key": "S2"})
	api.merge_speakers(call, "S1", "S2")
	assert set(keys(call)) == {"S2"}


def test_two_speakers_become_one(call):
	api.rename_speaker(call, "S2", "Sarah")
	api.merge_speakers(call, "S2", "S1")
	assert set(keys(call)) == {"S1"}
	assert [(row["key"], row["name"], row["talk_share"]) for row in transcript.speakers(call)] == [
		("S1", "Sarah", 100)
	]
	for pair in (("S1", "S1"), ("S1", "unknown"), ("S1", "S9"), ("S9", "S1")):
		with pytest.raises(frappe.ValidationError, match="two different"):
			api.merge_speakers(call, *pair)


def test_who_took_part_sees_the_call_also_after_a_merge(people, call):
	row = {"parent": call, "speaker_key": "S2"}
	frappe.db.set_value("Call Participant", row, {"party_type": "User", "party": people["participant"]})
	api.rename_speaker(call, "S1", "Daniel")
	api.merge_speakers(call, "S2", "S1")
	assert transcript.speaker_names(call) == {"S1": "Daniel"}
	assert frappe.db.exists("Call Participant", {"parent": call, "party": people["participant"]})


# ------------------------------------------------------------------------------------------- split and merge


def test_an_utterance_is_split_and_merged_again(call):
	before = segments(call)
	api.split(call, before[1][0], 4, before[1][4])
	after = segments(call)
	assert texts(call) == [TEXTS[0], "I have a question", "about the premium plan.", *TEXTS[2:]]
	assert positions(call) == [0, 1, 2, 3, 4]
	first, second = after[1], after[2]
	assert first[5] + second[5] == before[1][5]
	assert (first[1], first[2], second[1], second[2]) == (
		before[1][1],
		first[5][-1][1],
		second[5][0][0],
		before[1][2],
	)
	api.merge(call, first[0], following=second[0])
	assert segments(call) == before
	assert positions(call) == [0, 1, 2, 3]


@pytest.mark.parametrize("word", [-1, 0, 8, 99])
def test_nothing_to_split(call, word):
	with pytest.raises(frappe.ValidationError, match="between two of its words"):
		api.split(call, name_at(call, 1), word)


def test_the_second_half_lies_where_it_begins(people):
	"""On two channels the other speaker may say something in between."""
	call = factories.call(
		people["owner"], transcript=[("S1", 0, 8, "one two three four"), ("S2", 1, 2, "mhm")]
	)
	api.split(call, name_at(call, 0), 2)
	assert texts(call) == ["one two", "mhm", "three four"]
	assert positions(call) == [0, 1, 2]


def test_a_merged_utterance_has_the_first_ones_speaker(call):
	api.merge(call, name_at(call, 0))
	assert (keys(call), positions(call)) == (["S1", "S1", "S2"], [0, 1, 2])
	assert texts(call)[0] == f"{TEXTS[0]} {TEXTS[1]}"
	assert talk(call) == {"S1": 12.0, "S2": 1.8}


def test_the_last_one_has_no_next_and_channels_are_not_mixed(call):
	with pytest.raises(frappe.ValidationError, match="There is no later utterance"):
		api.merge(call, name_at(call, 3))
	frappe.db.set_value("Transcript Segment", name_at(call, 1), "channel", 1)
	with pytest.raises(frappe.ValidationError, match="There is no later utterance"):
		api.merge(call, name_at(call, 1))
	with pytest.raises(frappe.ValidationError, match="different channels"):
		api.merge(call, name_at(call, 0), following=name_at(call, 1))


def test_on_two_channels_the_next_is_the_next_of_its_own(call):
	for index in (1, 3):
		frappe.db.set_value("Transcript Segment", name_at(call, index), "channel", 1)
	before = segments(call)
	assert [row[6:] for row in before] == [[], [1], [], [1]]
	answer = api.merge(call, before[0][0], following=before[2][0])
	assert texts(call) == [f"{TEXTS[0]} {TEXTS[2]}", TEXTS[1], TEXTS[3]]
	assert positions(call) == [0, 1, 2]
	assert answer["removed"] == [before[2][0]]
	assert answer["segments"] == [[0, segments(call)[0]]]
	answer = api.merge(call, before[1][0], following=before[3][0])
	assert answer["segments"] == [[1, segments(call)[1]]]
	assert segments(call)[1][6] == 1
	for edit in [row["name"] for row in api.history(call)]:
		api.restore(call, edit)
	assert segments(call) == before
	assert positions(call) == [0, 1, 2, 3]


# ------------------------------------------------------------------------------------------- history


def test_the_history_says_who_when_and_what(call, people, as_user):
	api.correct_text(call, name_at(call, 1), "Other words.")
	with as_user(people["manager"]):
		api.rename_speaker(call, "S2", "Sarah")
		api.set_speaker(call, name_at(call, 1), "S1")
	speaker, name, text = api.history(call)
	assert [row["action"] for row in (speaker, name, text)] == ["Speaker", "Rename speaker", "Text"]
	assert [row["user"] for row in (speaker, name, text)] == [
		people["manager"],
		people["manager"],
		people["owner"],
	]
	assert text["before"] == [{"text": TEXTS[1], "speaker": "Speaker 2"}]
	assert text["after"] == [{"text": "Other words.", "speaker": "Speaker 2"}]
	assert (name["before"], name["after"]) == (
		[{"text": None, "speaker": "Speaker 2"}],
		[{"text": None, "speaker": "Sarah"}],
	)
	assert (speaker["before"][0]["speaker"], speaker["after"][0]["speaker"]) == ("Sarah", "Speaker 1")
	assert text["at"] == 4.6 and not text["restored"]


def everything(call):
	"""Everything shown to users, and internal data"""
	rows = frappe.get_all(
		"Transcript Segment",
		filters={"call": call},
		fields=["*"],
		order_by="position",
	)
	left_out = ("modified", "modified_by", "creation", "owner")
	people = frappe.get_all(
		"Call Participant",
		filters={"parent": call},
		fields=["speaker_key", "display_name", "talk_seconds", "matched_by"],
		order_by="speaker_key",
	)
	return [{key: row[key] for key in row if key not in left_out} for row in rows], people


def correct(call):
	api.correct_text(call, name_at(call, 1), "Quite other words about it.")


def give(call):
	api.set_speaker(call, name_at(call, 1), "S1")


def give_to_new(call):
	api.set_speaker(call, name_at(call, 1), "new")


def split(call):
	api.split(call, name_at(call, 1), 3)


def merge(call):
	api.merge(call, name_at(call, 1))


def rename(call):
	api.rename_speaker(call, "S2", "Sarah")


def merge_people(call):
	api.merge_speakers(call, "S2", "S1")


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("edit", [correct, give, give_to_new, split, merge, rename, merge_people])
def test_each_edit_can_be_taken_back_and_done_again(call, edit, named):
	with_turns(call)
	# talk figures as computed by edits
	api.set_speaker(call, name_at(call, 3), "S1")
	api.set_speaker(call, name_at(call, 3), "S2")
	if named:
		api.rename_speaker(call, "S2", "Someone")
	before = everything(call)
	edit(call)
	after = everything(call)
	assert after != before
	first = last_edit(call)
	api.restore(call, first)
	assert everything(call) == before
	assert [row["restored"] for row in api.history(call)[:2]] == [False, True]
	if edit is not merge_people:
		api.restore(call, last_edit(call))
		assert everything(call) == after


def test_an_older_wording_comes_back_and_the_speaker_stays(call):
	segment = name_at(call, 1)
	api.correct_text(call, segment, "First correction.")
	first = last_edit(call)
	api.set_speaker(call, segment, "S1")
	api.correct_text(call, segment, "Second correction.")
	api.restore(call, first)
	assert (texts(call)[1], keys(call)[1]) == (TEXTS[1], "S1")
	assert api.restore(call, first)["edit"] is None


def test_what_was_split_since_is_not_overwritten(call):
	segment = name_at(call, 1)
	api.correct_text(call, segment, "One two three four five.")
	text = last_edit(call)
	api.split(call, segment, 2)
	split_edit = last_edit(call)
	with pytest.raises(EditConflict, match="newer changes first"):
		api.restore(call, text)
	api.correct_text(call, segment, "One too")
	with pytest.raises(EditConflict, match="newer changes first"):
		api.restore(call, split_edit)
	for edit in (last_edit(call), split_edit, text):
		api.restore(call, edit)
	assert texts(call) == TEXTS


def now_of(call, edit):
	return next(row["now"] for row in api.history(call) if row["name"] == edit)


@pytest.mark.parametrize("named", ["Text", "Speaker", "Rename speaker"])
def test_what_somebody_changed_since_the_history_was_opened_is_not_overwritten(call, named):
	segment = name_at(call, 1)
	make = {
		"Text": lambda value: api.correct_text(call, segment, value),
		"Speaker": lambda value: api.set_speaker(call, segment, "S1" if value == "Mine" else "new"),
		"Rename speaker": lambda value: api.rename_speaker(call, "S2", value),
	}[named]
	make("Mine")
	edit = last_edit(call)
	seen = now_of(call, edit)
	make("Theirs")
	before = everything(call)
	with pytest.raises(EditConflict, match=r"It now reads: (Theirs|Speaker 3)"):
		api.restore(call, edit, before=seen)
	assert everything(call) == before
	# a user who has seen the newer one may go back beyond it
	assert api.restore(call, edit, before=now_of(call, edit))["edit"]
	assert (texts(call)[1], keys(call)[1], transcript.speaker_names(call)["S2"]) == (
		TEXTS[1],
		"S2",
		"Speaker 2",
	)


@pytest.mark.parametrize("edit", [split, merge])
def test_who_speaks_since_a_split_or_a_merge_is_not_overwritten(call, edit):
	edit(call)
	limits = last_edit(call)
	api.set_speaker(call, name_at(call, 1), "S1")
	with pytest.raises(EditConflict, match="newer changes first"):
		api.restore(call, limits)
	api.restore(call, last_edit(call))
	api.restore(call, limits)
	assert (texts(call), keys(call)) == (TEXTS, ["S1", "S2", "S1", "S2"])


@pytest.mark.parametrize("edit", [give_to_new, split, merge])
@pytest.mark.parametrize("turns", [False, True])
def test_merged_speakers_do_not_come_back_with_older_edits(call, edit, turns):
	if turns:
		with_turns(call)
	edit(call)
	older = last_edit(call)
	api.merge_speakers(call, "S2", "S1")
	api.restore(call, older)
	assert set(keys(call)) == {"S1"}
	assert texts(call) == TEXTS
	assert [row["key"] for row in transcript.speakers(call)] == ["S1"]
	by_hand = frappe.get_all("Transcript Segment", filters={"call": call}, pluck="speaker_edited")
	if not turns:
		assert sum(by_hand) >= 1


def test_merged_speakers_that_were_told_apart_again_come_back(call):
	give_to_new(call)
	older = last_edit(call)
	api.merge_speakers(call, "S2", "S1")
	api.restore(call, last_edit(call))
	api.restore(call, older)
	assert keys(call) == ["S1", "S2", "S1", "S2"]


def test_speakers_told_apart_again_become_one_again(call):
	api.merge_speakers(call, "S2", "S1")
	api.restore(call, last_edit(call))
	assert set(keys(call)) == {"S1", "S2"}
	api.restore(call, last_edit(call))
	assert set(keys(call)) == {"S1"}


def test_a_merged_speaker_whose_heir_is_gone_is_not_brought_back(call):
	give_to_new(call)
	older = last_edit(call)
	api.merge_speakers(call, "S2", "S1")
	for index in (0, 2, 3):
		api.set_speaker(call, name_at(call, index), "S3")
	assert [row["key"] for row in transcript.speakers(call)] == ["S3"]
	with pytest.raises(EditConflict, match="no longer in the transcript"):
		api.restore(call, older)
	assert set(keys(call)) == {"S3"}


def test_speakers_of_another_diarization_do_not_come_back(call):
	api.set_speaker(call, name_at(call, 1), "S1")
	frappe.get_doc(
		{
			"doctype": "Processing Run",
			"call": call,
			"recording": transcript.recording_of(call),
			"status": "Succeeded",
			"finished_at": now_datetime() + timedelta(seconds=1),
		}
	).insert(ignore_permissions=True)
	with pytest.raises(EditConflict, match="processed again"):
		api.restore(call, last_edit(call))


def test_edits_of_other_calls_are_not_restored_here(call, people):
	other = factories.call(people["owner"])
	api.correct_text(other, name_at(other, 0), "Hello")
	with pytest.raises(frappe.ValidationError, match="no longer exists"):
		api.restore(call, last_edit(other))


def test_the_history_goes_with_the_call(call, people, as_user):
	api.correct_text(call, name_at(call, 0), "Secret words")
	with as_user(people["manager"]):
		frappe.delete_doc("Call", call)
	assert not frappe.db.exists("Transcript Edit", {"call": call})
	assert not frappe.db.exists("Deleted Document", {"data": ["like", "%Secret words%"]})
