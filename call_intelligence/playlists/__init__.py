"""Playlists are parts of calls in an order, for people to listen through. The owner chooses who sees a playlist; each item is shown only
to users who see its call as well.
"""
