"""Associations of a call: the panel's answers, renamed, merged and deleted records, and Settings."""

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk.form import load

from call_intelligence.api import associations as api
from call_intelligence.api.panels import associations
from call_intelligence.associations import linking, suggestions
from call_intelligence.desk import timeline
from call_intelligence.integrations import registry
from call_intelligence.integrations.relations import companies_of, open_deals_of
from call_intelligence.people import by_hand
from call_intelligence.people.matching import apply
from call_intelligence.permissions import can_see
from tests import factories
from tests.integration.test_matching import (
	address,
	associations_of,
	call_with,
	offered,
	participant_of,
	person,
)


@pytest.fixture
def rep(people, as_user):
	with as_user(people["rep"]):
		yield people["rep"]


@pytest.fixture
def crm(site):
	if not registry.is_installed("CRM Deal"):
		pytest.skip("needs the demo CRM")


def make(doctype, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True).name


def organization(name="Harbor"):
	return make("CRM Organization", organization_name=factories.unique(name))


def search(call, text):
	return [row["name"] for row in api.search(call, text)]


# ------------------------------------------------------------------------------------------------ the panel


def test_add_and_remove(rep):
	call, contact = factories.call(rep), factories.contact()

	(record,) = api.add(call, "Contact", contact)["records"]
	assert (record["name"], record["kind"], record["automatic"], record["state"]) == (
		contact,
		"Contact",
		False,
		"open",
	)
	assert frappe.db.get_value("Call", call, "contact") == contact
	assert timeline.get_timeline_cards("Contact", contact)

	assert api.remove(call, record["id"])["records"] == []
	assert not frappe.db.get_value("Call", call, "contact")
	# and again by hand, although it was removed
	assert api.add(call, "Contact", contact)["records"]


@pytest.mark.parametrize("text", ["harbourm", "late.riser@", "(206) 555-83", "5558321"])
def test_search_by_name_email_and_phone(rep, text):
	contact = person(
		f"late.riser@{frappe.generate_hash(length=6)}.example", "+1 206 555 8321", first_name="Harbourmaster"
	)
	assert contact in search(factories.call(rep), text)


def test_an_underscore_is_a_letter(rep):
	contact = person(f"late_riser@{frappe.generate_hash(length=6)}.example", first_name="Ann_Smith")
	call = factories.call(rep)
	assert contact in search(call, "ann_s") and contact in search(call, "late_riser@")
	assert contact not in search(call, "annxs")


def test_search_finds_nothing_that_one_may_not_read(people, as_user):
	factories.contact(first_name="Harbourmaster")
	call = factories.call(people["owner"])
	with as_user(people["owner"]):
		assert api.search(call, "Harbourmaster") == []


def test_wildcards_are_letters(rep):
	factories.contact()
	assert api.search(factories.call(rep), "%%") == []
	assert api.search(factories.call(rep), "__") == []


def test_a_record_that_one_may_not_read_shows_neither_name_nor_title(people, as_user):
	contact = factories.contact(first_name="Secretive")
	call = factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people["owner"]):
		answer = associations.describe(call)
		document = frappe.get_doc("Call", call)
		document.apply_fieldlevel_read_permissions()
	(record,) = answer["records"]
	assert (record["state"], record["name"], record["title"]) == ("hidden", None, None)
	assert not document.associations and not document.contact


@pytest.mark.parametrize("field", ["contact.email_id", "company.name", "deal.status", "ticket.subject"])
def test_lists_of_calls_give_out_no_field_of_a_record(rep, field):
	contact, other = person(address()), factories.contact()
	call = factories.call(rep, associations=[("Contact", contact)])
	frappe.set_user("Administrator")
	make("User Permission", user=rep, allow="Contact", for_value=other)
	frappe.set_user(rep)
	assert not frappe.has_permission("Contact", doc=contact)
	assert frappe.get_list("Call", filters={"name": call}, fields=["name", "contact"])
	# targets of a Dynamic Link are not joined
	with pytest.raises((frappe.DoesNotExistError, frappe.db.OperationalError)):
		frappe.get_list("Call", filters={"name": call}, fields=["name", field])


