"""Queries that are safe to build from a request. Names that are looked up in the meta (`known.py`), bound values (`sql.py`), and
asking another app as the person that it is about (`persons.py`).

Any room may call it. It knows Frappe, and nothing of calls.
"""
