"""Overrides of Frappe's functions accept the same arguments and callers as Frappe's."""

import inspect

import frappe
import pytest

from call_intelligence.api import doors, generic
from call_intelligence.guard import requests

# parameters that this version of Frappe does not have yet
LATER = ("names",)
LINK_OPTIONS = "frappe.website.doctype.web_form.web_form.get_link_options"


def pairs() -> list[tuple[str, object, object]]:
	"""[(name, Frappe's function, the app's)]"""
	hooks = frappe.get_hooks("override_whitelisted_methods", app_name="call_intelligence")
	return [(name, frappe.get_attr(name), frappe.get_attr(ours[-1])) for name, ours in hooks.items()]


def undecorated(function):
	"""15.0.0-dev's read_only hides the function's parameters."""
	return inspect.getclosurevars(inspect.unwrap(function)).nonlocals.get("fn", function)


def test_a_decorated_function_is_found_under_other_names(site, monkeypatch):
	from frappe.desk import query_report, reportview

	monkeypatch.setattr(reportview, "another_name", query_report.run, raising=False)
	with pytest.raises(frappe.PermissionError):
		requests.check_first_name("frappe.desk.reportview.another_name")


def test_each_takes_what_frappes_takes(site):
	assert pairs()
	for name, own, ours in pairs():
		theirs = inspect.signature(undecorated(own)).parameters
		mine = dict(inspect.signature(ours).parameters)
		assert any(one.kind == one.VAR_KEYWORD for one in mine.values()), f"{name}: drops other arguments"
		for parameter, one in mine.items():
			if one.kind == one.VAR_KEYWORD:
				continue
			if parameter not in theirs and parameter in LATER:
				continue
			assert parameter in theirs, f"{name}: {parameter} is none of Frappe's"
			required = theirs[parameter].default is inspect.Parameter.empty
			assert (one.default is inspect.Parameter.empty) is required, f"{name}: {parameter}"
			# so that Frappe's own default applies
			assert required or one.default is None, f"{name}: a default for {parameter}"


def test_each_is_open_to_whom_frappes_is(site):
	for name, own, ours in pairs():
		assert not (own in frappe.whitelisted and own not in frappe.guest_methods) or (
			ours not in frappe.guest_methods
		), name


def test_arguments_that_we_do_not_look_at_are_handed_on(people, as_user, ask):
	todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
	with as_user("Administrator"):
		answer = ask(
			"frappe.desk.form.utils.get_next", doctype="ToDo", value=todo.name, prev=0, unknown="dropped"
		)
		assert answer != todo.name
		assert (
			ask(
				"frappe.client.get_count",
				doctype="ToDo",
				debug=0,
				cache=0,
				filters={"name": todo.name},
			)
			== 1
		)


@pytest.mark.parametrize("who", ["Guest", "stranger"])
def test_what_frappe_does_not_expose_is_not_exposed_by_ours(people, as_user, ask, monkeypatch, who):
	"""As in versions that removed the function from the whitelist"""
	own = frappe.get_attr(LINK_OPTIONS)
	# lists in this version, sets in later ones
	for name in ("whitelisted", "guest_methods"):
		monkeypatch.setattr(frappe, name, [function for function in getattr(frappe, name) if function != own])
	with as_user(people[who]), pytest.raises(frappe.PermissionError):
		ask(LINK_OPTIONS, web_form_name="edit-profile", doctype="User", allow_read_on_all_link_options=1)


def test_a_method_that_frappe_does_not_take_is_refused(people, as_user, ask, monkeypatch):
	own = frappe.get_attr("frappe.desk.doctype.tag.tag.get_tagged_docs")
	monkeypatch.setitem(frappe.allowed_http_methods_for_whitelisted_func, own, ["POST"])
	# `ask` sends GET
	with as_user("Administrator"), pytest.raises(frappe.PermissionError):
		ask("frappe.desk.doctype.tag.tag.get_tagged_docs", doctype="ToDo", tag="x")


def test_the_tables_of_what_leaks_name_each(site):
	tables = f"{generic.__doc__}{doors.__doc__}"
	for name, _own, _ours in pairs():
		short = name.rsplit(".", 2)
		assert f"{short[-2]}.{short[-1]} " in tables, name
