"""The functions that a request may call. Each checks the user's permission, calls one room below and returns its answer.

In comes the input of a browser or an integration; `arguments.py` limits it (`@checked`) before anything is read or parsed.
`doors.py`, `generic.py`, `overrides.py` and `search.py` replace functions of Frappe. `panels/` assembles parts of pages that
need several rooms.
Callers: requests, and `desk`. No other room imports a function from here.
"""
