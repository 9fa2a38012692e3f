"""Corrections of a transcript. Its text, its speakers, splitting and joining utterances; `versions.py` has the history.

In come names of segments and what somebody has typed; a session (`session.py`) locks the recording, writes and remembers. When a
recording is processed again, `keep.py` and `voice_names.py` bring corrections and speakers' names over to the new transcript.
Callers: `api`, `people`, `jobs`, which have checked the permission.
"""
