"""Ingests recordings: a file and its details become a Call with a Call Recording. `create_call` is the only way to create one.

In come unchecked details from uploads, REST and the command line; `details.py` checks them, `proposals.py` reads a file's name.
Callers: `api`, `commands`.
"""
