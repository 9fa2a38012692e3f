from call_intelligence.associations.linking import VanishingLinks
from call_intelligence.associations.record_names import NamesReadableRecord
from call_intelligence.core.document import PlainDocument
from call_intelligence.core.rows import WrittenWithParent
from call_intelligence.statistics.fields import VOICE_FIELDS
from call_intelligence.statistics.unknown import KeepsUnknown, allow_null


class CallParticipant(NamesReadableRecord, WrittenWithParent, VanishingLinks, KeepsUnknown, PlainDocument):
	unknowable = tuple(VOICE_FIELDS)
	vanishing = (("party_type", "party"),)


def on_doctype_update():
	allow_null("Call Participant", VOICE_FIELDS)
