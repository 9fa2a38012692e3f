"""The form scripts of Frappe CRM and Helpdesk, run as their front ends run them: the text of a function `setupForm` that gets the
document, `call` and `$dialog`, and returns actions."""

import pytest
from playwright.sync_api import expect

from call_intelligence.integrations import form_scripts

FRONT_END = """async ([script, doc]) => {
	const setupForm = new Function(script + "\\nreturn setupForm")();
	const call = async (method, args) => {
		const answer = await fetch("/api/method/" + method, {
			method: "POST",
			headers: { "Content-Type": "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token },
			body: JSON.stringify(args),
		});
		if (!answer.ok) throw new Error(answer.status);
		return (await answer.json()).message;
	};
	const $dialog = ({ title, html }) => {
		const shown = document.createElement("dialog");
		shown.setAttribute("aria-label", title);
		shown.innerHTML = html;
		document.body.append(shown);
		shown.showModal();
	};
	const { actions = [] } = await setupForm({ doc, call, $dialog });
	for (const { label, onClick } of actions) {
		const button = document.createElement("button");
		button.textContent = label;
		button.onclick = onClick;
		document.body.prepend(button);
	}
	return actions.length;
}"""


@pytest.fixture
def opened(desk):
	"""`opened(user, doctype, name)` -> the page, and the number of actions"""

	def front_end(user, doctype, name):
		page = desk(user, path="/app/user-profile")
		return page, page.evaluate(FRONT_END, [form_scripts.script(doctype), {"name": name}])

	return front_end


def test_a_call_is_heard_without_leaving_the_record(opened, rep, contact, reviewable):
	page, _number = opened(rep, "Contact", contact)
	page.get_by_role("button", name="Recordings (1)").click()
	dialog = page.get_by_role("dialog", name="Call recordings")
	expect(dialog.get_by_role("link", name="Open the review")).to_have_attribute(
		"href", f"/app/call/{reviewable}"
	)
	sound = dialog.locator("audio")
	sound.evaluate("sound => sound.play()")
	page.wait_for_function("document.querySelector('dialog audio').currentTime > 0.5")


def test_the_dialog_is_readable_in_the_dark_theme(opened, rep, contact, reviewable):
	page, _number = opened(rep, "Contact", contact)
	page.evaluate(
		"""() => {
			document.documentElement.dataset.theme = "dark";
			document.documentElement.style.setProperty("--ink-gray-8", "rgb(212, 212, 212)");
		}"""
	)
	page.get_by_role("button", name="Recordings (1)").click()
	dialog = page.get_by_role("dialog", name="Call recordings")
	for shown in (dialog.locator("strong"), dialog.get_by_role("link", name="Open the review")):
		expect(shown).to_have_css("color", "rgb(212, 212, 212)")
	expect(dialog.locator("audio")).to_have_css("color-scheme", "dark")


def test_people_who_may_not_read_the_record_have_no_button(opened, outsider, contact, reviewable):
	_page, number = opened(outsider, "Contact", contact)
	assert number == 0
