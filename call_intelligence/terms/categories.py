"""Categories of tracked terms; the title is also the name."""

import frappe

from call_intelligence.compat import delete_doc
from call_intelligence.terms.rules import title_of


def check(category) -> None:
	category.title = title_of(category.title)


def remove_terms(category: str) -> None:
	"""Delete the category's terms with all their mentions."""
	for name in frappe.get_all("Tracked Term", filters={"category": category}, pluck="name"):
		delete_doc("Tracked Term", name, ignore_permissions=True)


def rename(old: str, title: str) -> str:
	"""-> the new name"""
	title = title_of(title)
	if title == old:
		return old
	same = frappe.db.get_value("Tracked Term Category", {"title": title, "name": ["!=", old]})
	if same:
		frappe.throw(
			frappe._("There is already a category {0}.").format(frappe.bold(frappe.utils.escape_html(same))),
		)
	if title.casefold() == old.casefold():
		# Frappe treats the two names as equal
		table = frappe.qb.DocType("Tracked Term Category")
		frappe.qb.update(table).set(table.name, title).set(table.title, title).where(table.name == old).run()
		frappe.db.set_value("Tracked Term", {"category": old}, "category", title, update_modified=False)
		frappe.clear_document_cache("Tracked Term Category", old)
		return title
	return frappe.rename_doc(
		"Tracked Term Category", old, title, force=True, show_alert=False, rebuild_search=False
	)
