"""The demo's telephone system: files on the site that answer like one, a connected source, and a call that it can send.

Runs in the bench's Python. The provider is `demo_crm.telephone`.
"""

import hashlib
import hmac
import json
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import frappe

from call_intelligence.sources.settings import webhook_url
from devbench.demo.people import PEOPLE
from tests.speech import spoken_call

TITLE = "Demo telephone"
PROVIDER = "demo_telephone"
API_KEY, SECRET = "demo", "demo-secret"
CALL = "order-4711"
SARAH = "+1 206 555 0142"


def connect(site_url: str) -> dict | None:
	"""Make the source, once -> {"source", "body", "signature", "url"} of a call that can be posted; None beside the real CRM, which
	replaces the app that has the provider.
	"""
	if PROVIDER not in providers():
		return None
	base = f"{site_url}/files/telephone"
	folder = Path(frappe.get_site_path("public", "files", "telephone"))
	call = write_files(folder, base)
	name = frappe.db.get_value("Recording Source", {"provider": PROVIDER})
	doc = frappe.get_doc("Recording Source", name) if name else new_source()
	doc.update(
		{"base_url": base, "private_host": 1, "client_secret": API_KEY, "secret_token": SECRET, "enabled": 1}
	)
	doc.save()
	frappe.db.commit()
	body = json.dumps(call)
	signature = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
	key = webhook_url(doc).partition("?")[2]
	url = f"{site_url}/api/method/call_intelligence.api.webhooks.receive?{key}"
	return {"source": doc.name, "body": body, "signature": signature, "url": url}


def providers() -> dict:
	from call_intelligence.sources.providers import providers

	return providers()


def new_source():
	return frappe.get_doc(
		{
			"doctype": "Recording Source",
			"title": TITLE,
			"provider": PROVIDER,
			"default_owner": PEOPLE[0]["email"],
			"calls_from": "2026-01-01 00:00:00",
		}
	)


def write_files(folder: Path, base: str) -> dict:
	"""What the telephone system answers -> the call that it sends"""
	(folder / "calls").mkdir(parents=True, exist_ok=True)
	shutil.copyfile(spoken_call("late_delivery").mono, folder / f"{CALL}.wav")
	size = (folder / f"{CALL}.wav").stat().st_size
	began = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(minutes=5)
	call = {
		"id": CALL, "direction": "in", "from": SARAH, "to": "101", "agent": PEOPLE[0]["email"],
		"title": "Where is order 4711?", "started": began.isoformat(), "recording": f"{base}/{CALL}.wav", "size": size,
	}  # fmt: skip
	(folder / "calls.json").write_text("[]")
	(folder / "calls" / f"{CALL}.json").write_text(json.dumps(call))
	return call
