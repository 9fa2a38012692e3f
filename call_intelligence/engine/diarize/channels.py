"""One speaker per channel: turns are where the voice detector found speech on a channel (after the dominance gate) that has words
or a gap."""

from ..types import Speaker, Turn, Turns

BREATH = 0.5  # seconds; shorter pauses don't end a turn


def by_channels(words: dict) -> Turns:
	"""words: as in words.json -> speaker S1 on channel 0 and S2 on channel 1"""
	turns, speakers = [], []
	for channel in (0, 1):
		said = [(w["start"] + w["end"]) / 2 for w in words["words"] if w["channel"] == channel]
		said += [(start + end) / 2 for start, end, where in words.get("gaps", []) if where == channel]
		speaker = Speaker(f"S{channel + 1}", channel)
		last = None
		for start, end, where in words["speech"]:
			if where != channel or not any(start - 0.2 <= at <= end + 0.2 for at in said):
				continue
			if last and start - last.end < BREATH:
				last.end = max(last.end, end)
			else:
				last = Turn(start, end, speaker.key)
				turns.append(last)
		speaker.talk_seconds = sum(turn.end - turn.start for turn in turns if turn.speaker == speaker.key)
		speakers.append(speaker)
	turns.sort(key=lambda turn: turn.start)
	return Turns("channels", turns, speakers)
