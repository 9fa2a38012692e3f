"""Conversation figures of a call: measured by the engine when the transcript is analysed, stored with the recording for the review, and in
fields of Call and Call Participant for lists and reports.
"""

from call_intelligence.statistics.describe import describe, told
from call_intelligence.statistics.fields import CALL_FIELDS, VOICE_FIELDS
from call_intelligence.statistics.store import as_json, store

__all__ = ["CALL_FIELDS", "VOICE_FIELDS", "as_json", "describe", "store", "told"]
