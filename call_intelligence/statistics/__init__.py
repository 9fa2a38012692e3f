"""How a call went, in figures: measured by the engine when the transcript is analysed, kept with the recording for the review, and
in fields of Call and Call Participant for lists and reports.
"""

from call_intelligence.statistics.describe import describe
from call_intelligence.statistics.fields import CALL_FIELDS, VOICE_FIELDS
from call_intelligence.statistics.store import store

__all__ = ["CALL_FIELDS", "VOICE_FIELDS", "describe", "store"]
