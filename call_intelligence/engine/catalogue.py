"""Names of speech models. Standard library only."""

import re

# name -> repository on the hub, as in faster-whisper
REPOSITORIES = {
	"tiny.en": "Systran/faster-whisper-tiny.en",
	"tiny": "Systran/faster-whisper-tiny",
	"base.en": "Systran/faster-whisper-base.en",
	"base": "Systran/faster-whisper-base",
	"small.en": "Systran/faster-whisper-small.en",
	"small": "Systran/faster-whisper-small",
	"medium.en": "Systran/faster-whisper-medium.en",
	"medium": "Systran/faster-whisper-medium",
	"large-v1": "Systran/faster-whisper-large-v1",
	"large-v2": "Systran/faster-whisper-large-v2",
	"large-v3": "Systran/faster-whisper-large-v3",
	"large": "Systran/faster-whisper-large-v3",
	"distil-large-v2": "Systran/faster-distil-whisper-large-v2",
	"distil-medium.en": "Systran/faster-distil-whisper-medium.en",
	"distil-small.en": "Systran/faster-distil-whisper-small.en",
	"distil-large-v3": "Systran/faster-distil-whisper-large-v3",
	"distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
	"large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
	"turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}

# "org/name" on the hub
ON_HUB = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


def is_folder_name(name: str) -> bool:
	"""Whether a model's name is a folder: an absolute path, or one that begins with . or ~"""
	return name.startswith(("/", ".", "~")) and "\n" not in name


def repository_of(name: str) -> str | None:
	"""-> "org/name" on the hub; None if it is not a valid name"""
	if name in REPOSITORIES:
		return REPOSITORIES[name]
	return name if ON_HUB.fullmatch(name) and ".." not in name else None


def is_possible(name: str) -> bool:
	"""Whether the name is valid; the model need not exist."""
	return is_folder_name(name) or repository_of(name) is not None
