"""People of a call are found by e-mail and phone: one is linked, several are offered, and nobody gets at a call by it."""

import frappe
import pytest
from frappe.permissions import add_permission, update_permission_property

from call_intelligence import linking, permissions, suggestions
from call_intelligence.jobs import match
from call_intelligence.matching import apply, find
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


# ------------------------------------------------------------------------------------------------ later


def save_contact_as(user, as_user, email):
	with as_user(user):
		return frappe.get_doc(
			{"doctype": "Contact", "first_name": factories.unique("Late"), "email_ids": [{"email_id": email}]}
		).insert()


def test_a_contact_that_comes_later_is_matched_to_earlier_calls(rep, as_user):
	email = address()
	call = call_with(rep, email=email)
	assert not apply.match_call(call)
	contact = save_contact_as(rep, as_user, email)

	match.match_record("Contact", contact.name)

	assert participant_of(call).party == contact.name
	assert associations_of(call) == [("Contact", contact.name, 1)]


def test_nobody_gets_at_a_call_by_making_a_contact(rep, people, as_user):
	"""The crm user may make Contacts, and does not see this call."""
	stranger, email = people["crm user"], address()
	call = call_with(rep, email=email)
	assert not permissions.can_see(call, stranger)
	contact = save_contact_as(stranger, as_user, email)

	match.match_record("Contact", contact.name)
	# nor by having the call processed once more
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
	# somebody else saves it for another reason: still a question
	frappe.get_doc("Contact", contact).save()
	apply.match_call(call)
	assert not permissions.can_see(call, stranger)


@pytest.fixture
def planter(site):
	"""A user who makes Contacts, and reads only those"""
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


def test_what_a_manager_saves_is_linked(rep, people, as_user):
	email = address()
	call = call_with(rep, email=email)
	contact = save_contact_as(people["sales manager"], as_user, email)
	match.match_record("Contact", contact.name)
	assert associations_of(call) == [("Contact", contact.name, 1)]


def test_suggestions_are_for_those_who_edit(rep, people, as_user):
	email = address()
	person(email), person(email)
	call = call_with(rep, email=email)
	apply.match_call(call)
	with as_user(rep):
		assert len(suggestions.offered(call)) == 2
	# who may not read Contacts learns nothing of them
	with as_user(people["other seat"]):
		assert suggestions.offered(call) == []
