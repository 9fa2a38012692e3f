"""By what a recording is known again, so that nothing comes in twice."""

import hashlib


def source_key(source: str, external_id: str) -> str:
	"""SHA-256 in hex. The same external ID from the same source is one call; to the database "AbC", "abc " and "ÀbC" are the same text."""
	return hashlib.sha256(f"{source}\0{external_id}".encode()).hexdigest()
