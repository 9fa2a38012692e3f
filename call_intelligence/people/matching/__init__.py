"""Finds CRM records by e-mail addresses and phone numbers: `phones.py` and `addresses.py` parse them, `find.py` looks them up,
`apply.py` links a call, `later.py` links earlier calls to a record that is saved later (`jobs.py`, in the background).
"""
