"""The CRM records that a call belongs to. Linking (`linking.py`), offering (`suggestions.py`), and when a link would show the call to
more people than anybody has agreed to (`trust.py`). `readable_names.py` and `record_names.py` keep names of records from people who may
not read these records.

In come Calls and (DocType, name); `linking.check_association` is for what a request names. Any room above may call it.
"""
