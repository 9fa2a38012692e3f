"""People are matched by e-mail and phone: one match is linked, several are suggested, and a match never gives a user access."""

from datetime import timedelta

import frappe
import pytest
from frappe.permissions import add_permission, update_permission_property

from call_intelligence import permissions
from call_intelligence.associations import linking, suggestions
from call_intelligence.core.times import utc_now
from call_intelligence.jobs import sweep
from call_intelligence.people.automatic import recognise_participants
from call_intelligence.people.matching import apply, find, jobs, later
from call_intelligence.queue import enqueue, lease, resumable
from tests import factories


@pytest.fixture
def rep(people):
	return people["rep"]


def person(email="", phone="", **values):
	return factories.contact(
		email_ids=[{"email_id": email, "is_primary": 1}] if email else [],
		phone_nos=[{"phone": phone, "is_primary_mobile_no": 1}] if phone else [],
		**values,
	)


def call_with(owner, **participant):
	return factories.call(owner, participants=[{"display_name": "Somebody", **participant}])


def participant_of(call):
	return frappe.get_doc("Call", call).participants[-1]


def associations_of(call):
	return [
		(row.link_doctype, row.link_name, row.automatic) for row in frappe.get_doc("Call", call).associations
	]


def offered(call):
	return frappe.get_all(
		"Association Suggestion",
		filters={"call": call, "state": "Offered"},
		pluck="link_name",
		order_by="creation",
	)


def address():
	return f"{frappe.generate_hash(length=8)}@customer.example"


def test_by_email(rep):
	email = address()
	contact = person(email)
	call = call_with(rep, email=email.upper())

	assert apply.match_call(call)

	row = participant_of(call)
	assert (row.party_type, row.party, row.matched_by, row.side) == ("Contact", contact, "E-mail", "Customer")
	assert associations_of(call) == [("Contact", contact, 1)]
	assert frappe.db.get_value("Call", call, "contact") == contact


@pytest.mark.parametrize(
	"spelling", ["+1 206-555-7193", "+12065557193", "001 206 5557193", "+1 (206) 555.7193"]
)
def test_by_phone_in_any_spelling(rep, spelling):
	contact = person(phone="+1 (206) 555 7193")
	call = call_with(rep, phone=spelling)
	assert apply.match_call(call)
	assert (participant_of(call).party, participant_of(call).matched_by) == (contact, "Phone")


@pytest.mark.parametrize(
	("country", "stored", "dialled"),
	[
		("United States", "+48 601 222 719", "48601222719"),
		("United States", "48601222719", "+48 601 222 719"),
		("United States", "0048601222719", "48 601 222 719"),
		("United States", "+48 601 222 719", '"Anna" <sip:+48601222719@10.0.0.1:5060;user=phone>'),
		("Poland", "601 222 719", "tel:+48-601-222-719"),
		("Poland", "+1 206 555 7193", "12065557193"),
	],
)
def test_numbers_as_telephone_systems_write_them(rep, country, stored, dialled):
	frappe.db.set_single_value("System Settings", "country", country)
	contact = person(phone=stored)
	call = call_with(rep, phone=dialled)
	# also in the other order, when the contact is created later
	assert later.calls_with_addresses_of("Contact", contact) == [call]
	assert apply.match_call(call)
	assert participant_of(call).party == contact


def test_a_number_of_two_countries_is_offered_twice(rep):
	frappe.db.set_single_value("System Settings", "country", "Germany")
	contacts = {person(phone="+48 22 555 71 93"), person(phone="+49 4822 5557193")}
	call = call_with(rep, phone="48225557193")
	assert apply.match_call(call)
	assert not participant_of(call).party
	assert set(offered(call)) == contacts


def test_an_address_with_its_name(rep):
	email = address()
	contact = person(email)
	call = factories.call(rep, participants=[{"email": f"Anna <{email}>"}])
	row = participant_of(call)
	assert (row.email, row.given_name) == (email, "Anna")
	assert apply.match_call(call)
	assert participant_of(call).party == contact


