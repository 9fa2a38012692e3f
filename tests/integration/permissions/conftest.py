"""A call visible to some users, and requests as Frappe receives them"""

import frappe
import pytest
from frappe.handler import execute_cmd
from werkzeug.wrappers import Request

from call_intelligence import transcript
from call_intelligence.terms import mentions
from call_intelligence.transcript.reading import read_transcript
from tests import factories


@pytest.fixture
def call(people):
	contact = factories.contact()
	name = factories.call(
		people["owner"],
		associations=[("Contact", contact)],
		participants=[{"party_type": "User", "party": people["participant"], "display_name": "A colleague"}],
	)
	frappe.share.add("Call", name, people["shared with"], notify=False)
	factories.comment(name, people["owner"])
	factories.clip(name, people["owner"], recipients=[people["participant"]])
	factories.term("premium plan")
	mentions.store(read_transcript(name, transcript.recording_of(name)))
	return frappe.get_doc("Call", name)


@pytest.fixture
def ask(site):
	"""`ask("frappe.client.get_count", doctype="Call")` like a request, through the overriding function."""

	def request(function, **arguments):
		frappe.local.request = Request.from_values(method="GET")
		frappe.local.form_dict = frappe._dict(arguments)
		return execute_cmd(function)

	before = getattr(frappe.local, "request", None)
	yield request
	frappe.local.request = before
