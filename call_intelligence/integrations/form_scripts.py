"""Adds a button "Recordings (3)" to the front ends of Frappe CRM and Helpdesk with their form scripts, since they don't run Desk hooks."""

import json

import frappe

from call_intelligence.integrations import crm, helpdesk

APPS = (crm, helpdesk)
MARK = "Call Intelligence:"


def possible() -> list[str]:
	"""DocTypes of form scripts on this site"""
	return [app.SCRIPT_DOCTYPE for app in APPS if frappe.db.exists("DocType", app.SCRIPT_DOCTYPE)]


def set_up(wanted: bool) -> None:
	"""Create or remove the form scripts; changes made to them are overwritten."""
	for app in APPS:
		if app.SCRIPT_DOCTYPE not in possible():
			continue
		for doctype in app.SCRIPTED:
			name = f"{MARK} {doctype}"
			if wanted and frappe.db.exists("DocType", doctype):
				write(app, doctype, name)
			else:
				frappe.delete_doc(
					app.SCRIPT_DOCTYPE,
					name,
					force=True,
					ignore_missing=True,
					ignore_permissions=True,
					delete_permanently=True,
				)


def refresh() -> None:
	"""Hook after_migrate: the text of the scripts that there are, since it depends on the versions of the apps."""
	for app in APPS:
		for doctype in app.SCRIPTED if app.SCRIPT_DOCTYPE in possible() else ():
			name, text = f"{MARK} {doctype}", script(doctype, app.runs_classes(doctype))
			if (frappe.db.get_value(app.SCRIPT_DOCTYPE, name, "script") or text) != text:
				doc = frappe.get_doc(app.SCRIPT_DOCTYPE, name)
				doc.update({"script": text}).save(ignore_permissions=True)


def write(app, doctype: str, name: str) -> None:
	text = script(doctype, app.runs_classes(doctype))
	values = {"dt": doctype, "enabled": 1, "script": text, **app.SCRIPT_VALUES}
	if frappe.db.exists(app.SCRIPT_DOCTYPE, name):
		doc = frappe.get_doc(app.SCRIPT_DOCTYPE, name)
		if any(doc.get(field) != value for field, value in values.items()):
			doc.update(values).save(ignore_permissions=True)
		return
	doc = frappe.get_doc({"doctype": app.SCRIPT_DOCTYPE, **values})
	# both DocTypes are named by prompt
	doc.name = name
	doc.insert(ignore_permissions=True, set_name=name)


def script(doctype: str, as_class: bool = False) -> str:
	"""Form script that shows the record's calls in a dialog. The server decides which, and returns the texts in the user's language.

	as_class: a class of the DocType's name instead of a function `setupForm`
	"""
	return (
		(CLASS if as_class else FUNCTION)
		.replace("DOCTYPE", json.dumps(doctype))
		.replace("CLASS_NAME", doctype.replace(" ", ""))
	)


FUNCTION = """async function setupForm({ doc, call, $dialog }) {
	const recordings = () =>
		call("call_intelligence.api.record_calls.get", { doctype: DOCTYPE, name: String(doc.name) });
	try {
		const { label } = await recordings();
		const show = async () => {
			const { title, html } = await recordings();
			$dialog({ title, html, size: "xl" });
		};
		return { actions: [{ label, onClick: show }] };
	} catch (error) {
		// the page works without the button
		console.warn("Call Intelligence:", error);
		return {};
	}
}
"""
# gets `call` and `createDialog` as names
CLASS = """class CLASS_NAME {
	onLoad() {
		// the scripts of others need not wait for the answer
		if (this.doc.name) this.addRecordings(String(this.doc.name));
	}
	async addRecordings(name) {
		const recordings = () =>
			call("call_intelligence.api.record_calls.get", { doctype: DOCTYPE, name });
		const show = async () => {
			const { title, html } = await recordings();
			createDialog({ title, html, size: "xl" });
		};
		try {
			const { label } = await recordings();
			this.actions = [...this.actions, { label, onClick: show }];
		} catch (error) {
			// the page works without the button
			console.warn("Call Intelligence:", error);
		}
	}
}
"""