def test_a_list_of_addresses_is_several_people(rep):
	emails = [address(), address()]
	contacts = [person(email) for email in emails]
	call = factories.call(
		rep, participants=[{"email": f'"Nowak, Anna" <{emails[0]}>; {emails[1]}'}], transcript=()
	)
	assert [row.email for row in frappe.get_doc("Call", call).participants] == emails
	assert apply.match_call(call)
	assert [row.party for row in frappe.get_doc("Call", call).participants] == contacts


def test_the_country_of_the_site_stands_before_numbers_without_one(rep):
	frappe.db.set_single_value("System Settings", "country", "Poland")
	contact = person(phone="22 555 71 93")
	assert [row["name"] for row in find.find_people(None, "+48 22 5557193", None)] == [contact]
	assert find.find_people(None, "+49 22 5557193", None) == []


def test_several_are_offered_and_none_is_guessed(rep):
	email = address()
	contacts = {person(email), person(email)}
	call = call_with(rep, email=email)

	assert apply.match_call(call)

	assert not participant_of(call).party
	assert not associations_of(call)
	assert set(offered(call)) == contacts


def test_email_and_phone_together_tell_two_apart(rep):
	email = address()
	person(email)
	both = person(email, "+1 206 555 7181")
	call = call_with(rep, email=email, phone="+1 206 555 7181")
	apply.match_call(call)
	assert participant_of(call).party == both


def test_once_more_changes_nothing(rep):
	email = address()
	person(email)
	call = call_with(rep, email=email)
	apply.match_call(call)
	before = associations_of(call)
	assert not apply.match_call(call)
	assert associations_of(call) == before


def test_what_was_removed_does_not_come_back(rep):
	email = address()
	person(email)
	call = call_with(rep, email=email)
	apply.match_call(call)
	doc = frappe.get_doc("Call", call)
	linking.dissociate(call, doc.associations[0].name)
	frappe.db.set_value("Call Participant", doc.participants[-1].name, {"party": None, "party_type": None})

	assert not apply.match_call(call)
	assert not associations_of(call) and not offered(call)
	assert not participant_of(call).party


def test_removed_in_the_form_does_not_come_back_either(rep):
	email = address()
	person(email)
	call = call_with(rep, email=email)
	apply.match_call(call)
	doc = frappe.get_doc("Call", call)
	doc.associations = []
	doc.participants[-1].party = doc.participants[-1].party_type = None
	doc.save()
	assert not apply.match_call(call)


def test_what_was_said_by_hand_stays(rep):
	email = address()
	person(email)
	other = factories.contact()
	call = call_with(rep, email=email, party_type="Contact", party=other, matched_by="By hand")
	assert not apply.match_call(call)
	assert participant_of(call).party == other


def test_colleagues_are_no_customers(rep, people):
	# Frappe makes a Contact of a User
	person(people["crm user"], user=people["crm user"])
	call = call_with(rep, email=people["crm user"])
	assert not apply.match_call(call)


def test_only_among_what_the_owner_may_read(people):
	email = address()
	person(email)
	call = call_with(people["owner"], email=email)
	assert not apply.match_call(call)
	assert not associations_of(call) and not offered(call)


def test_switched_off_in_settings(rep):
	settings = frappe.get_single("Call Intelligence Settings")
	settings.match_people = 0
	settings.save()
	email = address()
	person(email)
	assert not apply.match_call(call_with(rep, email=email))


def test_an_accent_makes_it_somebody_else(rep):
	"""The database treats both as equal."""
	name = frappe.generate_hash(length=8)
	plain, accented = f"daniel.{name}@customer.example", f"Dániel.{name}@customer.example"
	contact = person(plain)
	assert not apply.match_call(call_with(rep, email=accented))
	assert find.by_emails([plain.upper()]) == [("Contact", contact)]


