"""Trims a transcript, a waveform and comments to a part of a call, with times from the part's start.

Pure functions; seconds throughout. A part includes its start and excludes its end.
"""

import base64

from call_intelligence.engine.spacing import joined

TIMES = 3  # digits


def segments(rows: list[list], start: float, end: float) -> list[list]:
	"""rows: see transcript.segments -> the same for the part, with times from 0.

	A word belongs to the part that contains its middle. The text of an utterance that is cut consists of the remaining words; an
	utterance without times of its words is included only if it is entirely within the part.
	"""
	found = []
	for name, since, until, speaker, text, words, *channel in rows:
		inside = start <= since and until <= end
		if not words:
			if inside:
				found.append(
					[name, _on(since, start, end), _on(until, start, end), speaker, text, [], *channel]
				)
			continue
		kept = [word for word in words if start <= (word[0] + word[1]) / 2 < end]
		if not kept:
			continue
		if not inside or len(kept) < len(words):
			text = joined(kept)
			since, until = min(word[0] for word in kept), max(word[1] for word in kept)
		kept = [[_on(word[0], start, end), _on(word[1], start, end), *word[2:]] for word in kept]
		found.append([name, _on(since, start, end), _on(until, start, end), speaker, text, kept, *channel])
	return found


def _on(time: float, start: float, end: float) -> float:
	"""A time of the call, relative to the part's start"""
	return round(min(max(time, start), end) - start, TIMES)


def peaks(found: dict | None, start: float, end: float) -> dict | None:
	"""{"per_second", "count", "data": base64 of int8 0..127} -> the same for the part, None if there are none.

	A value that also covers time outside the part is replaced by its neighbour inside.
	"""
	if not found or not found.get("per_second"):
		return None
	values, rate = base64.b64decode(found["data"]), found["per_second"]
	# rounded, or a limit at 3.3 s would fall slightly beside the boundary of two values
	first, last = round(start * rate, 6), round(min(end, len(values) / rate) * rate, 6)
	within = values[_up(first) : int(last)]
	if within:
		before, after = _up(first) - int(first), _up(last) - int(last)
		within = within[:1] * before + within + within[-1:] * after
	return {"per_second": rate, "count": len(within), "data": base64.b64encode(within).decode()}


def _up(number: float) -> int:
	return -int(-number // 1)


def comments(rows: list[dict], start: float, end: float) -> list[dict]:
	"""rows: see comments.describe -> those at a moment of the part, and the replies to them, with times from 0"""
	threads = {row["name"] for row in rows if row["at"] is not None and start <= row["at"] < end}
	return [
		{**row, "at": None if row["at"] is None else _on(row["at"], start, end)}
		for row in rows
		if row["name"] in threads or row["reply_to"] in threads
	]
