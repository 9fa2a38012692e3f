"""A telephone system that does not exist, as a provider of recordings: the smallest complete one.

It posts each call, or several as "calls", as JSON, signed with HMAC-SHA256 of the body, and lists them at `/calls.json?since=`. The file needs the client secret.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from urllib.parse import urlencode, urlsplit

from call_intelligence.integrations.sources.types import (
	Capabilities,
	Cursor,
	Delivery,
	Finding,
	NotReadyError,
	Party,
	RemoteCall,
	RemoteMedia,
	Request,
	Setting,
	Switch,
	Verdict,
)


class DemoTelephone:
	key = "demo_telephone"
	label = "Demo telephone"
	capabilities = Capabilities(webhook=True, poll=True)
	settings = (
		Setting("base_url", "Address of the telephone system"),
		Setting("client_secret", "API key", secret=True),
		Setting("secret_token", "Signing secret", "The webhook is signed with it", secret=True),
	)
	switches = (Switch("outgoing", "Outgoing calls", "Calls that our side has made", default=True),)

	def verify(self, delivery: Delivery, secrets) -> Verdict:
		expected = hmac.new(secrets["secret_token"].encode(), delivery.body, hashlib.sha256).hexdigest()
		right = hmac.compare_digest(expected, delivery.headers.get("x-demo-signature", ""))
		return Verdict(right, "" if right else "The signature is wrong.")

	def parse(self, delivery: Delivery, options) -> list[RemoteCall]:
		sent = json.loads(delivery.body)
		calls = [call_of(values) for values in sent.get("calls", [sent])]
		return [call for call in calls if is_wanted(call, options)]

	def poll(self, since: datetime, secrets, options, http) -> Iterator[RemoteCall | Cursor]:
		begun = datetime.now(timezone.utc)
		for values in ask(f"/calls.json?{urlencode({'since': since.isoformat()})}", secrets, http):
			call = call_of(values)
			if is_wanted(call, options):
				yield call
		yield Cursor(begun)

	def refresh(self, call: RemoteCall, secrets, options, http) -> RemoteCall:
		answer = ask(f"/calls/{call.external_id}.json", secrets, http)
		if not answer.get("recording"):
			raise NotReadyError("The recording is not ready yet.")
		return replace(call, media=call_of(answer).media)

	def open(self, media: RemoteMedia, secrets, http) -> Request:
		return request(media.url, secrets)

	def check(self, secrets, options, http) -> list[Finding]:
		try:
			ask("/calls.json?since=", secrets, http)
		except PermissionError:
			return [Finding(False, "The API key is wrong.")]
		return [Finding(True, "The API key is right.")]


def is_wanted(call: RemoteCall, options) -> bool:
	return options["outgoing"] or call.direction == "Inbound"


def call_of(values: dict) -> RemoteCall:
	incoming = values.get("direction") == "in"
	ours, theirs = (
		(values.get("to"), values.get("from")) if incoming else (values.get("from"), values.get("to"))
	)
	media = values.get("recording")
	return RemoteCall(
		external_id=values["id"],
		title=values.get("title", ""),
		direction="Inbound" if incoming else "Outbound",
		started_at=datetime.fromisoformat(values["started"]),
		seconds=values.get("seconds"),
		agent_number=ours or "",
		parties=(
			Party("agent", email=values.get("agent", "")),
			Party("customer", name=values.get("name", ""), phone=theirs or ""),
		),
		media=(RemoteMedia(media, f"{values['id']}.wav", size=values.get("size")),) if media else (),
	)


def request(url: str, secrets) -> Request:
	host = urlsplit(secrets["base_url"]).hostname or ""
	return Request(url, secret_headers={"Authorization": f"Bearer {secrets['client_secret']}"}, hosts=(host,))


def ask(path: str, secrets, http):
	answer = http.send(request(secrets["base_url"].rstrip("/") + path, secrets))
	if answer.status == 401:
		raise PermissionError
	return json.loads(answer.body)


PROVIDER = DemoTelephone()
