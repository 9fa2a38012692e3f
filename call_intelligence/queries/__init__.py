"""Queries that are safe to build from a request. Names are looked up in the meta (`known.py`), values are bound (`sql.py`), and
permissions of other users are checked (`persons.py`).

Any room may call it. Except for `record_names.py` it is independent of calls.
"""
