"""Speech to text to speakers, without Frappe. Also a command: python -m call_intelligence.engine FILE

The package itself imports nothing. containers, types, formats, align and environment need only the standard library, the rest needs
the engine environment (see environment.py).
"""
