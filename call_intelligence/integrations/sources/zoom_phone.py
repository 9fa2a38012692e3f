"""Recordings of Zoom Phone.

Contract: developers.zoom.us/docs/api/phone, "Recordings". A recording is known by its own id; `call_log_id` goes away in 2026.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from .types import Party, RemoteCall, RemoteMedia, said
from .zoom_api import Api, Json, inner, moment, number, text
from .zoom_meetings import GONE, user_of
from .zoom_settings import wanted

PREFIX = "phone:"
OFF = said("Zoom Phone is switched off in the source.")
INTERNAL = said("Both sides belong to your Zoom account, and internal meetings are switched off.")
OWN = "1"
"""the value of caller_number_type and callee_number_type for an extension of the account"""


def call_of(recording: Json, options: Mapping[str, bool]) -> RemoteCall:
	inbound = text(recording, "direction").lower() != "outbound"
	ours, theirs = ("callee", "caller") if inbound else ("caller", "callee")
	agent, owner = agent_of(recording, inbound), inner(recording, "owner")
	reason = reason_of(recording, options)
	return RemoteCall(
		PREFIX + text(recording, "id"),
		direction="Inbound" if inbound else "Outbound",
		started_at=moment(recording, "date_time"),
		seconds=number(recording, "duration"),
		agent_number=text(agent, "extension_number") or text(recording, f"{ours}_number"),
		parties=(
			Party(
				"agent",
				text(agent, "name") or text(recording, f"{ours}_name"),
				phone=text(recording, f"{ours}_number"),
			),
			other_of(recording, theirs),
		),
		media=() if reason else media_of(recording),
		state="no_recording" if reason else "ready",
		reason=reason,
		host_id=text(owner, "id") if text(owner, "type") == "user" else "",
	)


def agent_of(recording: Json, inbound: bool) -> Json:
	"""Who has spoken: in a queue or at a shared line not the owner"""
	return inner(recording, "accepted_by" if inbound else "outgoing_by") or inner(recording, "owner")


def other_of(recording: Json, theirs: str) -> Party:
	own = text(recording, f"{theirs}_number_type") == OWN
	return Party(
		"agent" if own else "customer",
		text(recording, f"{theirs}_name"),
		phone=text(recording, f"{theirs}_number"),
	)


def reason_of(recording: Json, options: Mapping[str, bool]) -> str:
	"""Why it isn't taken"""
	if not wanted(options, "phone"):
		return OFF
	sides = {text(recording, f"{side}_number_type") for side in ("caller", "callee")}
	return INTERNAL if sides == {OWN} and not wanted(options, "internal") else ""


def media_of(recording: Json) -> tuple[RemoteMedia, ...]:
	url, start = text(recording, "download_url"), moment(recording, "date_time")
	if not url:
		return ()
	name = f"{start:%Y%m%d-%H%M%S}" if start else text(recording, "id")
	extension = urlsplit(url).path.rpartition("/")[2].rpartition(".")[2].lower()
	extension = extension if extension in ("mp3", "m4a", "wav") else "mp3"
	return (RemoteMedia(url, f"zoom-phone-{name}.{extension}", seconds=number(recording, "duration")),)


def listed(api: Api, days: Mapping[str, str], options: Mapping[str, bool]) -> Iterator[RemoteCall]:
	for recording in api.pages("/phone/recordings", "recordings", days):
		call = call_of(recording, options)
		if text(recording, "id") and call.state == "ready":
			yield call


def refreshed(call: RemoteCall, api: Api, options: Mapping[str, bool]) -> RemoteCall:
	"""The address in a delivery stays valid; what it lacks is the e-mail address of the owner."""
	if not wanted(options, "phone"):
		return replace(call, state="no_recording", reason=OFF, media=())
	if not call.media and call.state != "no_recording":
		call = found(call, api, options)
	if call.state == "ready" and call.host_id and not call.host_email:
		return with_host(call, user_of(call.host_id, api).email)
	return call


def with_host(call: RemoteCall, email: str) -> RemoteCall:
	first = replace(call.parties[0], email=email) if call.parties else Party("agent", email=email)
	return replace(call, host_email=email, parties=(first, *call.parties[1:]))


def found(call: RemoteCall, api: Api, options: Mapping[str, bool]) -> RemoteCall:
	"""Zoom has no request for one recording by its id, so its day is listed."""
	if call.started_at:
		day = timedelta(days=1)
		days = {
			"from": f"{call.started_at - day:%Y-%m-%d}",
			"to": f"{call.started_at + day:%Y-%m-%d}",
		}
		for recording in api.pages("/phone/recordings", "recordings", days):
			if PREFIX + text(recording, "id") == call.external_id:
				return call_of(recording, options)
	return replace(call, state="deleted", reason=GONE)
