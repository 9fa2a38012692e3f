"""Reads and saves all categories and terms together for editing in place, without overwriting changes of other users."""

import hashlib

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import cint, flt

from call_intelligence.compat import delete_doc
from call_intelligence.terms import categories, rules

MOST_TERMS = 1000
# in one request: of each kind, and phrases of all terms together
MOST_CHANGES = 30
# higher, because moving one category changes the positions of all
MOST_CATEGORIES = 60
MOST_CHANGED_PHRASES = 200
CATEGORY, TERM = "Tracked Term Category", "Tracked Term"


class CatalogueConflict(frappe.ValidationError):
	"""Another user has saved meanwhile: nothing has been overwritten."""

	http_status_code = 409


def read() -> dict:
	"""{"version", "categories": [{"name", "title", "position", "creation": a stable key when title and name change, "terms":
	[{"name", "title", "enabled", "said_by", "place", "minutes", "mentions": their number in all calls, "phrases": [{"phrase",
	"word_forms"}]}]}]}"""
	found = {
		row.name: {**row, "position": cint(row.position), "creation": str(row.creation), "terms": []}
		for row in frappe.get_all(
			CATEGORY, fields=["name", "title", "position", "creation"], order_by="position asc, title asc"
		)
	}
	phrases: dict = {}
	for row in frappe.get_all(
		"Tracked Term Phrase",
		filters={"parenttype": TERM},
		fields=["parent", "phrase", "word_forms"],
		order_by="parent asc, idx asc",
	):
		phrases.setdefault(row.parent, []).append(
			{"phrase": row.phrase, "word_forms": bool(cint(row.word_forms))}
		)
	mention = frappe.qb.DocType("Term Mention")
	mentions = dict(frappe.qb.from_(mention).select(mention.term, Count("*")).groupby(mention.term).run())
	for term in frappe.get_all(
		TERM,
		fields=["name", "title", "category", "enabled", "said_by", "place", "minutes"],
		order_by="title asc",
	):
		if term.category in found:
			found[term.category]["terms"].append(
				{
					"name": term.name,
					"title": term.title,
					"enabled": bool(cint(term.enabled)),
					"said_by": term.said_by,
					"place": term.place,
					"minutes": flt(term.minutes),
					"mentions": mentions.get(term.name, 0),
					"phrases": phrases.get(term.name, []),
				}
			)
	return {"version": version(), "categories": list(found.values())}


def version(lock: bool = False) -> str:
	"""Changes with every category or term. lock: read the current state and lock it until the transaction ends."""
	digest = hashlib.sha256()
	for doctype in (CATEGORY, TERM):
		table = frappe.qb.DocType(doctype)
		query = frappe.qb.from_(table).select(table.name, table.modified).orderby(table.name)
		for name, modified in (query.for_update() if lock else query).run():
			digest.update(f"{doctype} {name} {modified}\n".encode())
	return digest.hexdigest()[:16]


def save(changes: dict, known: str) -> None:
	"""Save all changes or none. Does not commit.

	changes: {"categories": [{"name": the name, or a key of the sender's for a new category, "new": bool, "title", "position"}],
	"terms": [{"name" or None, "category": name or key, "title", "enabled", "said_by", "place", "minutes", "phrases"}],
	"deleted_categories": [name], "deleted_terms": [name]}; known: the version that the sender edited
	"""
	changes = listed(changes)
	if version(lock=True) != known:
		frappe.throw(
			_(
				"Somebody else has changed the tracked terms meanwhile. Nothing of yours has been saved or lost: look at what there is now, then save again."
			),
			CatalogueConflict,
		)
	for name in changes["deleted_terms"]:
		if frappe.db.exists(TERM, name):
			delete_doc(TERM, name)
	parked = free_titles(changes)
	names = dict(parked)
	# existing ones first: a new category may take the title that another one gives up
	for entry in sorted(changes["categories"], key=lambda entry: bool(entry.get("new"))):
		names[str(entry.get("name"))] = save_category(entry)
	for entry in changes["terms"]:
		category = str(entry.get("category") or "")
		save_term({**entry, "category": names.get(category, category)})
	# last, so that terms moved out of them are kept
	for name in changes["deleted_categories"]:
		name = parked.get(name, name)
		if frappe.db.exists(CATEGORY, name):
			delete_doc(CATEGORY, name)
	if frappe.db.count(TERM) > MOST_TERMS:
		frappe.throw(_("You can have at most {0} tracked terms. Remove some first.").format(MOST_TERMS))


