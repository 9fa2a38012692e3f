"""Playlists are parts of calls in an order, for people to listen through. They are seen by those whom the owner has chosen, and of each item's
call only by those who see that call as well.
"""
