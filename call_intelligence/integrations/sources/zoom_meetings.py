"""Meetings and webinars with cloud recordings: listing them, and all about one of them.

Contract: developers.zoom.us/docs/api/meetings, "Cloud Recording" and "Past Meeting Participants".
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from .types import RefusedError, RemoteCall, said
from .zoom_api import Api, ApiError, Json, encoded, moment, number, rows, text
from .zoom_files import parts_of
from .zoom_people import Person, parties_of, people_of
from .zoom_settings import wanted

WEBINARS = ("5", "6", "9")
"""values of `type`, as the API sends them as numbers or texts"""
WHOLE_ACCOUNT = frozenset(
	{
		"cloud_recording:read:list_account_recordings:admin",
		"cloud_recording:read:list_account_recordings:master",
	}
)
OFF = {
	"meetings": said("Meetings are switched off in the source."),
	"webinars": said("Webinars are switched off in the source."),
}
INTERNAL = said(
	"Everybody in the meeting belongs to your Zoom account, and internal meetings are switched off."
)
GONE = said("Zoom no longer has the recording.")
SOUNDLESS = said("Zoom has neither sound nor video of the meeting.")


def kind_of(meeting: Json) -> str:
	"""The name of its switch"""
	return "webinars" if text(meeting, "type") in WEBINARS else "meetings"


def topic_of(meeting: Json) -> str:
	return " ".join(text(meeting, "topic").split())


def call_of(meeting: Json, options: Mapping[str, bool]) -> RemoteCall:
	"""As lists and webhooks tell of it; `refreshed` adds the rest"""
	minutes, kind = number(meeting, "duration"), kind_of(meeting)
	off = not wanted(options, kind)
	return RemoteCall(
		text(meeting, "uuid"),
		topic_of(meeting),
		"Meeting",
		moment(meeting, "start_time"),
		minutes * 60 if minutes else None,
		host_email=text(meeting, "host_email"),
		host_id=text(meeting, "host_id"),
		state="no_recording" if off else "ready",
		reason=OFF[kind] if off else "",
	)


# ----------------------------------------------------------------------------------------------------- listing


def listed(api: Api, days: Mapping[str, str], options: Mapping[str, bool]) -> Iterator[RemoteCall]:
	"""Those of kinds that are switched on. days: from and to, dates in UTC; a call may come twice"""
	for meeting in meetings(api, days):
		if text(meeting, "uuid") and wanted(options, kind_of(meeting)):
			yield call_of(meeting, options)


def meetings(api: Api, days: Mapping[str, str]) -> Iterator[Json]:
	if api.scopes & WHOLE_ACCOUNT:
		yield from api.pages("/accounts/me/recordings", "meetings", days)
		return
	for user in users(api):
		try:
			yield from api.pages(f"/users/{quote(user, safe='')}/recordings", "meetings", days)
		except ApiError as error:
			# deleted since they were listed
			if error.status != 404:
				raise


def users(api: Api) -> list[str]:
	"""ids, also of people who have left: their recordings are still there"""
	found = [
		text(row, "id")
		for status in ("active", "inactive")
		for row in api.pages("/users", "users", {"status": status})
	]
	return list(dict.fromkeys(filter(None, found)))


# ---------------------------------------------------------------------------------------------------- one of them


def refreshed(call: RemoteCall, api: Api, options: Mapping[str, bool]) -> RemoteCall:
	"""Raises NotReadyError, RefusedError, SourceError."""
	try:
		meeting = api.get(f"/meetings/{encoded(call.external_id)}/recordings")
		return with_files(call, meeting, api, options)
	except ApiError as error:
		if error.status == 404:
			return replace(call, state="deleted", reason=GONE, media=())
		if error.lasts:
			raise RefusedError(error.args[0]) from error
		raise


def with_files(call: RemoteCall, meeting: Json, api: Api, options: Mapping[str, bool]) -> RemoteCall:
	call = joined(call, call_of(meeting, options))
	if call.state == "no_recording":
		return call
	start, media = parts_of(meeting, wanted(options, "video"))
	if not media:
		return without_files(call, meeting)
	ends = [part.offset + part.seconds for part in media if part.seconds is not None]
	call = replace(
		call, started_at=start, seconds=max(ends) if len(ends) == len(media) else call.seconds, media=media
	)
	return with_people(call, meeting, api, options)


def joined(call: RemoteCall, now: RemoteCall) -> RemoteCall:
	"""What Zoom says now, else what was known before"""
	return replace(
		now,
		external_id=call.external_id,
		title=now.title or call.title,
		started_at=now.started_at or call.started_at,
		seconds=now.seconds or call.seconds,
		host_email=now.host_email or call.host_email,
		host_id=now.host_id or call.host_id,
	)


def without_files(call: RemoteCall, meeting: Json) -> RemoteCall:
	if any(row.get("deleted_time") for row in rows(meeting, "recording_files")):
		return replace(call, state="deleted", reason=GONE)
	return replace(call, state="no_recording", reason=SOUNDLESS)


def with_people(call: RemoteCall, meeting: Json, api: Api, options: Mapping[str, bool]) -> RemoteCall:
	host = host_of(call, api)
	came = joins(call.external_id, kind_of(meeting), api)
	parties = parties_of(host, people_of(came or ()))
	call = replace(call, host_email=host.email, parties=parties)
	internal = came is not None and all(party.side == "agent" for party in parties)
	if internal and not wanted(options, "internal"):
		return replace(call, media=(), state="no_recording", reason=INTERNAL)
	return call


def host_of(call: RemoteCall, api: Api) -> Person:
	if call.host_email:
		return Person(call.host_id, call.host_email, internal=True)
	return user_of(call.host_id, api)


def user_of(user: str, api: Api) -> Person:
	"""Nobody if Zoom no longer knows the user"""
	person = Person(user, internal=True)
	if user:
		try:
			found = api.get(f"/users/{quote(user, safe='')}")
		except ApiError as error:
			if error.status != 404:
				raise
			return person
		person.email = text(found, "email")
		person.name = f"{text(found, 'first_name')} {text(found, 'last_name')}".strip()
	return person


def joins(uuid: str, kind: str, api: Api) -> list[Json] | None:
	"""Empty if nobody but the host was there. None if Zoom does not tell: after a year, or without a plan that is paid for"""
	place = "past_webinars" if kind == "webinars" else "past_meetings"
	try:
		return list(api.pages(f"/{place}/{encoded(uuid)}/participants", "participants"))
	except ApiError as error:
		if not error.lasts:
			raise
		return None
