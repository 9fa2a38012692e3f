"""Conversation figures of a call: how long each side speaks, listens, waits and asks. Standard library only.

Use `measure`. Vendors don't publish how they compute such figures; these formulas are our own, documented with each figure in
`figures.py`.
"""

from .figures import (
	CUSTOMER,
	CUSTOMER_UNKNOWN,
	NO_REPLY,
	NO_SPEECH,
	NO_WORDS,
	OWNER,
	OWNER_UNKNOWN,
	CallStats,
	Figure,
	Moment,
	Options,
	SpeakerStats,
	interactivity_score,
)
from .measure import measure

__all__ = [
	"CUSTOMER",
	"CUSTOMER_UNKNOWN",
	"NO_REPLY",
	"NO_SPEECH",
	"NO_WORDS",
	"OWNER",
	"OWNER_UNKNOWN",
	"CallStats",
	"Figure",
	"Moment",
	"Options",
	"SpeakerStats",
	"interactivity_score",
	"measure",
]
