"""The CRM records that a call belongs to. Links (`linking.py`), suggestions (`suggestions.py`), and when a link may be made automatically
although it shows the call to more people (`trust.py`). `readable_names.py` and `record_names.py` hide names of records from users who may
not read these records. `announcements.py` announces calls in the activity of records, `conversions.py` follows converted leads,
`record_calls.py` lists the calls of a record, `mapping.py` is the part of the settings; `jobs.py` has the background jobs.

Takes Calls and (DocType, name); `linking.check_association` checks records named in a request. Any room above may call it.
"""
