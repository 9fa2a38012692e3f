from frappe.model.document import Document

from call_intelligence.linking import VanishingLinks
from call_intelligence.statistics.fields import VOICE_FIELDS
from call_intelligence.statistics.unknown import KeepsUnknown, allow_null


class CallParticipant(VanishingLinks, KeepsUnknown, Document):
	unknowable = tuple(VOICE_FIELDS)
	vanishing = (("party_type", "party"),)

	def before_insert(self):
		# one that is inserted by itself; Call sees to its own rows
		self.update(dict.fromkeys(VOICE_FIELDS))


def on_doctype_update():
	allow_null("Call Participant", VOICE_FIELDS)
