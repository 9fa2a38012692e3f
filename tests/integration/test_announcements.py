"""Comments in the activity of deals, leads and tickets that announce a call."""

import frappe
import pytest

from call_intelligence.api import associations as api
from call_intelligence.associations import announcements, jobs, linking
from call_intelligence.integrations import registry
from call_intelligence.people import parties
from tests import factories

pytestmark = pytest.mark.usefixtures("crm")


@pytest.fixture
def crm(site):
	if not registry.is_installed("CRM Deal"):
		pytest.skip("needs the demo CRM")


@pytest.fixture
def queued(monkeypatch):
	"""Jobs about comments, as they are queued; `run()` runs them."""
	waiting = []

	def run():
		while waiting:
			method, values = waiting.pop(0)
			getattr(jobs, method)(**values)

	queue = announcements.enqueue
	monkeypatch.setattr(queue, "announce_call", lambda call: waiting.append(("announce", {"call": call})))
	monkeypatch.setattr(queue, "remove_announcements", lambda: waiting.append(("remove_announcements", {})))
	# the test's writes are rolled back
	monkeypatch.setattr(frappe.db, "commit", lambda *args, **options: None)
	run.waiting = waiting
	return run


@pytest.fixture
def deal(site):
	organization = make("CRM Organization", organization_name=factories.unique("Harbor"))
	return make("CRM Deal", organization=organization)


def make(doctype, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True).name


def comments(name, doctype="CRM Deal"):
	return frappe.get_all(
		"Comment",
		filters={"reference_doctype": doctype, "reference_name": name, "comment_type": "Comment"},
		fields=["name", "content", "owner", "comment_email"],
	)


def test_a_ready_call_is_announced_once(people, deal, queued):
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)], title="Premium & plan")
	announcements.queue_announcement(call)
	queued()
	(comment,) = comments(deal)
	assert f"/call/{call}" in comment.content
	assert comment.owner == comment.comment_email == people["rep"]

	announcements.queue_announcement(call)
	announcements.announce(call)
	queued()
	assert len(comments(deal)) == 1


def test_a_call_that_is_being_processed_is_not(people, deal, queued):
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)], status="Queued")
	announcements.queue_announcement(call)
	assert not queued.waiting
	announcements.announce(call)
	assert not comments(deal)


def test_it_can_be_switched_off(people, deal, queued):
	frappe.db.set_single_value("Call Intelligence Settings", "announce_calls", 0)
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)])
	announcements.queue_announcement(call)
	assert not queued.waiting


def test_contacts_have_no_such_comments(people, queued):
	contact = factories.contact()
	call = factories.call(people["rep"], associations=[("Contact", contact)])
	announcements.queue_announcement(call)
	assert not queued.waiting and not comments(contact, "Contact")


def test_it_comes_and_goes_with_the_association(people, as_user, deal, queued):
	call = factories.call(people["rep"])
	with as_user(people["rep"]):
		answer = api.add(call, "CRM Deal", deal)
		queued()
		assert len(comments(deal)) == 1
		(row,) = [row for row in answer["records"] if row["doctype"] == "CRM Deal"]
		api.remove(call, row["id"])
		queued()
	assert not comments(deal)


def test_a_deal_shows_the_comment_of_its_lead(people, deal, queued):
	lead = make("CRM Lead", first_name="Bo", converted=1)
	frappe.db.set_value("CRM Deal", deal, "lead", lead)
	call = factories.call(people["rep"], associations=[("CRM Lead", lead), ("CRM Deal", deal)])
	announcements.announce(call)
	assert len(comments(lead, "CRM Lead")) == 1 and not comments(deal)
	# calls of leads are not announced there
	frappe.db.set_single_value("Call Intelligence Settings", "leads_are_not_enough", 1)
	announcements.announce(call)
	assert len(comments(deal)) == 1


def test_it_goes_when_the_form_drops_the_association_or_the_call_is_deleted(people, deal, queued):
	for drop in (lambda doc: doc.set("associations", []) or doc.save(), lambda doc: doc.delete()):
		call = factories.call(people["rep"], associations=[("CRM Deal", deal)])
		announcements.queue_announcement(call)
		queued()
		assert len(comments(deal)) == 1
		drop(frappe.get_doc("Call", call))
		queued()
		assert not comments(deal)


