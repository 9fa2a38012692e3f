"""Runs on the scratch site of test_installed_apps.py:  apps_probe.py SITE

Installs and removes the CRM apps around calls linked to their records. Prints one JSON object: the observations of each step.
"""

import json
import sys
from pathlib import Path

import frappe
from frappe.desk.form.load import getdoc
from frappe.desk.reportview import get_list
from frappe.installer import install_app, remove_app

CHECKOUT = Path(__file__).resolve().parents[2]
ADDRESS, PHONE = "ann@customer.example", "+1 206 555 8455"


def main(site: str) -> dict:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.in_test = True
	install_app("call_intelligence")
	frappe.db.commit()
	seen = {}

	person = contact()
	seen["plain"] = look(first := make_call())

	install_app("demo_erpnext")
	customer = make("Customer", customer_name="Harbor Ltd")
	lead = make("Lead", first_name="Bo", mobile_no=PHONE)
	deal = make("Opportunity", opportunity_from="Customer", party_name=customer)
	make("Opportunity", opportunity_from="Customer", party_name=customer, status="Lost")
	issue = make("Issue", subject="No water", customer=customer)
	doc = frappe.get_doc("Contact", person)
	doc.append("links", {"link_doctype": "Customer", "link_name": customer})
	doc.save()
	second = make_call([("Issue", issue)], [{"phone": "(206) 555-8455"}])
	seen["erpnext"] = look(second)
	accept(second)
	add(first, "Lead", lead)
	seen["erpnext, the earlier call"] = look(first)
	seen["erpnext, a log"] = look_at_log(customer)
	prospect = make("Prospect", company_name="Harbor Prospects")
	became = [
		("Opportunity", make("Opportunity", opportunity_from="Lead", party_name=lead)),
		("Customer", make("Customer", customer_name="Bo", lead_name=lead)),
	]
	converted = make_call([("Lead", lead), ("Prospect", prospect)])
	for record in became:
		follow(*record)
	seen["erpnext, converted"] = look(converted)
	frappe.delete_doc("Call", converted)
	frappe.db.commit()

	frappe.db.set_single_value("Call Intelligence Settings", "spa_buttons", 1)
	install_app("demo_crm")
	install_app("demo_helpdesk")
	seen["buttons, at once"] = buttons()
	organization = make("CRM Organization", organization_name="Harbor Ltd")
	frappe.db.set_value("Contact", person, "company_name", organization)
	crm_deal = make("CRM Deal", organization=organization)
	settings = frappe.get_single("Call Intelligence Settings")
	settings.append("crm_objects", {"kind": "Deal", "link_doctype": "Issue", "enabled": 1})
	settings.save()
	third = make_call([("CRM Deal", crm_deal), ("Opportunity", deal)])
	seen["both"] = look(third)
	seen["buttons"] = buttons()

	remove("demo_erpnext")
	seen["crm, logs"] = logs()
	seen["crm, after erpnext"] = [look(call) for call in (first, second, third)]
	frappe.get_single("Call Intelligence Settings").save()
	for call in (first, second, third):
		doc = frappe.get_doc("Call", call)
		doc.title = "Saved without ERPNext"
		doc.save()
	# as Desk sends it back
	form = frappe.get_doc(opened(second))
	form.title = "Saved in the form"
	form.save()
	seen["crm, saved"] = look(second)
	seen["list"] = len(listed())

	install_app("demo_erpnext")
	seen["erpnext again"] = look(second)
	settings = frappe.get_single("Call Intelligence Settings")
	settings.spa_buttons = 0
	settings.save()
	seen["buttons off"] = buttons()
	settings.spa_buttons = 1
	settings.save()

	remove("demo_erpnext")
	frappe.delete_doc("Call", second)
	remove("call_intelligence")
	seen["buttons, uninstalled"] = buttons()
	remove("demo_crm")
	remove("demo_helpdesk")
	return seen


def remove(app: str) -> None:
	frappe.db.commit()
	remove_app(app, yes=True, no_backup=True)
	frappe.clear_cache()


