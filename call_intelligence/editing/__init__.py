"""Edits of a transcript. Its text, its speakers, splitting and joining utterances; `versions.py` has the history.

Takes names of segments and the user's input; a session (`session.py`) locks the recording, writes the change and its history. When a
recording is processed again, `keep.py` and `voice_names.py` carry corrections and speakers' names over to the new transcript.
Callers: `api`, `people`, `jobs`, which have checked the permission.
"""
