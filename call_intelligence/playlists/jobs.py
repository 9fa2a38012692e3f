"""Something was added to a playlist: its followers are told, as far as they see it."""

from call_intelligence.playlists import followers


def tell_followers(playlist: str, items: list[str], by: str) -> None:
	"""Background job; it asks nothing of the session's user"""
	followers.tell(playlist, items, by)
