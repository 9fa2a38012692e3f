"""Processes recordings in the background. Jobs take a recording from stage to stage, analyse transcripts again after a change, and
sweep for lost work. Jobs of one feature are in `jobs.py` of that feature's room.

In come names of documents; permission was checked before the job was queued. Callers: the queue and the scheduler, by name.
"""
