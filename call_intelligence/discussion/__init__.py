"""Comments, notes and mentions on a call. `richtext.py` makes their markup safe.

Takes HTML from a browser or a request. Callers: `api`, `clips`, `playlists` and the DocTypes.
"""
