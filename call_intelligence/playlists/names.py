"""Names of rows that there is one of for each pair, so that two requests at once make one and not two."""

import hashlib


def name_of(*parts: str) -> str:
	return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
