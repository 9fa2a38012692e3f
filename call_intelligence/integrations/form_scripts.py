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


def write(app, doctype: str, name: str) -> None:
	values = {"dt": doctype, "enabled": 1, "script": script(doctype), **app.SCRIPT_VALUES}
	if frappe.db.exists(app.SCRIPT_DOCTYPE, name):
		doc = frappe.get_doc(app.SCRIPT_DOCTYPE, name)
		if any(doc.get(field) != value for field, value in values.items()):
			doc.update(values).save(ignore_permissions=True)
		return
	doc = frappe.get_doc({"doctype": app.SCRIPT_DOCTYPE, **values})
	# both DocTypes are named by prompt
	doc.name = name
	doc.insert(ignore_permissions=True, set_name=name)


def script(doctype: str) -> str:
	"""Form script that shows the record's calls in a dialog. The server decides which, and returns the texts in the user's language."""
	return f"""async function setupForm({{ doc, call, $dialog }}) {{
	const recordings = () =>
		call("call_intelligence.api.record_calls.get", {{
			doctype: {json.dumps(doctype)},
			name: String(doc.name),
		}});
	try {{
		const {{ label }} = await recordings();
		const show = async () => {{
			const {{ title, html }} = await recordings();
			$dialog({{ title, html, size: "xl" }});
		}};
		return {{ actions: [{{ label, onClick: show }}] }};
	}} catch (error) {{
		// the page works without the button
		console.warn("Call Intelligence:", error);
		return {{}};
	}}
}}
"""