def test_nor_is_it_a_colleagues(rep):
	name = frappe.generate_hash(length=8)
	colleague, theirs = f"ola.{name}@example.com", f"Óla.{name}@example.com"
	factories.user(factories.SEAT, email=colleague)
	call, contact = call_with(rep, email=theirs), person(address())
	# Frappe refuses such an address in a form, but not in other ways in
	frappe.db.set_value("Contact Email", {"parent": contact}, "email_id", theirs)
	assert apply.match_call(call) and participant_of(call).party == contact


def test_nor_does_it_show_them_the_call(rep):
	name = frappe.generate_hash(length=8)
	colleague = f"ola.{name}@example.com"
	factories.user(factories.SEAT, email=colleague)
	assert not permissions.can_see(call_with(rep, email=f"Óla.{name}@example.com"), colleague)
	assert permissions.can_see(call_with(rep, email=colleague.upper()), colleague)


def test_whose_call_it_is_has_an_address_of_their_own(site):
	name = frappe.generate_hash(length=8)
	plain = f"sara.{name}@example.com"
	owner = factories.user(factories.SEAT, email=plain)
	call = call_with(owner, email=f"Sára.{name}@example.com")
	recognise_participants(call)
	assert not participant_of(call).party
	call = call_with(owner, email=plain.upper())
	recognise_participants(call)
	assert participant_of(call).party == owner


# ------------------------------------------------------------------------------------------------ later


def save_contact_as(user, as_user, email):
	with as_user(user):
		return frappe.get_doc(
			{"doctype": "Contact", "first_name": factories.unique("Late"), "email_ids": [{"email_id": email}]}
		).insert()


@pytest.fixture
def kept(monkeypatch):
	"""The job commits; its rows shall be deleted with the test, not processed by the site's workers."""
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **options: None)


def waiting(contact):
	return frappe.get_all("Record Matching", filters={"record": contact}, pluck="name", order_by="creation")


def work_off(contact):
	for name in waiting(contact):
		jobs.match_record(name)
	assert waiting(contact) == []


def test_a_contact_that_comes_later_is_matched_to_earlier_calls(rep, as_user, kept):
	email = address()
	call = call_with(rep, email=email)
	assert not apply.match_call(call)
	contact = save_contact_as(rep, as_user, email)

	work_off(contact.name)

	assert participant_of(call).party == contact.name
	assert associations_of(call) == [("Contact", contact.name, 1)]


def test_nobody_gets_at_a_call_by_making_a_contact(rep, people, as_user, kept):
	"""The crm user may make Contacts, and does not see this call."""
	stranger, email = people["crm user"], address()
	call = call_with(rep, email=email)
	assert not permissions.can_see(call, stranger)
	contact = save_contact_as(stranger, as_user, email)

	work_off(contact.name)
	# nor by processing the call again
	apply.match_call(call)

	assert not permissions.can_see(call, stranger)
	assert not associations_of(call) and not participant_of(call).party
	assert offered(call) == [contact.name]


def test_nor_by_changing_one(rep, people, as_user):
	stranger, email = people["crm user"], address()
	contact = factories.contact()
	call = call_with(rep, email=email)
	with as_user(stranger):
		doc = frappe.get_doc("Contact", contact)
		doc.append("email_ids", {"email_id": email})
		doc.save()

	# the job has not run yet
	apply.match_call(call)

	assert not permissions.can_see(call, stranger)
	assert offered(call) == [contact]
	# another user saves it for a different reason: still open
	frappe.get_doc("Contact", contact).save()
	apply.match_call(call)
	assert not permissions.can_see(call, stranger)


@pytest.fixture
def planter(site):
	"""A user who creates Contacts, and reads only those"""
	role = frappe.get_doc({"doctype": "Role", "role_name": factories.unique("Own contacts")}).insert().name
	add_permission("Contact", role, 0)
	for right in ("create", "write", "if_owner"):
		update_permission_property("Contact", role, 0, right, 1)
	frappe.clear_cache(doctype="Contact")
	return factories.user(role)


