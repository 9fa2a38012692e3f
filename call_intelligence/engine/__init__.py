"""Speech to text to speakers, without Frappe. Also a command: python -m call_intelligence.engine FILE

Importing this package imports nothing: containers, types, formats, align and environment work on the standard
library alone, the rest needs the engine environment (see environment.py).
"""
