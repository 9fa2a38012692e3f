"""The people of a call. Whose voice is whose, on which side they are, and which records of the CRM they are.

`recognition.py` decides what is sure, without the database; `automatic.py` writes that down; `by_hand.py` is what users decide, which
always wins. `matching/` finds records by e-mail addresses and phone numbers.
In come Calls and participants; the callers (`api`, `ingest`, `jobs`, Call) have checked the permission.
"""
