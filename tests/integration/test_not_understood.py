"""Speech that was not understood is a gap in the transcript, until a user types it; and words in other languages."""

import frappe
import pytest

from call_intelligence import transcript
from call_intelligence.api import calls, review
from call_intelligence.api import transcript as api
from call_intelligence.clips import trim
from call_intelligence.engine.stats import measure
from call_intelligence.insights import analysis
from call_intelligence.speech import messages, workfiles
from call_intelligence.transcript.reading import read_transcript
from tests import factories
from tests.integration.transcripts import last_edit, name_at, on_recording, segments, texts

SPOKEN = [
	("S1", 0.5, 4.0, "Thank you for calling."),
	("S2", 4.6, 14.6, ""),
	("S1", 15.0, 18.0, "Guten Tag.", "de"),
	("S2", 18.5, 20.0, "价格是 Excel 吗？", "zh"),
]


@pytest.fixture
def call(people):
	return factories.call(people["owner"], transcript=SPOKEN)


@pytest.fixture(autouse=True)
def as_owner(people, as_user, call):
	with as_user(people["owner"]):
		yield


def downloaded(call, format):
	return calls.transcript(call, format).get_data(as_text=True)


def test_the_review_has_gaps_and_languages(call):
	rows = review.get(call)["segments"]
	assert [(row[4], row[5] == []) for row in rows[:2]] == [("Thank you for calling.", False), ("", True)]
	assert [row[7:] for row in rows] == [[], [], ["de"], ["zh"]]


def test_it_is_told_in_texts_and_left_out_of_subtitles(call):
	assert "[0:04] Speaker 2: (not understood)" in downloaded(call, "txt")
	for format in ("vtt", "srt"):
		file = downloaded(call, format)
		assert file.count("-->") == 3
		assert "价格是 Excel 吗？" in file
	rows = calls.transcript(call)["utterances"]
	assert [row.get("gap") for row in rows] == [None, True, None, None]
	assert [row.get("language") for row in rows] == [None, None, "de", "zh"]


def test_it_is_speech_in_the_statistics(call):
	reading = read_transcript(call, transcript.recording_of(call))
	figures = measure(reading.segments, reading.duration, reading.sides)
	speakers = {speaker.key: speaker for speaker in figures.speakers}
	assert figures.speech_seconds == pytest.approx(3.5 + 10 + 3 + 1.5)
	assert speakers["S2"].talk.value == pytest.approx(11.5)


def test_the_preview_begins_with_words(call):
	frappe.set_user("Administrator")
	analysis.store_preview(read_transcript(call, transcript.recording_of(call)))
	preview = frappe.parse_json(frappe.db.get_value("Call", call, "preview"))
	assert [row["text"] for row in preview][:2] == ["Thank you for calling.", "Guten Tag."]


def test_somebody_types_it_and_takes_it_back(call):
	api.correct_text(call, name_at(call, 1), "I have a question.", before="")
	row = segments(call)[1]
	assert row[4] == "I have a question."
	assert [word[2] for word in row[5]] == ["I", "have", "a", "question."]
	assert (row[5][0][0], row[5][-1][1]) == (4.6, 14.6)
	api.restore(call, last_edit(call))
	assert segments(call)[1][4:6] == ["", []]


def test_it_may_be_merged_and_has_no_words_to_be_split_at(call):
	with pytest.raises(frappe.ValidationError, match="split between two of its words"):
		api.split(call, name_at(call, 1), 1)
	api.merge(call, name_at(call, 1))
	assert texts(call) == ["Thank you for calling.", "Guten Tag.", "价格是 Excel 吗？"]


def test_a_part_of_the_call_has_the_gaps_that_lie_in_it(call):
	rows = transcript.segments(transcript.recording_of(call))
	assert [row[4] for row in trim.segments(rows, 4.0, 15.0)] == [""]
	assert trim.segments(rows, 6.0, 14.0) == []


def test_the_words_file_is_made_again_with_gaps_languages_and_spacing(call):
	recording = transcript.recording_of(call)
	workfiles.restore_words(recording)
	try:
		found = workfiles.read(recording, "words.json")
	finally:
		workfiles.remove(recording)
	assert found["gaps"] == [[4.6, 14.6, 0]]
	assert [4.6, 14.6, 0] in found["speech"]
	assert {word["language"] for word in found["words"]} == {None, "de", "zh"}
	assert [word["text"] for word in found["words"] if word["glued"]] == ["格", "是", "？"]


def test_how_much_was_not_understood_is_said():
	one = messages.warning_text("not_understood", {"seconds": 9.6, "places": 1})
	assert one.startswith("10 s of speech could not be understood. The place is marked")
	more = messages.warning_text("not_understood", {"seconds": 75, "places": 3})
	assert more.startswith("1 min 15 s of speech in 3 places could not be understood")


def test_another_language_than_the_chosen_one_is_said():
	text = messages.warning_text("other_language", {"seconds": 40, "language": "de", "taken_for": "en"})
	assert text.startswith("About 40 s of this call sounds like German but was written down as English.")


@pytest.mark.parametrize(("reader", "name"), [("pl", "niemiecki"), ("pt-BR", "alemão"), ("xx", "German")])
def test_languages_are_called_as_the_reader_calls_them(monkeypatch, reader, name):
	monkeypatch.setattr(frappe.local, "lang", reader)
	assert messages.language_name("de") == name
	assert messages.language_name("qqq") == "qqq"
	assert messages.language_name(None) == ""


def test_rates_are_said_as_people_write_them():
	assert "(8 kHz)" in messages.warning_text("low_sample_rate", {"rate": 8000})
	assert "(11 kHz)" in messages.warning_text("low_sample_rate", {"rate": 11025})
	assert "(7.35 kHz)" in messages.warning_text("low_sample_rate", {"rate": 7350})


def test_spacing_is_given_to_older_transcripts(call):
	from call_intelligence.patches import keep_spacing_of_words

	frappe.set_user("Administrator")
	frappe.db.set_value("Call Recording", {"call": call}, "language", "zh")
	name = name_at(call, 3)
	without = [word[:4] for word in segments(call)[3][5]]
	frappe.db.set_value("Transcript Segment", name, "words", frappe.as_json(without))
	keep_spacing_of_words.execute()
	assert "价格是 Excel 吗？" in downloaded(call, "vtt")
	assert [len(word) for word in segments(call)[3][5]] == [4, 5, 5, 4, 4, 5]
	assert on_recording(call, "language") == "zh"
