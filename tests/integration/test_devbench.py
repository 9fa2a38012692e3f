"""The assembled bench behaves like a production bench in everything that the product relies on."""

import uuid

import frappe
import pytest
import requests

from tests.conftest import set_password

ENDLESS = bytes(range(256)) * 400


@pytest.fixture
def private_file(committed):
	name = f"{uuid.uuid4().hex}.bin"
	file = frappe.get_doc(
		{"doctype": "File", "file_name": name, "is_private": 1, "content": ENDLESS}
	).insert()
	committed("File", file.name)
	frappe.db.commit()
	return file.file_url


def test_static_files_are_served_minified_and_cacheable(bench, site):
	url = frappe.get_file_json("assets/assets.json")["desk.bundle.js"]
	answer = requests.get(bench.url + url, headers={**bench.headers, "Accept-Encoding": "gzip"})
	assert answer.status_code == 200
	assert answer.headers["Content-Encoding"] == "gzip"
	assert "max-age" in answer.headers["Cache-Control"]
	assert answer.text.count("\n") < len(answer.text) / 400


def test_the_header_names_the_site_and_the_demo_is_the_default(bench, web):
	assert web().get("/api/method/ping").json() == {"message": "pong"}
	answer = requests.get(f"{bench.url}/api/method/ping", headers={"X-Frappe-Site-Name": "../../etc"})
	assert answer.status_code in (200, 404)


def test_private_files_have_length_and_ranges(private_file, web):
	client = web("Administrator", "admin")
	whole = client.get(private_file)
	assert whole.content == ENDLESS
	part = client.get(private_file, headers={"Range": "bytes=300-399"})
	assert part.status_code == 206
	assert part.content == ENDLESS[300:400]
	assert part.headers["Content-Range"] == f"bytes 300-399/{len(ENDLESS)}"


def test_private_files_are_private(private_file, web, bench):
	assert web().get(private_file).status_code == 403
	assert web().get(f"/protected/{private_file}").status_code == 404
	assert web().get(f"/{bench.site}/private/files/{private_file.rsplit('/', 1)[1]}").status_code in (
		403,
		404,
	)
	assert web().get(f"/{bench.site}/site_config.json").status_code == 404


def test_who_writes_needs_the_sessions_token(committed, web):
	from tests import factories

	user = committed("User", factories.user("System Manager"))
	set_password(user)
	frappe.db.commit()
	client = web(user)
	answer = client.post("/api/resource/ToDo", json={"description": "a thing to do"})
	assert answer.status_code == 200, answer.text
	committed("ToDo", answer.json()["data"]["name"])
	client.headers.pop("X-Frappe-CSRF-Token")
	assert client.post("/api/resource/ToDo", json={"description": "another"}).status_code == 400


@pytest.mark.parametrize("queue", ["short", "default", "long", "transcription"])
def test_every_queue_has_a_worker(site, queue, eventually):
	key = f"devbench-{uuid.uuid4().hex}"
	job = frappe.enqueue("frappe.utils.now", queue=queue, job_id=key)
	eventually(lambda: job.get_status(refresh=True) == "finished", 60, f"a job on {queue}")


def test_a_killed_worker_comes_back(bench, eventually):
	killed = bench.kill("worker_long")
	eventually(lambda: bench.pid("worker_long") not in (None, killed), 30, "another worker")


def test_realtime_reaches_an_open_page(desk, site):
	page = desk("Administrator", path="/app")
	page.wait_for_function("frappe.realtime.socket && frappe.realtime.socket.connected")
	page.evaluate("frappe.realtime.on('devbench_hello', (message) => { window.heard = message.text })")
	frappe.publish_realtime("devbench_hello", {"text": "it works"}, user="Administrator")
	page.wait_for_function("window.heard === 'it works'")


@pytest.mark.parametrize(
	"doctype",
	[
		"CRM Organization", "CRM Deal", "CRM Lead", "CRM Contacts", "CRM Call Log", "HD Ticket", "HD Customer", "TP Call Log",
	],
)  # fmt: skip
def test_the_demo_crm_has_the_fields_of_the_real_one(site, doctype):
	expected = {
		"CRM Organization": {"organization_name", "website"},
		"CRM Deal": {"organization", "lead", "contacts", "status", "deal_owner"},
		"CRM Lead": {"lead_name", "email", "mobile_no", "organization", "status", "lead_owner"},
		"CRM Contacts": {"contact", "is_primary", "full_name", "email", "mobile_no"},
		"CRM Call Log": {
			"recording_url",
			"receiver",
			"caller",
			"telephony_medium",
			"reference_docname",
			"links",
		},
		"TP Call Log": {"recording_url", "receiver", "caller", "telephony_medium", "links"},
		"HD Ticket": {"subject", "contact", "customer", "raised_by", "status"},
		"HD Customer": {"customer_name", "domain"},
	}[doctype]
	assert expected <= {field.fieldname for field in frappe.get_meta(doctype).fields}


def test_a_rep_sees_own_leads_only(site, as_user):
	from tests import factories

	owner, other = factories.user("Sales User"), factories.user("Sales User")
	with as_user(owner):
		lead = frappe.get_doc({"doctype": "CRM Lead", "first_name": "Ada", "last_name": "Byron"}).insert()
	assert lead.lead_name == "Ada Byron"
	with as_user(other):
		assert not frappe.has_permission("CRM Lead", "read", lead.name)
	with as_user(owner):
		assert frappe.has_permission("CRM Lead", "read", lead.name)