def test_nor_by_one_that_was_made_before(rep, planter, as_user):
	email = address()
	contact = save_contact_as(planter, as_user, email)
	call = call_with(rep, email=email)
	apply.match_call(call)
	assert not permissions.can_see(call, planter)
	assert offered(call) == [contact.name]


def test_nor_by_one_that_fits_better(rep, planter, as_user):
	email, phone = address(), "+1 206 555 7182"
	genuine = person(email)
	with as_user(planter):
		doc = frappe.get_doc({"doctype": "Contact", "first_name": factories.unique("Planted")})
		doc.append("email_ids", {"email_id": email})
		doc.append("phone_nos", {"phone": phone})
		doc.insert()
	call = call_with(rep, email=email, phone=phone)
	apply.match_call(call)
	assert not permissions.can_see(call, planter)
	assert set(offered(call)) == {genuine, doc.name}


def test_nor_by_adding_a_line_to_an_old_one(rep, people, as_user):
	stranger, email = people["crm user"], address()
	contact = factories.contact()
	call = call_with(rep, email=email)
	with as_user(stranger):
		frappe.get_doc(
			{
				"doctype": "Contact Email",
				"parent": contact,
				"parenttype": "Contact",
				"parentfield": "email_ids",
				"email_id": email,
			}
		).insert()
	assert frappe.db.get_value("Contact", contact, "modified_by") == "Administrator"
	apply.match_call(call)
	assert not permissions.can_see(call, stranger)
	assert offered(call) == [contact]


def test_a_colleague_who_reads_all_contacts_has_made_one_before(rep, people, as_user):
	email, phone = address(), "+1 206 555 7183"
	person(email)
	with as_user(people["crm user"]):
		doc = frappe.get_doc({"doctype": "Contact", "first_name": factories.unique("Both")})
		doc.append("email_ids", {"email_id": email})
		doc.append("phone_nos", {"phone": phone})
		doc.insert()
	call = call_with(rep, email=email, phone=phone)
	apply.match_call(call)
	assert participant_of(call).party == doc.name


def test_what_a_manager_saves_is_linked(rep, people, as_user, kept):
	email = address()
	call = call_with(rep, email=email)
	contact = save_contact_as(people["sales manager"], as_user, email)
	work_off(contact.name)
	assert associations_of(call) == [("Contact", contact.name, 1)]


def test_suggestions_are_for_those_who_edit(rep, people, as_user):
	email = address()
	person(email), person(email)
	call = call_with(rep, email=email)
	apply.match_call(call)
	with as_user(rep):
		assert len(suggestions.offered(call)) == 2
	# users who may not read Contacts get no information about them
	with as_user(people["other seat"]):
		assert suggestions.offered(call) == []


# ------------------------------------------------------------------------------------------------ concurrent changes


@pytest.fixture
def three_calls(rep, as_user, kept):
	"""-> (a Contact created after them, the calls, the newest first)"""
	email = address()
	calls = [call_with(rep, email=email) for _number in range(3)]
	return save_contact_as(rep, as_user, email).name, calls[::-1]


def parties(calls):
	return [participant_of(call).party for call in calls]


def test_a_worker_that_dies_loses_no_call(three_calls):
	contact, calls = three_calls
	(name,) = waiting(contact)
	dead = lease.claim(name, "Record Matching")
	assert later.calls_ahead(name) == calls
	jobs.step(dead, iter(calls))
	assert parties(calls) == [contact, None, None]
	# while it may be alive no other worker takes it
	jobs.match_record(name)
	assert parties(calls) == [contact, None, None]
	# killed, and the queue emptied: its lease lapses, and the sweep finds the rest
	long_ago = utc_now() - timedelta(hours=1)
	frappe.db.set_value("Record Matching", name, "heartbeat", long_ago, update_modified=False)
	assert name in sweep.queue_again("Record Matching", enqueue.match_record)
	assert later.calls_ahead(name) == calls[1:]
	work_off(contact)
	assert parties(calls) == [contact] * 3
	with pytest.raises(lease.LeaseLost):
		jobs.step(dead, iter(calls[1:]))


