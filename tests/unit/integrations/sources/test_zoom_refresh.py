"""All about one meeting: its files, its people, its state, and the download"""

from datetime import datetime, timezone

import pytest

from call_intelligence.integrations.sources import zoom_api
from call_intelligence.integrations.sources.types import (
	NotReadyError,
	Party,
	RefusedError,
	RemoteCall,
	SourceError,
)
from tests.zoom_server import SOUND

START = "2026-03-19T10:00:00Z"


@pytest.fixture
def anna(zoom) -> dict:
	return zoom.add_user("anna@our.example", "Anna Nowak")


def test_a_meeting(zoom, asking, anna):
	jan = zoom.add_user("jan@our.example", "Jan Kos")
	people = [
		zoom.participant(user=anna),
		zoom.participant(user=jan),
		zoom.participant("Eva Brandt", "eva@customer.example"),
		zoom.participant("Galaxy S23"),
	]
	meeting = zoom.add_meeting(anna, "Offer", START, minutes=31, participants=people)
	call = asking.refresh(meeting["uuid"])
	assert call.parties == (
		Party("agent", "Anna Nowak", "anna@our.example"),
		Party("agent", "Jan Kos", "jan@our.example"),
		Party("customer", "Eva Brandt", "eva@customer.example"),
		Party("customer", "Galaxy S23"),
	)
	assert (call.state, call.title, call.direction, call.seconds) == ("ready", "Offer", "Meeting", 1860.0)
	assert (call.host_email, call.host_id) == ("anna@our.example", anna["id"])
	assert call.started_at == datetime(2026, 3, 19, 10, tzinfo=timezone.utc)
	(media,) = call.media
	assert (media.file_name, media.kind, media.size) == (
		"GMT20260319-100000_Recording.m4a",
		"audio",
		len(SOUND),
	)
	assert (media.seconds, media.offset) == (1860.0, 0.0)


@pytest.mark.parametrize("uuid", ["/abc==", "a//b==", "a/b+c==", "abc==", "//=="])
def test_uuids_with_slashes(zoom, asking, anna, uuid):
	zoom.add_meeting(
		anna, "Offer", START, uuid=uuid, participants=[zoom.participant("Eva"), zoom.participant("Jo")]
	)
	call = asking.refresh(uuid)
	assert (call.external_id, call.title) == (uuid, "Offer")
	assert [party.name for party in call.parties] == ["", "Eva", "Jo"]


def test_the_contract_of_encoding():
	assert zoom_api.encoded("/abc==") == "%252Fabc%253D%253D"
	assert zoom_api.encoded("a//b+==") == "a%252F%252Fb%252B%253D%253D"


# ---------------------------------------------------------------------------------------------------- files


def test_two_segments_are_one_call(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START, segments=[(120, 620), (900, 1500.5), (1600, 1700)])
	meeting["recording_files"].reverse()
	call = asking.refresh(meeting["uuid"])
	assert [(media.offset, media.seconds) for media in call.media] == [
		(0.0, 500.0),
		(780.0, 600.0),
		(1480.0, 100.0),
	]
	assert call.started_at == datetime(2026, 3, 19, 10, 2, tzinfo=timezone.utc)
	assert call.seconds == 1580.0
	assert len({media.file_name for media in call.media}) == 3


def test_views_that_begin_a_moment_apart_are_one_segment(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START)
	meeting["recording_files"][1]["recording_start"] = "2026-03-19T10:00:01Z"
	(media,) = asking.refresh(meeting["uuid"]).media
	assert media.kind == "audio"


VIEWS = (
	"gallery_view",
	"active_speaker",
	"shared_screen_with_speaker_view(CC)",
	"shared_screen_with_gallery_view",
)


