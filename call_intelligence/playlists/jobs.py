"""Notifies the followers of a playlist of new items that they see."""

from call_intelligence.playlists import followers


def tell_followers(playlist: str, items: list[str], by: str) -> None:
	"""Background job; the session's user is irrelevant"""
	followers.tell(playlist, items, by)