def test_who_may_not_edit_gets_no_suggestions(people, as_user):
	email = address()
	contact = person(email)
	person(email)
	call = factories.call(
		people["rep"], associations=[("Contact", contact)], participants=[{"email": email, "phone": ""}]
	)
	suggestions.offer(call, "Contact", factories.contact(), "Phone")
	with as_user(people["crm user"]):
		answer = api.get(call)
	assert (answer["may_edit"], answer["suggestions"], answer["doctypes"]) == (False, [], {})
	assert answer["records"][0]["title"]


def test_accepting_says_who_took_part(rep):
	email = address()
	contacts = [person(email), person(email)]
	call = call_with(rep, email=email)
	apply.match_call(call)
	offer = next(row for row in api.get(call)["suggestions"] if row["name"] == contacts[1])

	answer = api.accept(call, offer["id"])

	assert [row["name"] for row in answer["records"]] == [contacts[1]]
	row = participant_of(call)
	assert (row.party, row.matched_by, row.side) == (contacts[1], "By hand", "Customer")


def suggested(call):
	return [row["name"] for row in api.get(call)["suggestions"]]


@pytest.mark.parametrize("way", ["accept", "connect", "form", "colleague"])
def test_who_is_known_is_no_question_any_more(rep, people, way):
	email = address()
	contacts = [person(email), person(email)]
	call = call_with(rep, email=email)
	apply.match_call(call)
	assert sorted(suggested(call)) == sorted(contacts)
	row = participant_of(call)
	if way == "accept":
		api.accept(call, api.get(call)["suggestions"][0]["id"])
	elif way == "connect":
		by_hand.connect(call, row.name, "Contact", contacts[0])
	elif way == "colleague":
		by_hand.connect(call, row.name, "User", people["crm user"])
	else:
		doc = frappe.get_doc("Call", call)
		doc.participants[-1].update({"party_type": "Contact", "party": contacts[0]})
		doc.save()
	assert suggested(call) == []
	by_hand.disconnect(call, row.name)
	assert suggested(call) == []


def test_what_was_a_question_of_one_may_be_one_of_another(rep):
	email = address()
	contacts = [person(email), person(email)]
	call = factories.call(rep, participants=[{"email": email}, {"email": email.upper()}])
	apply.match_call(call)
	first, second = frappe.get_doc("Call", call).participants[-2:]
	by_hand.connect(call, first.name, "Contact", factories.contact())
	assert suggested(call) == []
	assert apply.match_call(call)
	assert sorted(suggested(call)) == sorted(contacts)
	by_hand.connect(call, second.name, "Contact", contacts[0])
	assert suggested(call) == []


def test_dismissed_is_dismissed(rep):
	email = address()
	person(email), person(email)
	call = call_with(rep, email=email)
	apply.match_call(call)
	for offer in api.get(call)["suggestions"]:
		api.dismiss(call, offer["id"])
	assert not apply.match_call(call)
	assert offered(call) == []


# ------------------------------------------------------------------------------------------------ a form that was opened earlier


def test_an_older_form_takes_no_association_away(rep):
	call, contact, other = factories.call(rep), factories.contact(), factories.contact()
	opened = frappe.get_doc("Call", call)
	linking.associate(call, "Contact", contact, automatic=True)
	opened.title = "Another title"
	opened.append("associations", {"link_doctype": "Contact", "link_name": other})
	opened.save()
	assert associations_of(call) == [("Contact", contact, 1), ("Contact", other, 0)]


# ------------------------------------------------------------------------------------------------ companies and deals


def test_the_company_of_a_contact_and_its_one_open_deal(rep, crm):
	company = organization()
	contact = person(email := address(), company_name=company)
	make("CRM Deal", organization=company, status="Won")
	deal = make("CRM Deal", organization=company, status="Negotiation")
	call = call_with(rep, email=email)

	apply.match_call(call)

	assert associations_of(call) == [("Contact", contact, 1), ("CRM Organization", company, 1)]
	assert offered(call) == [deal]
	make("CRM Deal", organization=company, status="Qualification")
	assert len(open_deals_of("CRM Organization", company)) == 2


