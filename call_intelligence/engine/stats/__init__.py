"""How a call went, in figures: how long each side speaks, listens, waits and asks. Standard library only.

`measure` is the door. No vendor publishes how it computes such figures; these formulas are our own, and each stands where its
figure does, in `figures.py`.
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
