"""Normalises words for comparison: without case, accents and punctuation and, optionally, without endings."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import snowballstemmer

# Letters of scripts without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, kana, ideographs. Each is a token.
UNSPACED = re.compile(
	"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
	"\U00020000-\U0003ffff]"
)
# Signs that NFKC would turn into letters
SIGNS = str.maketrans(dict.fromkeys("™℠", " "))
# Emoji and symbols, each a token; variants and skin colours are ignored.
PICTURES = re.compile("[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff]")
VARIANTS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
# "can't" is one word that doesn't contain "can". Elsewhere an apostrophe separates words: "l'offre", "Sarah's".
NOT = re.compile(r"(?<=n)['’ʼ]t\b", re.IGNORECASE)
HYPHENS = re.compile("(?<=[^\\W\\d_])[-\u2010](?=[^\\W\\d_])")
NUMBER = re.compile(r"\d+(?:[.,]\d+)+")
THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")

# Marks that are accents: on Latin and Greek letters; vowel points of Hebrew and Arabic. In other scripts marks make other letters, as
# in й, が and Indian vowels.
ACCENTS = re.compile("(?<=[A-Za-z\u0370-\u03ff])[\u0300-\u036f]+|[\u0591-\u05c7\u064b-\u065f\u0670\u0640]+")
# Letters with marks that Unicode does not decompose
PLAIN = str.maketrans(
	{
		"ł": "l",
		"ø": "o",
		"đ": "d",
		"ð": "d",
		"ħ": "h",
		"ŧ": "t",
		"ı": "i",
		"æ": "ae",
		"œ": "oe",
		"þ": "th",
		"ё": "е",
	}
)

STEMMERS = {
	"ar": "arabic",
	"ca": "catalan",
	"cs": "czech",
	"da": "danish",
	"de": "german",
	"el": "greek",
	"en": "english",
	"eo": "esperanto",
	"es": "spanish",
	"et": "estonian",
	"eu": "basque",
	"fa": "persian",
	"fi": "finnish",
	"fr": "french",
	"ga": "irish",
	"hi": "hindi",
	"hu": "hungarian",
	"hy": "armenian",
	"id": "indonesian",
	"it": "italian",
	"lt": "lithuanian",
	"nb": "norwegian",
	"ne": "nepali",
	"nl": "dutch",
	"nn": "norwegian",
	"no": "norwegian",
	"pl": "polish",
	"pt": "portuguese",
	"ro": "romanian",
	"ru": "russian",
	"sr": "serbian",
	"sv": "swedish",
	"ta": "tamil",
	"tr": "turkish",
	"yi": "yiddish",
}  # languages as Whisper names them, and Snowball's algorithms


def tokens(text: str) -> list[str]:
	"""The words of a text without punctuation and hyphens, characters of scripts without spaces, and emoji"""
	text = VARIANTS.sub("", unicodedata.normalize("NFKC", text.translate(SIGNS)))
	text = NUMBER.sub(_plain_number, NOT.sub("t", text))
	found, current = [], ""
	for char in text:
		if char.isalnum() and not UNSPACED.match(char):
			# the last token is a single character
			if current and UNSPACED.match(current):
				found.append(current)
				current = ""
			current += char
		elif char.isalnum() or PICTURES.match(char):
			if current:
				found.append(current)
			current = char
			if not char.isalnum():
				found.append(current)
				current = ""
		elif unicodedata.category(char)[0] == "M" or (current and char in "+#·"):
			# marks belong to their letter; C++ and C# are words; "·" is the decimal point of _plain_number
			current += char
		elif unicodedata.category(char) != "Cf":
			# invisible characters (soft hyphens, joiners) don't end a word
			if current:
				found.append(current)
			current = ""
	if current:
		found.append(current)
	return [token for token in found if any(map(str.isalnum, token)) or PICTURES.match(token)]


def _plain_number(match: re.Match[str]) -> str:
	"""1,000 and 1.000 become 1000; 2.5 and 2,5 become one word that doesn't match 5"""
	text = match[0]
	if THOUSANDS.fullmatch(text):
		return text.replace(",", "").replace(".", "")
	whole, _, fraction = re.sub("[.,](?=.*[.,])", "", text).replace(",", ".").partition(".")
	return f"{whole}·{fraction}"


def joined(text: str) -> str:
	"""Join hyphenated words: "follow-up" -> "followup" """
	return HYPHENS.sub("", text)


def folded(token: str) -> str:
	"""The token without case and accents"""
	if token.isascii():
		return token.lower()
	plain = unicodedata.normalize("NFKD", token.casefold())
	return unicodedata.normalize("NFC", ACCENTS.sub("", plain)).translate(PLAIN)


def folded_text(text: str | None) -> str:
	"""A text as written by people, without case and accents: "José" and "JOSE" are equal."""
	return folded(unicodedata.normalize("NFKC", text or "")).strip()


def has_stemmer(language: str | None) -> bool:
	"""language: a code such as "en" or "en-US" """
	return _algorithm(language) is not None


def _algorithm(language: str | None) -> str | None:
	name = STEMMERS.get((language or "").replace("_", "-").split("-")[0].lower())
	# snowballstemmer uses PyStemmer if installed, and old versions of that know fewer languages.
	return name if name in snowballstemmer.algorithms() else None


def stemmer(language: str | None) -> Callable[[str], str] | None:
	"""-> a function from token to folded stem, not thread-safe; None for a language without a stemmer"""
	algorithm = _algorithm(language)
	if not algorithm:
		return None
	stem = snowballstemmer.stemmer(algorithm).stemWord
	dotless = algorithm == "turkish"

	@lru_cache(maxsize=1 << 16)
	def stemmed(token: str) -> str:
		# Stemmers need lower case with accents.
		if dotless:
			token = token.replace("I", "ı").replace("İ", "i")
		return folded(stem(token.lower()))

	return stemmed
