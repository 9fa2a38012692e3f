"""The people of a call. Whose voice is whose, which side they are on, and which CRM records they are.

`recognition.py` decides what is certain, without the database; `automatic.py` stores the result; `by_hand.py` holds the decisions of
users, which always win. `matching/` finds records by e-mail addresses and phone numbers.
Takes Calls and participants; the callers (`api`, `ingest`, `jobs`, Call) have checked the permission.
"""
