"""Every word gets a speaker; utterances are divided for readers."""

from call_intelligence.engine.align import align
from call_intelligence.engine.types import UNKNOWN, Gap, Speaker, Turn, Turns, Word


def spoken(text, start=0.0, each=0.3, channel=0, gap=0.05):
	"""Words of `text` with equal durations; "|" is a pause of 1.5 seconds."""
	words, at = [], start
	for part in text.split():
		if part == "|":
			at += 1.5
			continue
		words.append(Word(round(at, 2), round(at + each, 2), part, 0.9, channel))
		at += each + gap
	return words


def pyannote(*turns):
	keys = sorted({speaker for _, _, speaker in turns})
	return Turns("pyannote", [Turn(*turn) for turn in turns], [Speaker(key) for key in keys])


CHANNELS = Turns("channels", [], [Speaker("S1", 0), Speaker("S2", 1)])
SINGLE = Turns("single", [], [Speaker("S1")])


def said(utterances):
	return [(utterance.speaker, utterance.text) for utterance in utterances]


def test_words_go_to_the_speaker_whose_turn_covers_them():
	words = spoken("How are you?") + spoken("Fine, thanks.", start=2.0)
	assert said(align(words, pyannote((0, 1.2, "S1"), (1.9, 3, "S2")))) == [
		("S1", "How are you?"),
		("S2", "Fine, thanks."),
	]


def test_a_word_beside_a_turn_belongs_to_it_and_one_far_from_all_is_unknown():
	words = [Word(0.0, 0.3, "Yes.", 0.9), Word(5.0, 5.4, "Hm.", 0.4)]
	assert said(align(words, pyannote((0.6, 2.0, "S1")))) == [("S1", "Yes."), (UNKNOWN, "Hm.")]


def test_no_words_and_no_turns():
	assert align([], pyannote()) == []
	assert said(align(spoken("Hello."), pyannote())) == [(UNKNOWN, "Hello.")]
	assert said(align(spoken("Hello."), SINGLE)) == [("S1", "Hello.")]


def test_a_change_seen_early_or_late_moves_to_the_end_of_the_sentence():
	words = spoken("How can I help you today? Hi Daniel, this is Sarah.")
	change = words[5].end  # the true one
	expected = [("S1", "How can I help you today?"), ("S2", "Hi Daniel, this is Sarah.")]
	for error in (-0.4, -0.2, 0.0, 0.2, 0.4):
		turns = pyannote((0.0, change + error, "S1"), (change + error, 9.0, "S2"))
		assert said(align(words, turns)) == expected, error


def test_a_single_word_in_the_middle_of_a_sentence_does_not_change_hands():
	words = spoken("we ordered new water pumps for our greenhouse")
	turns = pyannote((0, words[3].start, "S1"), (words[3].start, words[3].end, "S2"), (words[3].end, 9, "S1"))
	assert said(align(words, turns)) == [("S1", "we ordered new water pumps for our greenhouse")]


def test_a_short_answer_between_sentences_stays():
	words = spoken("Shall we start?") + spoken("Yes.", start=1.5) + spoken("Then let us begin.", start=2.2)
	turns = pyannote((0, 1.2, "S1"), (1.4, 1.9, "S2"), (2.1, 4, "S1"))
	assert said(align(words, turns)) == [
		("S1", "Shall we start?"),
		("S2", "Yes."),
		("S1", "Then let us begin."),
	]


def test_a_pause_begins_a_new_utterance():
	assert said(align(spoken("One thing. | Another thing."), SINGLE)) == [
		("S1", "One thing."),
		("S1", "Another thing."),
	]


def test_long_monologues_are_cut_at_sentences():
	sentence = "this is what we do every single day. "
	utterances = align(spoken(sentence * 40, gap=0.02), SINGLE)
	assert len(utterances) > 4
	assert all(utterance.end - utterance.start < 30 for utterance in utterances)
	assert all(utterance.text.endswith("day.") for utterance in utterances)


def test_without_punctuation_a_monologue_is_cut_all_the_same():
	utterances = align(spoken("word " * 600, gap=0.02), SINGLE)
	assert max(utterance.end - utterance.start for utterance in utterances) <= 46
	assert sum(len(utterance.words) for utterance in utterances) == 600