def test_it_says_nothing_of_the_call(people, deal, queued):
	"""Comments are read by people who don't see the call, such as portal users."""
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)], title="Secret plan")
	announcements.announce(call)
	(comment,) = comments(deal)
	assert "Secret plan" not in comment.content and "2026" not in comment.content.replace(call, "")


def test_it_does_not_follow_a_row_to_another_record(people, deal, queued):
	other = make("CRM Deal", organization=frappe.db.get_value("CRM Deal", deal, "organization"))
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)])
	announcements.announce(call)
	doc = frappe.get_doc("Call", call)
	doc.associations[0].link_name = other
	doc.save()
	queued()
	assert not comments(deal) and len(comments(other)) == 1


def test_it_goes_with_a_person_who_was_matched_by_mistake(people, as_user, queued):
	lead = make("CRM Lead", first_name="Bo", converted=1)
	deal = make("CRM Deal", lead=lead)
	call = factories.call(people["rep"], participants=[{"party_type": "CRM Lead", "party": lead}])
	# in the other order the deal would show the comment of its lead
	for record in (("CRM Deal", deal), ("CRM Lead", lead)):
		linking.associate(call, *record, automatic=True)
		announcements.announce(call)
	assert comments(deal) and comments(lead, "CRM Lead")
	frappe.db.delete("Call Participant", {"parent": call, "party": lead})
	parties.withdraw(call, "CRM Lead", lead)
	assert not linking.association_rows(call)
	assert not comments(deal) and not comments(lead, "CRM Lead")


def test_a_comment_of_somebody_else_cannot_be_passed_off_as_ours(people, as_user, deal, queued):
	"""A form that names another comment in the row would have it deleted with the row."""
	theirs = make(
		"Comment",
		comment_type="Comment",
		reference_doctype="CRM Deal",
		reference_name=deal,
		content="Keep me",
	)
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)])
	with as_user(people["rep"]):
		doc = frappe.get_doc("Call", call)
		doc.associations[0].comment = theirs
		doc.save()
		doc.set("associations", [])
		doc.save()
	queued()
	assert theirs in [row.name for row in comments(deal)]


def test_two_jobs_at_once_leave_one_comment(people, deal, queued):
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)])
	row = linking.association_rows(call)[0]
	announcements.announce(call)
	# the other job had read the row before
	announcements.add(row, frappe._dict(name=call, call_owner=people["rep"]))
	assert len(comments(deal)) == 1


def test_it_goes_when_deals_no_longer_count_as_such(people, deal, queued):
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)])
	announcements.announce(call)
	settings = frappe.get_single("Call Intelligence Settings")
	settings.append("crm_objects", {"link_doctype": "CRM Deal", "kind": "Deal", "enabled": 0})
	settings.save()
	queued()
	assert not comments(deal)


def test_an_uninstall_takes_them_along(people, deal, queued):
	call = factories.call(people["rep"], associations=[("CRM Deal", deal)])
	announcements.announce(call)
	assert comments(deal)
	announcements.remove_all()
	assert not comments(deal)


def test_tickets_have_helpdesk_comments(people, queued):
	if not registry.is_installed("HD Ticket Comment"):
		pytest.skip("needs the demo Helpdesk")
	ticket = str(make("HD Ticket", subject="No water"))
	call = factories.call(people["rep"], associations=[("HD Ticket", ticket)])
	announcements.queue_announcement(call)
	queued()
	(comment,) = frappe.get_all(
		"HD Ticket Comment", {"reference_ticket": ticket}, ["content", "commented_by"]
	)
	assert call in comment.content and comment.commented_by == people["rep"]


def test_leads_have_no_comments_where_reading_them_is_not_enough(people, queued):
	lead = make("CRM Lead", first_name="Bo")
	call = factories.call(people["rep"], associations=[("CRM Lead", lead)])
	announcements.announce(call)
	assert len(comments(lead, "CRM Lead")) == 1
	settings = frappe.get_single("Call Intelligence Settings")
	settings.leads_are_not_enough = 1
	settings.save()
	queued()
	assert not comments(lead, "CRM Lead")
	announcements.queue_announcement(call)
	assert not queued.waiting
