"""What is told about a transcript. The preview on the timeline, statistics and tracked terms are made together after the
last stage, after a correction and when sides change.

In comes a Call with its Call Recording. Callers: `jobs`, `people`, Call.
"""