def test_channels_name_speakers_and_a_word_of_assent_does_not_cut_the_other():
	story = spoken("so we went to the customer and showed them the plan and they liked it.")
	assent = spoken("Mhm.", start=2.0, channel=1)
	utterances = align(sorted(story + assent, key=lambda word: word.start), CHANNELS)
	assert said(utterances) == [
		("S1", "so we went to the customer and showed them the plan and they liked it."),
		("S2", "Mhm."),
	]


def test_channels_cut_where_the_other_answers_in_a_breath():
	ask, more = spoken("Is it blue?"), spoken("And is it big?", start=1.9)
	answer = spoken("Yes.", start=1.2, channel=1)
	words = sorted(ask + answer + more, key=lambda word: word.start)
	assert said(align(words, CHANNELS)) == [("S1", "Is it blue?"), ("S2", "Yes."), ("S1", "And is it big?")]


def test_utterances_carry_their_words_and_their_mean_confidence():
	words = [Word(0.0, 0.4, "Hello", 1.0, 1), Word(0.5, 0.9, "there.", 0.5, 1)]
	(utterance,) = align(words, CHANNELS)
	assert (utterance.start, utterance.end, utterance.channel, utterance.confidence) == (0.0, 0.9, 1, 0.75)
	assert utterance.as_json()["words"] == [[0.0, 0.4, "Hello", 1.0], [0.5, 0.9, "there.", 0.5]]


def test_words_that_carry_no_blank_are_joined_without():
	words = spoken("用 Excel 做 表。 OK")
	words[1].glued = words[3].glued = True
	(utterance,) = align(words, SINGLE)
	assert utterance.text == "用Excel 做表。 OK"
	assert [len(word) for word in utterance.as_json()["words"]] == [4, 5, 4, 5, 4]


def test_another_language_is_another_utterance():
	words = spoken("Of course. Guten Tag.")
	for word in words[2:]:
		word.language = "de"
	utterances = align(words, SINGLE)
	assert [(u.text, u.language) for u in utterances] == [("Of course.", None), ("Guten Tag.", "de")]
	assert "language" not in utterances[0].as_json() and utterances[1].as_json()["language"] == "de"


def test_gaps_are_utterances_of_who_speaks_in_them():
	words = [Word(0.0, 0.4, "So", 0.9), Word(3.0, 3.4, "yes.", 0.9)]
	turns = pyannote((0, 1.0, "S1"), (1.0, 2.9, "S2"), (2.9, 3.5, "S1"))
	utterances = align(words, turns, [Gap(1.1, 2.8)])
	assert said(utterances) == [("S1", "So"), ("S2", ""), ("S1", "yes.")]
	assert utterances[1].as_json()["gap"] is True and utterances[1].as_json()["words"] == []


def test_a_gap_between_words_that_follow_closely_divides_them():
	words = [Word(0.0, 1.0, "So", 0.9), Word(1.8, 2.4, "yes.", 0.9)]
	assert len(align(words, SINGLE, [Gap(1.0, 1.8)])) == 3
	assert len(align(words, SINGLE)) == 1


def test_gaps_of_one_channel_divide_nothing_on_the_other():
	one = [Word(0.0, 1.0, "So", 0.9, 0), Word(1.4, 2.4, "yes.", 0.9, 0)]
	found = said(align(one, CHANNELS, [Gap(0.5, 1.4, 1)]))
	assert found == [("S1", "So yes."), ("S2", "")]


def test_every_word_is_in_exactly_one_utterance():
	words = spoken("a b c d. e f g h. | i j k l. m n o p.")
	turns = pyannote((0, 1.0, "S1"), (1.3, 2.2, "S2"), (2.4, 3.1, "S1"), (5.0, 5.2, "S2"))
	utterances = align(words, turns)
	assert sorted(w.text for u in utterances for w in u.words) == sorted(w.text for w in words)


def test_a_word_in_an_unsure_turn_is_unknown_unless_it_touches_a_speakers_turn():
	words = spoken("So. | Yes. | Right then.", each=0.4, gap=0.0)
	turns = pyannote((0, 0.5, "S1"), (1.9, 2.3, UNKNOWN), (3.8, 4.0, UNKNOWN), (4.0, 4.6, "S2"))
	assert said(align(words, turns)) == [("S1", "So."), (UNKNOWN, "Yes."), ("S2", "Right then.")]
