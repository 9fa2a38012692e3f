"""Reads a recording's file name: when it was made, and numbers, addresses and words that may identify participants.

Standard library only. Nothing is guessed: an ambiguous date is ignored, and names of people are only for matching with records.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import permutations

LONGEST = 300  # characters that are read
EARLIEST = 1990
MOST_HOURS = 14  # from UTC
MOST_WORDS, MOST_OF_A_NAME = 12, 4
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

EXTENSION = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,6}$", re.IGNORECASE)
# added to a second download
COPY = re.compile(r"[ _]?\(\d{1,3}\)$")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
# of Asterisk: seconds since 1970, and the number of the call
EPOCH = re.compile(r"(?<![\d.])(1\d{9})\.\d{1,7}(?!\d)")
EPOCH_MILLISECONDS = re.compile(r"(1\d{12})")

TIME = r"(?P<h>\d\d)(?P<t>[-_.:h]|)(?P<m>\d\d)(?:(?P=t)(?P<s>\d\d)(?:[.,]\d{1,6}(?!\d))?)?(?:[ _.]?(?P<half>[ap]m)\b)?"
BETWEEN = r"(?P<between>[ _]*(?:at|um|o|kl|à)[ _]+|[T_., -]+)"
ZONE = r"(?P<zone>Z|[+-]\d\d[:_.]?\d\d)?"
YEAR = r"(?P<y>(?:19|20)\d\d)"
# the parts in their order; each may be followed by a time
DATES = [
	rf"{YEAR}(?P<d1>[-_. ])(?P<mo>\d\d)(?P=d1)(?P<d>\d\d)",
	rf"{YEAR}(?P<mo>\d\d)(?P<d>\d\d)",
	rf"(?P<d>\d\d)[ _.-]?(?P<name>{'|'.join(MONTHS)})[a-z]{{0,6}}[ _.,-]*{YEAR}",
	rf"(?P<name>{'|'.join(MONTHS)})[a-z]{{0,6}}[ _.-]*(?P<d>\d\d?)[ _.,-]+{YEAR}",
	rf"(?P<a>\d\d)(?P<d1>[-_. ])(?P<b>\d\d)(?P=d1){YEAR}",
]
MOMENTS = [
	re.compile(r"GMT(?P<y>20\d\d)(?P<mo>\d\d)(?P<d>\d\d)-(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)(?P<gmt>)"),
	re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<mo>\d\d)(?P<d>\d\d)(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)(?!\d)"),
	*(re.compile(rf"(?<!\d){one}{BETWEEN}{TIME}{ZONE}(?!\d)", re.IGNORECASE) for one in DATES),
]
DAYS = [re.compile(rf"(?<![\d+]){one}(?!\d)", re.IGNORECASE) for one in DATES]
# of Samsung's phones: year, month and day with two digits each
SHORT = re.compile(r"(?<!\d)(?P<a>\d\d)(?P<b>\d\d)(?P<c>\d\d)_(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)(?!\d)")
CALL_RECORDING = re.compile(r"call recording\b", re.IGNORECASE)

NUMBERS = [
	# without blanks: digits after a blank are something else
	re.compile(r"(?<![\w+])(?:\+|00)\d{9,15}(?![A-Za-z\d])"),
	re.compile(r"(?<![\w+])(?:\+|00)\d[\d ().-]{6,20}\d(?![A-Za-z\d])"),
	re.compile(r"(?<![A-Za-z\d])\(\d{2,4}\)[ _]?\d{3}[-. _]?\d{4}(?![A-Za-z\d])"),
	re.compile(r"(?<![A-Za-z\d])(?:1[-. ])?\d{3}([-. ])\d{3}\1\d{4}(?![A-Za-z\d])"),
	re.compile(r"(?<![A-Za-z\d])\d{3}([ -])\d{3}\1\d{3}(?![A-Za-z\d])"),
	re.compile(r"(?<![A-Za-z\d])\+?\d{7,15}(?![A-Za-z\d])"),
]
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
# words added by programs and people
NOISE = frozenset(
	WORD.findall(
		"""
		call calls calling recording recordings record recorded rec voice voicemail audio video sound memo
		note track phone telephone mobile zoom meeting teams meet google whatsapp ptt aud wa vid signal
		telegram skype webex gmt utc am pm at um in out incoming outgoing inbound outbound internal external
		from to with and the of for my new copy final edited mono stereo left right channel agent customer
		caller callee queue exten ext wav file export download untitled unknown anonymous private mix part
		conference demo intro follow up rozmowa rozmowy nagranie nagrania nagrywanie połączenie przychodzące
		wychodzące spotkanie telefon głos od do kopia anruf anrufe aufnahme aufzeichnung gespräch
		besprechung eingehend ausgehend von mit kopie enregistrement appel llamada grabación chiamata monday
		tuesday wednesday thursday friday saturday sunday
		"""
	)
)


@dataclass(frozen=True)
class NameFacts:
	moment: datetime | None = None
	"""when the recording began; without a zone where the name tells none"""
	day: date | None = None
	"""where the name tells no time of day"""
	numbers: tuple[str, ...] = ()
	"""what may be phone numbers, as they are written"""
	emails: tuple[str, ...] = ()
	names: tuple[str, ...] = ()
	"""what may be names of people, the longest first: runs of one to four words, and two words in the other order"""


def read_file_name(file_name: str, today: date) -> NameFacts:
	"""today: dates after tomorrow are ignored"""
	text = EXTENSION.sub("", str(file_name or "")[-LONGEST:].replace("\u202f", " ").replace("\u00a0", " "))
	text = COPY.sub("", text)
	emails = tuple(dict.fromkeys(found[0] for found in EMAIL.finditer(text)))
	text = EMAIL.sub("|", text)
	reader = _Dates(today + timedelta(days=1))
	text = reader.read(text)
	numbers, text = _numbers(text)
	moment, day = reader.decided()
	return NameFacts(moment, day, numbers, emails, _names(text))


class _Dates:
	def __init__(self, latest: date):
		self.latest = latest
		self.moments: list[datetime] = []
		self.days: list[date] = []
		self.unclear = False

	def read(self, text: str) -> str:
		"""-> the text without the parts that were read"""
		prefers_year_first = bool(CALL_RECORDING.match(text))
		if EPOCH_MILLISECONDS.fullmatch(text) and self.take_epoch(int(text) // 1000):
			return ""
		text = EPOCH.sub(lambda found: "|" if self.take_epoch(int(found[1])) else found[0], text)
		for pattern in MOMENTS:
			text = pattern.sub(self.take, text)
		text = SHORT.sub(lambda found: self.take_short(found, prefers_year_first), text)
		for pattern in DAYS:
			text = pattern.sub(self.take, text)
		return text

	def take_epoch(self, seconds: int) -> bool:
		moment = datetime.fromtimestamp(seconds, timezone.utc)
		possible = moment.year >= 2000 and moment.date() <= self.latest
		if possible:
			self.moments.append(moment)
		return possible

	def take(self, found: re.Match) -> str:
		parts = found.groupdict()
		day = self.day_of(parts)
		if day is None:
			return found[0]
		if parts.get("h") is None:
			self.days.append(day)
			return "|"
		moment = moment_of(day, parts)
		if moment is None:
			return found[0]
		self.moments.append(moment)
		return "|"

	def take_short(self, found: re.Match, year_first: bool) -> str:
		a, b, c = (int(found[part]) for part in "abc")
		readings = [self.possible(2000 + a, b, c)]
		if not year_first:
			readings += [self.possible(2000 + c, b, a), self.possible(2000 + c, a, b)]
		days = set(filter(None, readings))
		read = (moment_of(day, found.groupdict()) for day in days)
		moments = {moment for moment in read if moment is not None}
		if len(moments) == 1:
			self.moments += moments
		return "|" if moments else found[0]

	def day_of(self, parts: dict) -> date | None:
		year = int(parts["y"])
		if parts.get("name"):
			return self.possible(year, MONTHS.index(parts["name"][:3].lower()) + 1, int(parts["d"]))
		if parts.get("a") is None:
			return self.possible(year, int(parts["mo"]), int(parts["d"]))
		first, second = int(parts["a"]), int(parts["b"])
		readings = {self.possible(year, second, first), self.possible(year, first, second)} - {None}
		self.unclear = self.unclear or len(readings) > 1
		return readings.pop() if len(readings) == 1 else None

	def possible(self, year: int, month: int, day: int) -> date | None:
		try:
			found = date(year, month, day)
		except ValueError:
			return None
		return found if year >= EARLIEST and found <= self.latest else None

	def decided(self) -> tuple[datetime | None, date | None]:
		"""Several dates must fit one call: its local time and UTC, or its beginning and its end."""
		days = [*(moment.date() for moment in self.moments), *self.days]
		if not days or self.unclear or max(days) - min(days) > timedelta(days=1):
			return None, None
		exact = [moment for moment in self.moments if moment.tzinfo]
		if exact or self.moments:
			return min(exact or self.moments), None
		return None, (days[0] if len(set(days)) == 1 else None)


def moment_of(day: date, parts: dict) -> datetime | None:
	hour, half = int(parts["h"]), (parts.get("half") or "").lower()
	if half:
		if not 1 <= hour <= 12:
			return None
		hour = hour % 12 + (12 if half == "pm" else 0)
	try:
		return datetime(
			day.year,
			day.month,
			day.day,
			hour,
			int(parts["m"]),
			int(parts.get("s") or 0),
			tzinfo=zone_of(parts),
		)
	except ValueError:
		return None


def zone_of(parts: dict) -> timezone | None:
	zone = parts.get("zone") or ""
	if parts.get("gmt") is not None or zone.upper() == "Z":
		return timezone.utc
	# -2001 may be an extension, and -1100 the end of the meeting
	in_full = parts.get("s") and (zone[:1] == "+" or parts.get("between", "").upper() == "T")
	if not zone or not in_full or int(zone[1:3]) > MOST_HOURS or int(zone[-2:]) % 15:
		return None
	offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
	return timezone(-offset if zone[0] == "-" else offset)


def _numbers(text: str) -> tuple[tuple[str, ...], str]:
	found: list[str] = []

	def take(match: re.Match) -> str:
		found.append(match[0].strip(" -."))
		return "|"

	for pattern in NUMBERS:
		text = pattern.sub(take, text)
	return tuple(dict.fromkeys(found))[:5], text


def _names(text: str) -> tuple[str, ...]:
	runs, count = [], 0
	for run in re.split(r"[|()\[\]{}#=;]+|\d+", text):
		words: list[str] = []
		for word in WORD.findall(CAMEL.sub(" ", run.replace("_", " "))):
			if word.lower() in NOISE:
				runs.append(words)
				words = []
			elif len(word) > 1 and count < MOST_WORDS:
				words.append(word)
				count += 1
		runs.append(words)
	names = []
	for words in runs:
		for length in range(min(len(words), MOST_OF_A_NAME), 0, -1):
			for start in range(len(words) - length + 1):
				part = words[start : start + length]
				names += [" ".join(order) for order in (permutations(part) if length == 2 else [part])]
	return tuple(sorted(dict.fromkeys(names), key=lambda name: -name.count(" ")))
