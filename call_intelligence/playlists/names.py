"""Names of rows that are unique for a pair, so that concurrent requests don't create two."""

import hashlib


def name_of(*parts: str) -> str:
	return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