@pytest.mark.parametrize(
	("types", "video", "taken"),
	[
		(("audio_only", *VIEWS), False, "audio_only"),
		(("audio_only", *VIEWS), True, "shared_screen_with_speaker_view(CC)"),
		(VIEWS, False, "shared_screen_with_speaker_view(CC)"),
		(("audio_only", "chat_file"), True, "audio_only"),
		(("gallery_view", "active_speaker"), True, "active_speaker"),
		(("shared_screen", "gallery_view"), False, "gallery_view"),
		(("something_new",), False, "something_new"),
	],
)
def test_which_file_is_taken(zoom, asking, anna, types, video, taken):
	meeting = zoom.add_meeting(anna, "Offer", START, types=types)
	(media,) = asking.refresh(meeting["uuid"], video=video).media
	(file,) = (file for file in meeting["recording_files"] if file["download_url"] == media.url)
	assert file["recording_type"] == taken
	assert media.kind == ("audio" if taken == "audio_only" else "video")
	assert media.file_name.endswith(".m4a" if taken == "audio_only" else ".mp4")


def test_the_extension_decides_about_the_name(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START, types=("audio_only",))
	meeting["recording_files"][0] |= {"file_type": "M4A", "file_extension": "MP3"}
	assert asking.refresh(meeting["uuid"]).media[0].file_name.endswith(".mp3")


def test_a_recording_in_work(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START)
	zoom.processing(meeting)
	with pytest.raises(NotReadyError, match="still working"):
		asking.refresh(meeting["uuid"])
	zoom.processing(meeting, done=True)
	assert asking.refresh(meeting["uuid"]).state == "ready"
	# the picture may be late when the sound is enough, but not the other way round
	meeting["recording_files"][1]["status"] = "processing"
	assert asking.refresh(meeting["uuid"]).state == "ready"
	with pytest.raises(NotReadyError):
		asking.refresh(meeting["uuid"], video=True)


@pytest.mark.parametrize("known", [("recording_start",), ()])
def test_a_file_in_work_that_is_nothing_yet(zoom, asking, anna, known):
	meeting = zoom.add_meeting(anna, "Offer", START, types=("audio_only",))
	file = meeting["recording_files"][0]
	meeting["recording_files"] = [{"status": "processing", **{name: file[name] for name in known}}]
	with pytest.raises(NotReadyError):
		asking.refresh(meeting["uuid"])


def test_nothing_to_hear(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START, types=("chat_file",))
	call = asking.refresh(meeting["uuid"])
	assert call.state == "no_recording" and "neither" in call.reason


def test_a_recording_that_is_in_the_trash(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START)
	known = asking.polled("2026-03-18T00:00:00+00:00")[0]
	for file in meeting["recording_files"]:
		file["deleted_time"] = "2026-03-19T12:00:00Z"
	assert asking.refresh(known).state == "deleted"
	zoom.trash(meeting["uuid"])
	call = asking.refresh(known)
	assert (call.state, call.title) == ("deleted", "Offer") and call.reason


# --------------------------------------------------------------------------------------------------- people


def test_who_comes_again_is_one_person(zoom, asking, anna):
	people = [
		zoom.participant("Anna", user=anna),
		zoom.participant("Eva", "Eva@Customer.example"),
		zoom.participant("Anna N.", user=anna),
		zoom.participant("Eva's phone", "eva@customer.example"),
		zoom.participant("Galaxy  S23"),
		zoom.participant("galaxy S23"),
		zoom.participant("Galaxy S23", "x@other.example"),
		zoom.participant("Waiting", status="in_waiting_room"),
		zoom.participant(),
	]
	meeting = zoom.add_meeting(anna, "Offer", START, participants=people)
	assert [(party.name, party.email) for party in asking.refresh(meeting["uuid"]).parties] == [
		("Anna", "anna@our.example"),
		("Eva", "Eva@Customer.example"),
		("Galaxy S23", ""),
		("Galaxy S23", "x@other.example"),
	]


def test_participants_come_in_pages(zoom, asking, anna):
	zoom.page_size = 10
	people = [zoom.participant(f"Guest {number}") for number in range(35)]
	meeting = zoom.add_meeting(anna, "Offer", START, participants=people)
	assert len(asking.refresh(meeting["uuid"]).parties) == 36