def listed(changes: dict) -> dict:
	"""The changes with all keys, and only entries of the right type. Raises if there are too many."""
	found: dict[str, list] = {}
	for key, kind in (
		("categories", dict),
		("terms", dict),
		("deleted_categories", str),
		("deleted_terms", str),
	):
		entries = changes.get(key) if isinstance(changes, dict) else None
		found[key] = (
			[entry for entry in entries or [] if isinstance(entry, kind)] if isinstance(entries, list) else []
		)
		most = MOST_CATEGORIES if key == "categories" else MOST_CHANGES
		if len(found[key]) > most:
			frappe.throw(_("Too many changes at once. Save after at most {0} changes.").format(most))
	phrases = sum(len(entry["phrases"]) for entry in found["terms"] if isinstance(entry.get("phrases"), list))
	if phrases > MOST_CHANGED_PHRASES:
		frappe.throw(
			_("Too many phrases at once. Save after at most {0} phrases.").format(MOST_CHANGED_PHRASES)
		)
	return found


def free_titles(changes: dict) -> dict:
	"""Rename categories that will be deleted and whose titles others get. -> {name: temporary name}"""
	titles = [rules.title_of(entry.get("title")) for entry in changes["categories"]]
	deleted = changes["deleted_categories"]
	# the database decides which titles are equal
	wanted = (
		frappe.get_all(CATEGORY, filters=[["name", "in", deleted], ["title", "in", titles]], pluck="name")
		if titles and deleted
		else []
	)
	return {
		name: categories.rename(name, f"{name[:60].strip()} {frappe.generate_hash(length=10)}")
		for name in wanted
	}


def save_category(entry: dict) -> str:
	"""-> its name"""
	position = cint(entry.get("position"))
	if entry.get("new"):
		doc = frappe.get_doc({"doctype": CATEGORY, "title": entry.get("title"), "position": position})
		return doc.insert().name
	name = there(CATEGORY, entry.get("name"), entry.get("title"))
	name = categories.rename(name, entry.get("title") or "")
	if cint(frappe.db.get_value(CATEGORY, name, "position")) != position:
		frappe.db.set_value(CATEGORY, name, "position", position)
	return name


def save_term(entry: dict) -> None:
	values = values_of(entry)
	if entry.get("name"):
		doc = frappe.get_doc(TERM, there(TERM, entry["name"], entry.get("title")))
		doc.update(values)
		doc.save()
	else:
		frappe.get_doc({"doctype": TERM, **values}).insert()


def values_of(entry: dict) -> dict:
	"""Values of a Tracked Term from the editor's entry"""
	phrases = entry.get("phrases")
	rows = [row for row in phrases if isinstance(row, dict)] if isinstance(phrases, list) else []
	return {
		"title": entry.get("title"),
		"category": entry.get("category"),
		"enabled": cint(bool(entry.get("enabled", True))),
		"said_by": entry.get("said_by") if entry.get("said_by") in list(rules.SIDES) else "Anyone",
		"place": entry.get("place") if entry.get("place") in list(rules.PLACES) else "Anywhere",
		"minutes": flt(entry.get("minutes")),
		"phrases": [
			{"phrase": str(row.get("phrase") or ""), "word_forms": cint(bool(row.get("word_forms", True)))}
			for row in rows[: rules.MOST_PHRASES + 1]
		],
	}


def there(doctype: str, name, title) -> str:
	if not name or not frappe.db.exists(doctype, str(name)):
		frappe.throw(
			_("{0} has been deleted by somebody else meanwhile.").format(
				rules.shown(str(title or name or ""))
			),
			CatalogueConflict,
		)
	return str(name)
