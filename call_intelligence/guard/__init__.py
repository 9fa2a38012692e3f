"""Enforces the visibility rule where Frappe's own tables and functions bypass it.

ours.py      which DocTypes follow the rule
tables.py    Frappe's tables that name documents or copy their texts, and in which fields
reading.py   permission_query_conditions and has_permission of those tables
rights.py    who may tag, comment, assign, share, attach ...: `may_write_on`
writing.py   doc_events of those tables, which call it
files.py     Files that hold a recording
filters.py   SQL in the names of fields of a request
document_names.py  filters in place of documents' names in a request
record_names.py  filters and orders that would disclose names of CRM records
ownership.py who may change a document of ours, shared or not
reports.py   reports that would show more than their reader may see
web_forms.py Web Forms for documents of ours
templates.py templates that users send to Frappe to be rendered
requests.py  what only the request shows: downloads, copies of Files, functions under a second name
"""
