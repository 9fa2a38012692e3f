"""The basis of all our documents. Their base class (`document.py`), valid values of fields (`plain.py`, `shape.py`, `writing.py`), rows of
child tables, associated records, dates, addresses of pages, files (`storage.py`), shares for many users, and updates of open pages
(`live.py`).

Any room above may call it; it checks permissions only where a function says so.
"""
