"""The CRM records that a call belongs to. Links (`linking.py`), suggestions (`suggestions.py`), and when a link may be made automatically
although it shows the call to more people (`trust.py`). `readable_names.py` and `record_names.py` hide names of records from users who may
not read these records.

Takes Calls and (DocType, name); `linking.check_association` checks records named in a request. Any room above may call it.
"""
