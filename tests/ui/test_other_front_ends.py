"""The form scripts of Frappe CRM and Helpdesk, run as their front ends run them: the text of a function `setupForm` that gets the
document, `call` and `$dialog`, and returns actions; or of a class that has the document and sets actions."""

import pytest
from playwright.sync_api import expect

from call_intelligence.integrations import form_scripts

FRONT_END = """async ([script, doc, className]) => {
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
	const asFunction = () => {
		const setupForm = new Function(script + "\\nreturn setupForm")();
		return setupForm({ doc, call, $dialog });
	};
	const asClass = () => {
		const Form = new Function("call", "createDialog", `${script}\\nreturn ${className}`)(call, $dialog);
		return new Promise((resolve) => {
			// the page shows actions when they are set
			Object.defineProperty(Form.prototype, "actions", { get: () => [], set: (actions) => resolve({ actions }) });
			Object.assign(new Form(), { doc }).onLoad();
		});
	};
	const { actions = [] } = await (className ? asClass() : asFunction());
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

	def front_end(user, doctype, name, as_class=False):
		page = desk(user, path="/app/user-profile")
		script = form_scripts.script(doctype, as_class)
		return page, page.evaluate(FRONT_END, [script, {"name": name}, doctype if as_class else None])

	return front_end


@pytest.mark.parametrize("as_class", [False, True])
def test_a_call_is_heard_without_leaving_the_record(opened, rep, contact, reviewable, as_class):
	page, _number = opened(rep, "Contact", contact, as_class)
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
