"""Finds tracked terms in transcripts. Needs snowballstemmer and pyahocorasick, which are installed with the app.

Use `Matcher`: built once for many phrases, used on any number of transcripts.
"""

from .matcher import Matcher
from .types import ANYONE, ANYWHERE, FIRST, LAST, QUESTION, Mention, Phrase
from .words import has_stemmer, tokens

__all__ = [
	"ANYONE",
	"ANYWHERE",
	"FIRST",
	"LAST",
	"QUESTION",
	"Matcher",
	"Mention",
	"Phrase",
	"has_stemmer",
	"tokens",
]
