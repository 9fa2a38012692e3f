"""Tracked terms of the demo, as its coach would add them in Insights. Runs in the bench's Python."""

import frappe

from call_intelligence.terms import catalogue
from devbench.demo.people import PEOPLE

COACH = PEOPLE[1]["email"]
# {category: [(term, phrases, other fields)]}
TERMS = {
	"Pricing": [
		("Price", ["price", "cost", "how much", "expensive"], {}),
		(
			"Asks for the price",
			["cost", "price", "how much"],
			{"said_by": "Customer", "place": "In a question"},
		),
		("Discount", ["discount", "special offer"], {}),
	],
	"Decision": [
		("Decision maker", ["talk to my manager", "my boss", "purchasing department"], {}),
		("Next step", ["send you", "invitation", "Thursday afternoon"], {"said_by": "Our side"}),
	],
	"Delivery": [
		("Late delivery", ["not arrived", "delayed", "late"], {}),
		("Broken goods", ["broken", "damaged", "replacement"], {}),
	],
	"Competitors": [("Contoso", ["Contoso", "Contoso Cloud"], {})],
}


def make_terms() -> None:
	"""Creates them if there are none; a job searches existing calls."""
	if frappe.db.count("Tracked Term"):
		return
	frappe.set_user(COACH)
	changes = {"categories": [], "terms": []}
	for position, (category, terms) in enumerate(TERMS.items(), start=1):
		changes["categories"].append({"name": category, "new": True, "title": category, "position": position})
		for title, phrases, values in terms:
			rows = [{"phrase": phrase, "word_forms": True} for phrase in phrases]
			changes["terms"].append({"category": category, "title": title, "phrases": rows, **values})
	catalogue.save(changes, catalogue.version())
	frappe.set_user("Administrator")
	frappe.db.commit()
