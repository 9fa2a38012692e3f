"""Transcripts of calls, how they are stored and locked.

segments.py  rows of utterances and speakers, for reviews and downloads    reading.py  a snapshot for figures and tracked terms
table.py     the table of segments, for edits and results    participant_rows.py  rows of Call Participant
locks.py     the order in which rows of a call are locked

Takes names of Calls and Call Recordings. Any room above may call it; it checks no permission.
"""

from call_intelligence.transcript.segments import (
	UNKNOWN_SPEAKER,
	by_key,
	has_segments,
	recording_of,
	segments,
	speaker_name,
	speaker_names,
	speakers,
	utterances,
	version,
)

__all__ = [
	"UNKNOWN_SPEAKER",
	"by_key",
	"has_segments",
	"recording_of",
	"segments",
	"speaker_name",
	"speaker_names",
	"speakers",
	"utterances",
	"version",
]
