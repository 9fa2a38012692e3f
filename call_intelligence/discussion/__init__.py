"""What people write about a call, in comments, notes and mentions. `richtext.py` makes their markup safe.

In comes HTML from a browser or a request. Callers: `api`, `clips`, `playlists` and the DocTypes.
"""
