"""What the app uses of Desk (public/js/desk/compat.js) exists in this version of Frappe."""

import json
import subprocess

import frappe
import pytest
from playwright.sync_api import expect

from devbench import debian
from tests.conftest import CHECKOUT

COMPAT = CHECKOUT / "call_intelligence" / "public" / "js" / "desk" / "compat.js"
# paths of `root` that lead nowhere; of "a|b" one is enough
MISSING = """([root, paths]) => {
	const exists = (path) => {
		let value = root === "dialog" ? dialog() : { frappe, form: window.cur_frm, list: window.cur_list, globals: window }[root];
		for (const part of path.split(".")) {
			if (value === null || value === undefined || !(part in Object(value))) return false;
			value = value[part];
		}
		return value !== undefined;
	};
	const dialog = () => (window.ci_dialog = window.ci_dialog
		|| new frappe.ui.Dialog({ title: "Probe", fields: [{ fieldname: "a", fieldtype: "Data" }] }));
	return paths.filter((path) => !path.split("|").some(exists));
}"""


@pytest.fixture(scope="module")
def used() -> dict:
	"""The lists of compat.js"""
	script = f"import {{ DESK }} from {json.dumps(COMPAT.as_uri())}; console.log(JSON.stringify(DESK));"
	told = subprocess.run(
		[debian.program("node") or "node", "--input-type=module", "-e", script],
		check=True,
		capture_output=True,
		text=True,
	)
	return json.loads(told.stdout)


def absent(page, selectors: list[str]) -> list[str]:
	return [selector for selector in selectors if not page.locator(selector).count()]


def test_lists_and_dialogs(desk, rep, reviewable, used):
	page = desk(rep, path="/app/call")
	expect(page.locator(".list-row-container .list-subject a").first).to_be_visible()
	for root in ("frappe", "list", "dialog", "globals"):
		assert page.evaluate(MISSING, [root, used[root]]) == [], root
	assert absent(page, used["markup"]["list"]) == []


def test_forms(desk, rep, reviewable, contact, used):
	page = desk(rep, path=f"/app/contact/{contact}")
	expect(page.locator(".new-timeline").first).to_be_visible()
	page.wait_for_function("cur_frm && cur_frm.timeline && cur_frm.dashboard.links_area")
	assert page.evaluate(MISSING, ["form", used["form"]]) == []
	assert absent(page, used["markup"]["form"]) == []


@pytest.mark.parametrize("time_format", ["HH:mm:ss", "HH:mm"])
def test_opening_a_call_does_not_change_it(desk, rep, reviewable, used, time_format):
	frappe.db.set_value("Call", reviewable, "start_time", "2026-01-31 14:30:12")
	before = frappe.db.get_single_value("System Settings", "time_format")
	frappe.db.commit()
	try:
		frappe.db.set_single_value("System Settings", "time_format", time_format)
		frappe.db.set_default("time_format", time_format)
		frappe.db.commit()
		frappe.clear_cache()
		page = desk(rep, path=f"/app/call/{reviewable}")
		page.wait_for_function("window.cur_frm && cur_frm.fields_dict.start_time.$input && cur_frm.ci_review")
		expect(page.locator(".ci-review").first).to_be_visible()
		assert page.evaluate("frappe.boot.sysdefaults.time_format") == time_format
		page.wait_for_timeout(1000)
		assert not page.evaluate("cur_frm.is_dirty()")
		assert page.evaluate("cur_frm.doc.start_time") == "2026-01-31 14:30:12"
	finally:
		frappe.db.set_single_value("System Settings", "time_format", before)
		frappe.db.set_default("time_format", before)
		frappe.db.commit()
		frappe.clear_cache()