def suggested_deal(rep):
	"""-> (call, company, deal)"""
	company = organization()
	contact = person(email := address(), company_name=company)
	deal = make("CRM Deal", organization=company, status="Negotiation")
	call = call_with(rep, email=email)
	apply.match_call(call)
	assert suggested(call) == [deal] and contact
	return call, company, deal


@pytest.mark.parametrize("status", ["Won", "Lost"])
def test_a_deal_that_is_over_is_no_question_any_more(rep, crm, status):
	call, _company, deal = suggested_deal(rep)
	(offer,) = api.get(call)["suggestions"]
	frappe.db.set_value("CRM Deal", deal, "status", status)
	assert suggested(call) == []
	with pytest.raises(frappe.DoesNotExistError):
		api.accept(call, offer["id"])
	frappe.db.set_value("CRM Deal", deal, "status", "Negotiation")
	assert suggested(call) == [deal]


def test_nor_is_one_that_is_not_alone_any_more(rep, crm):
	call, company, _deal = suggested_deal(rep)
	make("CRM Deal", organization=company, status="Qualification")
	assert suggested(call) == []


def test_what_came_with_a_person_goes_with_them(rep, crm):
	call, _company, _deal = suggested_deal(rep)
	by_hand.disconnect(call, participant_of(call).name)
	assert associations_of(call) == []
	assert suggested(call) == []


def test_so_do_companies_of_which_it_is_one(rep, crm):
	one, other = organization(), organization()
	links = [{"link_doctype": "CRM Organization", "link_name": name} for name in (one, other)]
	person(email := address(), links=links)
	call = call_with(rep, email=email)
	apply.match_call(call)
	assert sorted(suggested(call)) == sorted([one, other])
	by_hand.disconnect(call, participant_of(call).name)
	assert suggested(call) == []


def test_the_customer_of_a_ticket(rep, crm):
	frappe.set_user("Administrator")
	customer = make("HD Customer", customer_name=factories.unique("Farms"))
	ticket = make("HD Ticket", subject="No water", customer=customer)
	call = factories.call("Administrator")
	answer = api.add(call, "HD Ticket", str(ticket))
	assert [(row["kind"], row["name"]) for row in answer["records"]] == [
		("Ticket", str(ticket)),
		("Company", customer),
	]


def test_fields_of_a_level_that_one_may_not_read_are_neither_shown_nor_searched(rep):
	contact = person(f"hidden.{frappe.generate_hash(length=6)}@customer.example", "+1 206 555 8323")
	frappe.db.set_value("Contact", contact, "company_name", "Secret Harbor")
	call, title = factories.call(rep), frappe.db.get_value("Contact", contact, "full_name")
	(row,) = api.search(call, title)
	assert "hidden." in row["detail"] and "Secret Harbor" in row["detail"]
	own = [("Contact", field) for field in ("company_name", "email_id", "phone_nos", "phone", "mobile_no")]
	for doctype, field in [*own, ("Contact Email", "email_id")]:
		make_property_setter(doctype, field, "permlevel", 2, "Int", validate_fields_for_doctype=False)
	(row,) = api.search(call, title)
	assert (row["name"], row["detail"]) == (contact, "")
	for text in ("hidden.", "Secret Harbor", "2065558323"):
		assert contact not in search(call, text)


def test_two_open_deals_are_none(rep, crm):
	company = organization()
	person(email := address(), company_name=company)
	for _number in range(2):
		make("CRM Deal", organization=company, status="Negotiation")
	call = call_with(rep, email=email)
	apply.match_call(call)
	assert offered(call) == []


