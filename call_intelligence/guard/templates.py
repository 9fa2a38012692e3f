"""Checks templates that users send to Frappe to be rendered: their variables give access to the whole site."""

import re

import frappe
from frappe import _
from frappe.utils.jinja import get_jenv
from jinja2 import TemplateError, meta, nodes

# what a template may call
METHODS = ("get", "get_formatted")
# Frappe would render the file of this name instead
IS_FILE = re.compile(r"^[^\n]*\.(html|css|scss|py|md|json|js|xml)$")


def check(*templates: str | None) -> None:
	"""Raise frappe.ValidationError unless each uses only `doc`; System Managers may use all that Frappe offers."""
	if frappe.session.user == "Administrator" or "System Manager" in frappe.get_roles():
		return
	for template in templates:
		if template and not is_harmless(template):
			frappe.throw(
				_(
					"Only System Managers can use more than the fields of the document in a message, as in {0}."
				).format("{{ doc.name }}")
			)


def is_harmless(template: str) -> bool:
	if IS_FILE.search(template):
		return False
	try:
		tree = get_jenv().parse(template)
	except TemplateError as error:
		frappe.throw(
			_("The message is not a valid template: {0}").format(frappe.utils.escape_html(str(error)))
		)
	return (
		meta.find_undeclared_variables(tree) <= {"doc"}
		and not any(meta.find_referenced_templates(tree))
		and not any(tree.find_all((nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends)))
		and all(is_call_of_doc(call) for call in tree.find_all(nodes.Call))
	)


def is_call_of_doc(call: nodes.Call) -> bool:
	method = call.node
	return (
		isinstance(method, nodes.Getattr)
		and isinstance(method.node, nodes.Name)
		and method.node.name == "doc"
		and method.attr in METHODS
	)
