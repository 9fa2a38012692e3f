"""Names stay with their voices when speakers are identified again."""

from call_intelligence.editing import voice_names


def turns(*rows):
	return [{"speaker": speaker, "start": start, "end": end} for speaker, start, end in rows]


BEFORE = turns(("S1", 0, 10), ("S2", 10, 14), ("S1", 14, 20), ("S2", 20, 30))


def test_the_same_answer_again():
	assert voice_names.same_voices(BEFORE, BEFORE) == {"S1": "S1", "S2": "S2"}


def test_keys_that_changed_places():
	after = turns(("S2", 0, 10), ("S1", 10, 14), ("S2", 14, 20), ("S1", 20, 30))
	assert voice_names.same_voices(BEFORE, after) == {"S2": "S1", "S1": "S2"}


def test_two_voices_become_one():
	assert voice_names.same_voices(BEFORE, turns(("S1", 0, 30))) == {"S1": "S1"}


def test_one_voice_becomes_two():
	after = turns(("S1", 0, 20), ("S2", 20, 30))
	assert voice_names.same_voices(turns(("S1", 0, 30)), after) == {"S1": "S1"}


def test_what_is_unsure_has_no_name():
	after = turns(("S1", 0, 3), ("S2", 40, 50))
	assert voice_names.same_voices(turns(("S1", 2, 12)), after) == {}


def test_nothing_before():
	assert voice_names.same_voices([], BEFORE) == {}


# ------------------------------------------------------------------------------------------- edits by users


def found(**seconds):
	return {
		"speakers": [{"key": key, "talk_seconds": talk} for key, talk in seconds.items()],
		"utterances": [{"speaker": key, "text": key} for key in seconds],
	}


def merged(before, was, speaker):
	return [{**turn, "speaker": speaker, "was": was} if turn["speaker"] == was else turn for turn in before]


THREE = turns(("S1", 0, 10), ("S2", 10, 20), ("S3", 20, 25))


def test_merged_voices_are_merged_again():
	after = turns(("S2", 0, 10), ("S3", 10, 20), ("S1", 20, 25))
	named = voice_names.name_voices(
		found(S1=5, S2=10, S3=10), after, merged(THREE, "S3", "S1"), [], merged=True
	)
	assert named.same == {"S2": "S1", "S3": "S2"}
	assert [(row["key"], row["talk_seconds"]) for row in named.speakers] == [("S2", 15), ("S3", 10)]
	assert named.turns[2] == {"speaker": "S2", "was": "S1", "start": 20, "end": 25}
	assert [row["speaker"] for row in named.utterances] == ["S2", "S2", "S3"]
	# and again
	again = voice_names.name_voices(found(S1=10, S2=10, S3=5), THREE, named.turns, [], merged=True)
	assert again.same == {"S1": "S2", "S2": "S3"}
	assert len(again.speakers) == 2


def test_merged_voices_are_told_apart_again_when_that_is_asked_for():
	named = voice_names.name_voices(
		found(S1=10, S2=10, S3=5), THREE, merged(THREE, "S3", "S1"), [], merged=False
	)
	assert named.same == {"S1": "S1", "S2": "S2", "S3": "S3"}
	assert len(named.speakers) == 3
	assert not any("was" in turn for turn in named.turns)


def by_hand(speaker):
	return {"speaker": speaker, "speaker_edited": 1}


def test_speakers_set_by_hand_are_called_as_their_voices_are_now():
	after = turns(("S2", 0, 10), ("S1", 10, 14), ("S2", 14, 20), ("S1", 20, 30))
	named = voice_names.name_voices(
		found(S1=14, S2=16), after, BEFORE, [by_hand("S1"), by_hand("unknown")], merged=True
	)
	assert [row["speaker"] for row in named.edited] == ["S2", "unknown"]


def test_a_voice_that_only_people_hear_stays_and_gets_nobody_elses_key():
	edited = [by_hand("S2"), by_hand("S5"), {"speaker": "S7", "speaker_edited": 0}]
	named = voice_names.name_voices(
		found(S1=10, S2=20), turns(("S1", 0, 10), ("S2", 40, 60)), turns(("S1", 0, 10)), edited, merged=True
	)
	assert [row["speaker"] for row in named.edited] == ["S3", "S5", "S7"]
	assert named.same == {"S1": "S1", "S3": "S2", "S5": "S5"}
	assert [row["key"] for row in named.speakers] == ["S1", "S2", "S3", "S5"]
