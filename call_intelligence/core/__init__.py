"""What all our documents share. Their base class (`document.py`), what fields may hold (`plain.py`, `shape.py`, `writing.py`), rows of
child tables, dates, files (`storage.py`), shares for many people, and telling open pages that something has changed (`live.py`).

Any room above may call it; only `live` asks who may see a document.
"""
