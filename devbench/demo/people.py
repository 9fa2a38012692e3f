"""The demo's company, its customers and their records in the CRM. Runs in the bench's Python."""

import frappe
from frappe.utils.password import update_password

PASSWORD = "demo"
FARM = "+1 541 555 0100"

PEOPLE = (
	{
		"email": "daniel@northwind.example",
		"first_name": "Daniel",
		"last_name": "Reyes",
		"roles": ("Sales User", "Agent", "Call Intelligence User"),
		"is": "a rep: has the seat, owns the calls",
	},
	{
		"email": "maria@northwind.example",
		"first_name": "Maria",
		"last_name": "Lindqvist",
		"roles": ("Sales User", "Sales Manager", "Agent", "System Manager", "Call Intelligence Manager"),
		"is": "the coach: sees all calls, keeps the settings",
	},
	{
		"email": "tom@northwind.example",
		"first_name": "Tom",
		"last_name": "Becker",
		"roles": ("Sales User",),
		"is": "uses the CRM without the seat: listens, does not upload",
	},
)


def make_people() -> None:
	for person in PEOPLE:
		if not frappe.db.exists("User", person["email"]):
			frappe.get_doc(
				{
					"doctype": "User",
					"email": person["email"],
					"first_name": person["first_name"],
					"last_name": person["last_name"],
					"send_welcome_email": 0,
					"roles": [{"role": role} for role in person["roles"] if frappe.db.exists("Role", role)],
				}
			).insert()
			update_password(person["email"], PASSWORD)


def make_records() -> dict:
	"""Creates missing CRM records -> {"sarah": name, "deal": name, "peter": ..., "ticket": ..., "yours": ...}"""
	rep = PEOPLE[0]["email"]
	harbor = record(
		"CRM Organization",
		{"organization_name": "Blue Harbor Logistics"},
		website="https://blueharbor.example",
		industry="Logistics",
		no_of_employees="51-200",
	)
	sarah = contact("Sarah", "Miller", "sarah.miller@blueharbor.example", "+1 206 555 0142", harbor)
	deal = record(
		"CRM Deal",
		{"organization": harbor},
		deal_owner=rep,
		status="Proposal/Quotation",
		annual_revenue=14400,
		next_step="Call with Sarah and her manager on Thursday",
		contacts=[{"contact": sarah, "is_primary": 1}],
	)
	farms = record("HD Customer", {"customer_name": "Green Valley Farms"}, domain="greenvalley.example")
	paula = contact("Paula", "Novak", "paula.novak@greenvalley.example", "+1 541 555 0199", farms, FARM)
	contact("Mark", "Evans", "mark.evans@greenvalley.example", "(541) 555-0122", farms, FARM)
	ticket = record(
		"HD Ticket",
		{"subject": "Water pumps have not arrived"},
		raised_by="paula.novak@greenvalley.example",
		contact=paula,
		customer=farms,
		priority="High",
	)
	yours = contact("Your", "Recordings", "you@example.com", "", "")
	return {
		"sarah": sarah,
		"harbor": harbor,
		"deal": deal,
		"paula": paula,
		"customer": farms,
		"ticket": str(ticket),
		"yours": yours,
	}


def record(doctype: str, key: dict, **values) -> str:
	"""Name of the record that matches `key`, created with `values` if missing."""
	if name := frappe.db.get_value(doctype, key):
		return name
	for field in frappe.get_meta(doctype).get(
		"fields", {"fieldtype": "Link", "fieldname": ["in", list(values)]}
	):
		add_value(field.options, values[field.fieldname])
	return frappe.get_doc({"doctype": doctype, **key, **values}).insert().name


def add_value(doctype: str, name: str) -> None:
	"""Adds a value that the list of the installed app lacks, such as an industry."""
	if not frappe.db.exists(doctype, name):
		field = (frappe.get_meta(doctype).autoname or "").removeprefix("field:")
		frappe.get_doc({"doctype": doctype, field: name}).insert()


def contact(first_name: str, last_name: str, email: str, phone: str, company: str, office: str = "") -> str:
	key = {"first_name": first_name, "last_name": last_name}
	return record(
		"Contact",
		key,
		company_name=company,
		email_ids=[{"email_id": email, "is_primary": 1}],
		phone_nos=[
			*([{"phone": phone, "is_primary_mobile_no": 1}] if phone else []),
			*([{"phone": office}] if office else []),
		],
	)
