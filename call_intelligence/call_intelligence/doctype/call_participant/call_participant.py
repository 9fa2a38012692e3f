from call_intelligence.linking import VanishingLinks
from call_intelligence.record_names.documents import NamesReadableRecord
from call_intelligence.rows import WrittenWithParent
from call_intelligence.statistics.fields import VOICE_FIELDS
from call_intelligence.statistics.unknown import KeepsUnknown, allow_null
from call_intelligence.texts.document import PlainDocument


class CallParticipant(NamesReadableRecord, WrittenWithParent, VanishingLinks, KeepsUnknown, PlainDocument):
	unknowable = tuple(VOICE_FIELDS)
	vanishing = (("party_type", "party"),)


def on_doctype_update():
	allow_null("Call Participant", VOICE_FIELDS)
