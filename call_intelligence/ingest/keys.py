"""The key that identifies a recording, so that none is stored twice."""

import hashlib


def source_key(source: str, external_id: str) -> str:
	"""SHA-256 in hex. A hash, as the database compares "AbC", "abc " and "ÀbC" as equal, and these are different external IDs."""
	return hashlib.sha256(f"{source}\0{external_id}".encode()).hexdigest()
