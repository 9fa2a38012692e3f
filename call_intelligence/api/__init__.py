"""The functions that a request may call. Each checks who asks, calls one room below and returns what that answers.

In comes what a browser or an integration has sent; `arguments.py` bounds it (`@checked`) before anything is read or parsed.
`doors.py`, `generic.py`, `overrides.py` and `search.py` stand in front of functions of Frappe's own. `panels/` puts together what one
part of the review shows where several rooms are needed for it.
Callers: requests, and `desk`. No other room imports a function from here.
"""
