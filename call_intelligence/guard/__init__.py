"""Keeps the visibility rule where Frappe's own tables and functions go around it.

ours.py      which DocTypes follow the rule
tables.py    Frappe's tables that name documents or copy their texts, and in which fields
reading.py   permission_query_conditions and has_permission of those tables
rights.py    who may tag, comment, assign, share, attach ... : `may_write_on`
writing.py   doc_events of those tables, which ask it
files.py     Files that hold a recording
filters.py   names of fields in a request that are SQL
document_names.py  documents that a request names by a filter
ownership.py who may change a document of ours, shared or not
requests.py  what can only be seen in the request: downloads, copies of Files, functions under a second name
"""
