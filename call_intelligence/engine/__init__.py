"""Speech to text to speakers, without Frappe. Also a command: python -m call_intelligence.engine FILE

The package itself imports nothing. What other rooms import needs only the standard library (ARCHITECTURE.md lists it), the rest
needs the engine environment (see environment.py).
"""
