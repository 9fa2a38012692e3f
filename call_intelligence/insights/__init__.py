"""Data derived from a transcript. The preview on the timeline, statistics and mentions of tracked terms are computed together after the
last stage, after an edit and when sides change.

Takes a Call with its Call Recording. Callers: `jobs`, `people`, Call.
"""