def test_a_job_that_redis_lost_is_queued_again(three_calls):
	(name,) = waiting(three_calls[0])
	minute_ago = utc_now() - timedelta(minutes=1)
	frappe.db.set_value("Record Matching", name, "heartbeat", minute_ago, update_modified=False)
	assert name in sweep.queue_again("Record Matching", enqueue.match_record)


def test_the_rest_is_queued_when_others_have_their_turn(three_calls, monkeypatch):
	contact, calls = three_calls
	(name,) = waiting(contact)
	first = frappe.db.get_value("Record Matching", name, "job_id")
	monkeypatch.setattr(resumable, "SLICE_SECONDS", 0)
	jobs.match_record(name)
	assert parties(calls) == [contact, None, None]
	row = frappe.db.get_value("Record Matching", name, ["lease", "job_id"], as_dict=True)
	assert not row.lease and row.job_id != first
	jobs.match_record(name)
	assert parties(calls) == [contact, contact, None]


def test_a_call_that_cannot_be_matched_stops_no_other(three_calls):
	contact, calls = three_calls
	# its rows exist, but the call does not
	frappe.db.delete("Call", {"name": calls[0]})
	work_off(contact)
	assert parties(calls[1:]) == [contact] * 2
	assert frappe.db.get_value("Error Log", {"reference_name": calls[0]}, "error").count("Traceback")


def test_a_call_at_which_workers_die_is_passed_over(three_calls):
	contact, calls = three_calls
	(name,) = waiting(contact)
	frappe.db.set_value("Record Matching", name, "attempts", resumable.MOST_ATTEMPTS)
	work_off(contact)
	assert parties(calls) == [None, contact, contact]
	assert frappe.db.exists("Error Log", {"reference_name": calls[0]})


def test_a_record_that_is_gone_is_no_work(three_calls):
	contact, calls = three_calls
	frappe.set_user("Administrator")
	frappe.delete_doc("Contact", contact)
	work_off(contact)
	assert parties(calls) == [None] * 3


def test_a_corrected_name_reaches_those_who_go_by_it(rep, kept):
	contact = person(address(), first_name="Sarha")
	by_itself, by_hand = (
		factories.call(rep, participants=[{"party_type": "Contact", "party": contact}])
		for _number in range(2)
	)
	doc = frappe.get_doc("Call", by_hand)
	doc.participants[-1].display_name = "Aunt Sarah"
	doc.save()
	work_off(contact)
	assert participant_of(by_itself).display_name == "Sarha"
	doc = frappe.get_doc("Contact", contact)
	doc.first_name = "Sarah"
	doc.save()
	work_off(contact)
	assert participant_of(by_itself).display_name == "Sarah"
	assert participant_of(by_hand).display_name == "Aunt Sarah"


def test_so_does_the_name_of_the_record_that_it_was_merged_with(rep, kept):
	old, new = person(address(), first_name="Sarha"), person(address(), first_name="Sarah")
	call = factories.call(rep, participants=[{"party_type": "Contact", "party": old}])
	frappe.rename_doc("Contact", old, new, merge=True, force=True)
	work_off(new)
	assert (participant_of(call).party, participant_of(call).display_name) == (new, "Sarah")


def test_lists_of_addresses_make_no_more_participants_than_a_call_takes(rep):
	crowd = ",".join(f"a{number}@x.example" for number in range(40))
	doc = frappe.get_doc("Call", factories.call(rep))
	doc.set("participants", [{"email": crowd.replace("a", f"{letter}")} for letter in "bcdefg"])
	with pytest.raises(frappe.ValidationError, match="at most"):
		doc.save()