def make(doctype: str, **values) -> str:
	name = frappe.get_doc({"doctype": doctype, **values}).insert().name
	frappe.db.commit()
	return name


def contact() -> str:
	return make("Contact", first_name="Ann", email_ids=[{"email_id": ADDRESS, "is_primary": 1}])


def make_call(associations=(), participants=()) -> str:
	from call_intelligence.people.matching.apply import match_call
	from tests import factories

	name = factories.call(
		"Administrator", associations=associations, participants=[{"email": ADDRESS}, *participants]
	)
	match_call(name)
	frappe.db.commit()
	return name


def follow(doctype: str, name: str) -> None:
	from call_intelligence.associations import conversions

	conversions.follow(doctype, name)


def accept(call: str) -> None:
	from call_intelligence.api import associations

	for offer in associations.get(call)["suggestions"]:
		associations.accept(call, offer["id"])
	frappe.db.commit()


def add(call: str, doctype: str, name: str) -> None:
	from call_intelligence.api import associations

	associations.add(call, doctype, name)
	frappe.db.commit()


def look(call: str) -> dict:
	"""Reads the call through every way in for users"""
	from call_intelligence import permissions
	from call_intelligence.api import associations, review
	from call_intelligence.desk import boot, timeline
	from call_intelligence.integrations.registry import association_doctypes

	opened(call)
	listed()
	permissions.visible_calls("Guest")
	boot.extend_bootinfo(frappe._dict())
	answer = review.get(call)["associations"]
	associations.search(call, "Harbor")
	fields = ["contact", "company_doctype", "company", "deal_doctype", "deal", "ticket_doctype", "ticket"]
	return {
		"doctypes": association_doctypes(),
		"records": [[row["kind"], row["doctype"], row["title"], row["state"]] for row in answer["records"]],
		"suggestions": [[row["doctype"], row["reason"]] for row in answer["suggestions"]],
		"primary": frappe.db.get_value("Call", call, fields, as_dict=True),
		"cards": [
			len(timeline.get_timeline_cards(row["doctype"], row["name"]))
			for row in answer["records"]
			if row["state"] == "open"
		],
	}


def look_at_log(customer: str) -> dict:
	"""A call as ERPNext writes it down for Exotel"""
	from dataclasses import asdict

	from call_intelligence.integrations import call_logs

	settings = frappe.get_single("Exotel Settings")
	settings.update({"enabled": 1, "account_sid": "harbor", "api_key": "key", "api_token": "token"})
	settings.save()
	frappe.db.commit()
	url = "https://recordings.exotel.com/exotelrecordings/harbor/e1.mp3"
	numbers = {"from": PHONE, "to": "+912240000000", "type": "Incoming", "start_time": "2026-01-31 14:30:00"}
	more = {"customer": customer, "employee_user_id": "Administrator", "recording_url": url}
	name = make("Call Log", id="e1", **numbers, **more)
	(call, _cursor) = call_logs.poll(call_logs.to_utc(frappe.utils.get_datetime("2026-01-01")))
	assert call == call_logs.to_remote(frappe.get_doc("Call Log", name))
	shown = asdict(call) | {"started_at": call.started_at.isoformat()}
	return {"logs": logs(), "call": shown, "credentials": call_logs.credentials("Call Log")}


def logs() -> list:
	from call_intelligence.integrations import call_logs

	return call_logs.accounts()


def opened(call: str) -> dict:
	"""The data of a form"""
	frappe.local.response = frappe._dict(docs=[])
	getdoc("Call", call)
	return json.loads(frappe.as_json(frappe.local.response.docs[0]))


def listed() -> list:
	frappe.local.form_dict = frappe._dict(doctype="Call", fields='["name", "contact", "company", "deal"]')
	return get_list()


def buttons() -> list:
	found = []
	for doctype in ("CRM Form Script", "HD Form Script"):
		if frappe.db.table_exists(doctype):
			found += frappe.get_all(doctype, fields=["dt", "enabled"], order_by="dt", as_list=True)
	return found


if __name__ == "__main__":
	answer = main(sys.argv[1])
	frappe.destroy()
	print(json.dumps(answer, default=str))
