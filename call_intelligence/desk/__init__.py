"""Data for Desk's pages: cards on the timeline of CRM records, and boot information for its scripts.

In comes the record or the session that Frappe's hooks name; cards only show calls that the session's user may see.
Callers: Frappe's hooks.
"""