def test_colleagues_by_the_companys_domain(zoom, asking, anna):
	"""Where Zoom does not say who is of the account; but an address of a mail service says nothing."""
	private = zoom.add_user("anna.nowak@gmail.com", "Anna")
	for host, guest, side in (
		(anna, "Jan@OUR.example", "agent"),
		(anna, "jan@our.example.com", "customer"),
		(private, "customer@gmail.com", "customer"),
	):
		row = zoom.participant("Jan", guest)
		del row["internal_user"]
		meeting = zoom.add_meeting(host, "Offer", START, participants=[zoom.participant(user=host), row])
		assert [party.side for party in asking.refresh(meeting["uuid"]).parties] == ["agent", side]


def test_the_host_alone(zoom, asking, anna):
	"""Zoom then lists nobody."""
	meeting = zoom.add_meeting(anna, "Offer", START, participants=[zoom.participant(user=anna)])
	assert asking.refresh(meeting["uuid"]).parties == (Party("agent", "", "anna@our.example"),)


def test_a_host_whose_address_is_not_told(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START)
	del meeting["host_email"]
	call = asking.refresh(meeting["uuid"])
	assert (call.host_email, call.parties[0].name) == ("anna@our.example", "Anna Nowak")
	del zoom.users[anna["id"]]
	call = asking.refresh(meeting["uuid"])
	assert (call.host_email, call.parties, call.state) == ("", (), "ready")
	# what the webhook told stays
	known = RemoteCall(meeting["uuid"], host_email="anna@our.example")
	assert asking.refresh(known).host_email == "anna@our.example"


@pytest.mark.parametrize("kind", [5, 6, 9])
def test_a_webinar_has_another_list_of_people(zoom, asking, anna, kind):
	people = [zoom.participant(user=anna), zoom.participant("Eva")]
	meeting = zoom.add_meeting(anna, "Webinar", START, kind=kind, participants=people)
	assert len(asking.refresh(meeting["uuid"]).parties) == 2
	assert zoom.paths("/past_webinars/") and not zoom.paths("/past_meetings/")


def test_people_that_zoom_does_not_tell(zoom, asking, anna):
	"""Some plans have no list. It then isn't known to be internal either."""
	meeting = zoom.add_meeting(anna, "Offer", START, participants=[zoom.participant("Eva")])
	for status in (400, 404):
		zoom.fail(status, "/past_meetings/")
		call = asking.refresh(meeting["uuid"], internal=False)
		assert (call.state, len(call.media), len(call.parties)) == ("ready", 1, 1)


def test_a_missing_scope_for_people_is_named(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START)
	zoom.scopes.discard("meeting:read:list_past_participants:admin")
	with pytest.raises(SourceError, match=r"meeting:read:list_past_participants:admin$"):
		asking.refresh(meeting["uuid"])


# ------------------------------------------------------------------------------------------------- switches


def test_internal_meetings(zoom, asking, anna):
	jan = zoom.add_user("jan@our.example", "Jan Kos")
	ours = [zoom.participant(user=anna), zoom.participant(user=jan)]
	meeting = zoom.add_meeting(anna, "Weekly", START, participants=ours)
	assert asking.refresh(meeting["uuid"]).state == "ready"
	call = asking.refresh(meeting["uuid"], internal=False)
	assert (call.state, call.media) == ("no_recording", ()) and "internal" in call.reason
	with_guest = zoom.add_meeting(anna, "Offer", START, participants=[*ours, zoom.participant("Galaxy S23")])
	assert asking.refresh(with_guest["uuid"], internal=False).state == "ready"


@pytest.mark.parametrize(("kind", "switch"), [(8, "meetings"), (5, "webinars")])
def test_kinds_that_are_switched_off(zoom, asking, anna, kind, switch):
	meeting = zoom.add_meeting(anna, "Offer", START, kind=kind)
	call = asking.refresh(meeting["uuid"], **{switch: False})
	assert (call.state, call.media) == ("no_recording", ()) and switch in call.reason.lower()
	assert not zoom.paths("/past_")


# ------------------------------------------------------------------------------------------------- downloads