def test_nobody_gets_at_a_call_by_making_a_company(rep, people, as_user, crm):
	name = factories.unique("Harbor")
	contact = person(email := address(), company_name=name)
	call = call_with(rep, email=email)
	with as_user(people["stranger"]):
		company = make("CRM Organization", organization_name=name)
	apply.match_call(call)
	assert associations_of(call) == [("Contact", contact, 1)]
	assert offered(call) == [company]


def test_another_record_in_the_same_row_of_the_form_takes_one_away(rep):
	one, other = factories.contact(), factories.contact()
	call = factories.call(rep, associations=[("Contact", one)])
	doc = frappe.get_doc("Call", call)
	doc.associations[0].link_name = other
	doc.save()
	assert doc.associations_version == 1
	assert suggestions.state_of(call, "Contact", one) == suggestions.DISMISSED


def test_links_of_a_contact_say_the_company(rep, crm):
	one, other = organization(), organization()
	link = lambda name: {"link_doctype": "CRM Organization", "link_name": name}  # noqa: E731
	contact = factories.contact(links=[link(one)])
	assert companies_of("Contact", contact) == [("CRM Organization", one)]
	several = factories.contact(links=[link(one), link(other)])
	call = factories.call(rep)
	assert linking.associate_company_of(call, "Contact", several) == []
	assert set(offered(call)) == {one, other}
	main = factories.contact(links=[link(one), link(other)], company_name=other)
	assert companies_of("Contact", main) == [("CRM Organization", other)]


def test_a_company_that_was_removed_does_not_come_back(rep, crm):
	company = organization()
	contact = factories.contact(company_name=company)
	call = factories.call(rep, associations=[("CRM Organization", company)])
	linking.dissociate(call, frappe.get_doc("Call", call).associations[0].name)
	api.add(call, "Contact", contact)
	assert associations_of(call) == [("Contact", contact, 0)]


# ------------------------------------------------------------------------------------------------ renamed, merged, deleted


def test_a_renamed_record_stays_linked(rep):
	frappe.set_user("Administrator")
	contact = factories.contact()
	call = factories.call(
		rep, associations=[("Contact", contact)], participants=[{"party_type": "Contact", "party": contact}]
	)
	new = frappe.rename_doc("Contact", contact, factories.unique("Renamed"))
	assert associations_of(call) == [("Contact", new, 0)]
	assert frappe.db.get_value("Call", call, "contact") == new
	assert participant_of(call).party == new


def test_merged_records_are_linked_once(rep):
	frappe.set_user("Administrator")
	one, other = factories.contact(), factories.contact()
	call = factories.call(rep, associations=[("Contact", one), ("Contact", other)])
	elsewhere = factories.call(rep, associations=[("Contact", other)])
	for contact in (one, other):
		suggestions.offer(elsewhere, "Contact", contact, "Phone")
	suggestions.dismiss(bystander := factories.call(rep), "Contact", other)
	suggestions.offer(bystander, "Contact", one, "Phone")

	frappe.rename_doc("Contact", one, other, merge=True, force=True)

	assert associations_of(call) == [("Contact", other, 0)] == associations_of(elsewhere)
	assert frappe.db.get_value("Call", call, "contact") == other
	assert offered(elsewhere) == [] == offered(bystander)
	assert suggestions.state_of(bystander, "Contact", other) == "Dismissed"
	# and the call can still be saved
	frappe.get_doc("Call", call).save()


def test_a_deleted_record_leaves_the_call_and_its_next_contact(rep):
	frappe.set_user("Administrator")
	one, other = factories.contact(), factories.contact()
	call = factories.call(rep, associations=[("Contact", one), ("Contact", other)])
	suggestions.offer(call, "Contact", third := factories.contact(), "Phone")
	for contact in (one, third):
		frappe.delete_doc("Contact", contact)
	assert associations_of(call) == [("Contact", other, 0)]
	assert frappe.db.get_value("Call", call, "contact") == other
	assert offered(call) == []


# ------------------------------------------------------------------------------------------------ Settings


