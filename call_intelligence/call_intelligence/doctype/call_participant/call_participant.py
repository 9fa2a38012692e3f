from frappe.model.document import Document

from call_intelligence.statistics.fields import VOICE_FIELDS
from call_intelligence.statistics.unknown import KeepsUnknown, allow_null


class CallParticipant(KeepsUnknown, Document):
	unknowable = tuple(VOICE_FIELDS)


def on_doctype_update():
	allow_null("Call Participant", VOICE_FIELDS)
