"""What Desk gets with its pages: cards on the timeline of CRM records, and what its scripts know from the start.

In come the record or the session that Frappe's hooks name; cards are made only of calls that the session's user may see.
Callers: Frappe's hooks.
"""