def test_a_download_takes_no_token_to_the_storage_host(zoom, asking, anna, tmp_path):
	meeting = zoom.add_meeting(anna, "Offer", START)
	(media,) = asking.refresh(meeting["uuid"]).media
	asking.download(media, tmp_path / "a")
	assert (tmp_path / "a").read_bytes() == SOUND
	first, second = zoom.requests[-2:]
	assert (first.host, second.host) == ("api", "files")
	assert first.headers["authorization"].startswith("Bearer ") and "authorization" not in second.headers
	assert not first.query


def test_401_then_200(zoom, asking, anna, tmp_path):
	"""Zoom refuses fresh files now and then; an attempt begins with `refresh`, which replaces a revoked token."""
	meeting = zoom.add_meeting(anna, "Offer", START)
	(media,) = asking.refresh(meeting["uuid"]).media
	zoom.fail(401, "/rec/download")
	with pytest.raises(NotReadyError, match="401"):
		asking.download(media, tmp_path / "a")
	zoom.revoke_tokens()
	with pytest.raises(NotReadyError, match="401"):
		asking.download(media, tmp_path / "a")
	(media,) = asking.refresh(meeting["uuid"]).media
	asking.download(media, tmp_path / "a")
	assert (tmp_path / "a").read_bytes() == SOUND


def test_a_page_with_200_then_the_file(zoom, asking, anna, tmp_path):
	meeting = zoom.add_meeting(anna, "Offer", START)
	(media,) = asking.refresh(meeting["uuid"]).media
	zoom.fail("html", "/rec/download")
	with pytest.raises(NotReadyError, match="text/html"):
		asking.download(media, tmp_path / "a")
	asking.download(media, tmp_path / "a")
	assert (tmp_path / "a").read_bytes() == SOUND


def test_a_recording_that_is_deleted_before_the_download(zoom, asking, anna, tmp_path):
	meeting = zoom.add_meeting(anna, "Offer", START)
	(media,) = asking.refresh(meeting["uuid"]).media
	zoom.files.clear()
	with pytest.raises(NotReadyError):
		asking.download(media, tmp_path / "a")
	zoom.trash(meeting["uuid"])
	assert asking.refresh(meeting["uuid"]).state == "deleted"


def test_a_download_that_is_cut_off_goes_on(zoom, asking, anna, tmp_path):
	sound = SOUND * 40
	meeting = zoom.add_meeting(anna, "Offer", START, sound=sound)
	(media,) = asking.refresh(meeting["uuid"]).media
	zoom.fail("cut", "/storage/")
	with pytest.raises(NotReadyError, match="cut off"):
		asking.download(media, tmp_path / "a")
	asking.download(media, tmp_path / "a")
	assert (
		zoom.requests[-1].headers["range"].startswith("bytes=")
		and zoom.requests[-1].headers["range"] != "bytes=0-"
	)
	assert (tmp_path / "a").read_bytes() == sound


def test_a_slow_download(zoom, asking, anna, tmp_path):
	meeting = zoom.add_meeting(anna, "Offer", START)
	(media,) = asking.refresh(meeting["uuid"]).media
	zoom.fail("slow", "/storage/")
	with pytest.raises(NotReadyError, match="takes longer"):
		asking.download(media, tmp_path / "a", seconds=0.2)


# ----------------------------------------------------------------------------------------------------- errors


def test_limits_are_told_to_the_caller(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START)
	zoom.fail(429, "/meetings/", Retry_After="30")
	with pytest.raises(NotReadyError) as raised:
		asking.refresh(meeting["uuid"])
	assert raised.value.seconds == 30 and asking.waits == []


def test_errors_about_one_meeting_and_about_the_app(zoom, asking, anna):
	meeting = zoom.add_meeting(anna, "Offer", START)
	zoom.fail(400, "/meetings/")
	with pytest.raises(RefusedError, match="400: a fault"):
		asking.refresh(meeting["uuid"])
	zoom.fail(401, "/meetings/", times=2)
	with pytest.raises(SourceError, match="activated"):
		asking.refresh(meeting["uuid"])
	zoom.client_secret = "another"
	zoom.revoke_tokens()
	with pytest.raises(SourceError, match="Invalid client_id or client_secret"):
		asking.refresh(meeting["uuid"])