def settings_with(*rows):
	frappe.set_user("Administrator")
	settings = frappe.get_single("Call Intelligence Settings")
	settings.set("crm_objects", [])
	for kind, doctype, enabled in rows:
		settings.append("crm_objects", {"kind": kind, "link_doctype": doctype, "enabled": enabled})
	return settings.save()


def test_any_doctype_can_be_a_deal(people, as_user):
	settings_with(("Deal", "ToDo", 1))
	todo = make("ToDo", description="Premium plan", allocated_to=people["rep"])
	call = factories.call(people["rep"])
	with as_user(people["rep"]):
		(record,) = api.add(call, "ToDo", todo)["records"]
	assert record["kind"] == "Deal"
	assert frappe.db.get_value("Call", call, ["deal_doctype", "deal"]) == ("ToDo", todo)
	assert timeline.get_timeline_cards("ToDo", todo)
	# users who may read the record see the call
	other = people["crm user"]
	assert not can_see(call, other)
	frappe.db.set_value("ToDo", todo, "allocated_to", other)
	assert can_see(call, other)


def test_a_doctype_can_be_switched_off_and_on(people):
	call = factories.call(people["rep"], associations=[("Contact", contact := factories.contact())])
	settings_with(("Contact", "Contact", 0))
	assert "Contact" not in registry.association_doctypes()
	assert not frappe.db.get_value("Call", call, "contact")
	assert associations_of(call)
	settings_with()
	assert frappe.db.get_value("Call", call, "contact") == contact


@pytest.mark.parametrize(
	"doctype", ["Contact Email", "System Settings", "Call", "User", "No such DocType", "DocType"]
)
def test_what_has_no_records_of_its_own_is_refused(site, doctype):
	with pytest.raises(frappe.ValidationError, match="cannot be associated"):
		settings_with(("Deal", doctype, 1))


def test_twice_is_refused(site):
	with pytest.raises(frappe.ValidationError, match="twice"):
		settings_with(("Deal", "ToDo", 1), ("Ticket", "ToDo", 1))


def test_a_doctype_that_has_vanished_breaks_nothing(people, as_user):
	contact = factories.contact()
	call = factories.call(people["rep"], associations=[("Contact", contact)])
	settings = settings_with(("Deal", "ToDo", 1))
	frappe.db.set_value("CRM Object Mapping", settings.crm_objects[0].name, "link_doctype", "Gone DocType")
	frappe.db.set_value(
		"Call Association",
		{"parent": call},
		{"link_doctype": "Gone DocType", "link_name": "G-1", "link_title": "What it was", "kind": "Deal"},
	)
	registry.forget_installed()
	linking.mapping_changed()
	frappe.get_single("Call Intelligence Settings").save()

	with as_user(people["rep"]):
		(record,) = api.get(call)["records"]
		document = frappe.get_doc("Call", call)
		document.title = "Still here"
		document.save()
	assert (record["state"], record["title"], record["kind"]) == ("gone", "What it was", "Deal")
	frappe.share.add_docshare("Call", call, people["stranger"], flags={"ignore_share_permission": True})
	with as_user(people["stranger"]):
		# users who may not edit the call might not have seen the record either
		(record,) = api.get(call)["records"]
	assert (record["state"], record["title"], record["name"]) == ("hidden", None, None)
	assert [(row.link_doctype, row.link_name) for row in frappe.get_doc("Call", call).associations] == [
		("Gone DocType", "G-1")
	]
	load.getdoc("Call", call)


# ------------------------------------------------------------------------------------------------ connections


def test_the_number_of_calls_obeys_the_rule(people, as_user, monkeypatch):
	contact = factories.contact()
	monkeypatch.setattr(timeline, "MOST_CARDS", 2)
	for _number in range(4):
		factories.call(people["owner"], associations=[("Contact", contact)])
	with as_user(people["crm user"]):
		cards = timeline.get_timeline_cards("Contact", contact)
	assert len(cards) == 2 and cards[-1]["template_data"]["more"]["count"] == 4
	with as_user(people["stranger"]):
		assert timeline.get_timeline_cards("Contact", contact) == []
