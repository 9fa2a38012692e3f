"""The way in of recordings: a file and what is said about it become a Call with its Call Recording. `create_call` is the only way.

In come details from uploads, REST and the command line, unchecked; `details.py` checks them, `proposals.py` reads a file's name.
Callers: `api`, `commands`.
"""
