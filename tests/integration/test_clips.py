"""Sharing parts of calls: recipients, access, and how clips end."""

import email
import hashlib
import hmac
import json
import re
from email.header import decode_header, make_header

import frappe
import pytest
from frappe import client
from frappe.utils import add_to_date, now_datetime

from call_intelligence.api import clips, comments
from call_intelligence.clips import access, ending, jobs, links, make, parts
from call_intelligence.core.times import site_time
from call_intelligence.permissions import can_see
from tests import factories


@pytest.fixture
def call(people):
	contact = factories.contact()
	return factories.call(people["owner"], title="Premium plan", associations=[("Contact", contact)])


@pytest.fixture
def share(call, people, as_user):
	"""`share(by="owner", users=["crm user"], only_this_part=1)` -> the answer"""

	def request(by="owner", users=(), start=4.6, end=8.1, **options):
		with as_user(people[by]):
			return clips.share(call, start, end, users=[people.get(user, user) for user in users], **options)

	return request


def told(user: str) -> list:
	return frappe.get_all(
		"Notification Log",
		filters={"for_user": user, "document_type": "Call Clip"},
		fields=["subject", "email_content", "document_name", "type"],
	)


def refused(request, *arguments, **options) -> bool:
	try:
		request(*arguments, **options)
	except frappe.PermissionError:
		return True
	return False


# ------------------------------------------------------------------------------------------------ who gets what


def test_a_recipient_is_told_what_is_said_and_where_to_hear_it(share, people, call):
	answer = share(users=["crm user"], message="Listen to the question\n& answer it", title="The question")
	assert answer["left_out"] == [] and len(answer["told"]) == 1
	(note,) = told(people["crm user"])
	assert note.type == "Share" and note.document_name == answer["clip"]["name"]
	assert "The question" in note.subject
	assert "I have a question about the premium plan." in note.email_content
	assert "Listen to the question" in note.email_content and "&amp; answer it" in note.email_content
	# no word of the utterances around it
	assert "Northwind" not in note.email_content and "twenty" not in note.email_content
	assert answer["link"] in note.email_content.replace("&amp;", "&")
	assert answer["link"].endswith(f"/app/call/{call}?shared={answer['clip']['name']}")


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("how", ["revoked", "deleted"])
def test_a_mail_that_waits_is_not_sent_any_more(share, people, as_user, mail_account, how, sent):
	clip = share(users=["crm user", "manager"])["clip"]["name"]
	other = share(users=["crm user"])["clip"]["name"]
	of = lambda name: frappe.get_all("Email Queue", {"reference_name": name}, pluck="name")  # noqa: E731
	mails = of(clip)
	assert (len(mails), len(of(other))) == (2, 1)
	if sent:
		frappe.db.set_value("Email Queue", mails[0], "status", "Sent")
	if how == "revoked":
		with as_user(people["owner"]):
			clips.revoke(clip)
	else:
		frappe.delete_doc("Call Clip", clip, force=True)
	assert of(clip) == mails[:1] * sent
	assert not any(frappe.db.get_value("Email Queue", mail, "message") for mail in of(clip))
	assert frappe.db.count("Email Queue Recipient", {"parent": ["in", mails]}) == int(sent)
	# those of another clip are kept
	assert frappe.db.get_value("Email Queue", of(other)[0], "message")


@pytest.fixture
def mail_account(site):
	values = {"email_id": "crm@example.com", "smtp_server": "127.0.0.1", "password": "x"}
	switches = {"enable_outgoing": 1, "default_outgoing": 1}
	name = factories.unique("CRM")
	frappe.get_doc({"doctype": "Email Account", "email_account_name": name, **values, **switches}).db_insert()
	frappe.flags.outgoing_email_account = {}


def test_the_mail_of_a_clip_is_in_the_queue(share, people):
	account = {
		"doctype": "Email Account",
		"email_id": "crm@example.com",
		"email_account_name": factories.unique("CRM"),
	}
	frappe.get_doc(
		{**account, "enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "127.0.0.1", "password": "x"}
	).db_insert()
	frappe.flags.outgoing_email_account = {}
	answer = share(users=["crm user"], message="Ask <b>again</b>")
	queued = frappe.get_all(
		"Email Queue Recipient",
		filters={"recipient": people["crm user"]},
		pluck="parent",
		order_by="creation desc",
	)
	mail = frappe.get_doc("Email Queue", queued[0])
	body = decoded(mail.message)
	assert "shared a moment of Premium plan with you" in decoded_subject(mail.message)
	assert "I have a question about the premium plan." in body
	assert "Northwind" not in body
	assert "<b>again</b>" not in body and "Ask ‹b›again‹/b›" in body
	# the whole URL, and nothing after it
	assert f'href="{answer["link"]}"' in body


def decoded(message: str) -> str:
	walked = email.message_from_string(message).walk()
	return "\n".join(
		part.get_payload(decode=True).decode(errors="replace")
		for part in walked
		if part.get_content_type() in ("text/html", "text/plain")
	)


def decoded_subject(message: str) -> str:
	return str(make_header(decode_header(email.message_from_string(message)["Subject"])))


def test_each_recipient_is_told_in_their_language(share, people):
	frappe.db.set_value("User", people["crm user"], "language", "pl")
	share(users=["crm user", "manager"])
	assert "udostępnia Ci fragment" in told(people["crm user"])[0].subject
	assert "shared a moment" in told(people["manager"])[0].subject


def test_of_a_clip_that_has_ended_meanwhile_nobody_hears(share, people, as_user):
	name = share(users=["crm user"], notify=0)["clip"]["name"]
	jobs.tell_recipients(name)
	assert told(people["crm user"])
	with as_user(people["owner"]):
		clips.revoke(name)
	jobs.tell_recipients(name)
	jobs.tell_recipients("CLIP-0")
	assert not told(people["crm user"])


def test_who_does_not_see_the_call_gets_access_from_those_who_may_share_it(share, people, call):
	assert not can_see(call, people["stranger"])
	answer = share(users=["stranger"])
	assert can_see(call, people["stranger"])
	assert answer["told"] and told(people["stranger"])


def test_and_is_left_out_by_others(share, people, call):
	answer = share(by="rep", users=["stranger", "crm user"])
	assert [person["user"] for person in answer["left_out"]] == [people["stranger"]]
	assert not can_see(call, people["stranger"]) and not told(people["stranger"])
	assert told(people["crm user"])
	with pytest.raises(frappe.PermissionError, match="can't see the call"):
		share(by="rep", users=["stranger"])
	with pytest.raises(frappe.PermissionError, match="can't see the call"):
		share(by="rep", users=["stranger"], only_this_part=1)


def test_where_the_site_does_not_let_one_share_those_get_it_who_see_the_call(
	no_sharing, share, people, call, as_user
):
	with as_user(people["owner"]):
		offered = clips.options(call)
		assert not offered["may_share"] and not comments.who_cannot_see(call)["may_share"]
	for only_this_part in (0, 1):
		answer = share(users=["stranger", "crm user"], only_this_part=only_this_part)
		assert [person["user"] for person in answer["left_out"]] == [people["stranger"]]
		assert [person["user"] for person in answer["clip"]["recipients"]] == [people["crm user"]]
	assert not can_see(call, people["stranger"]) and told(people["crm user"])
	with pytest.raises(frappe.PermissionError, match="where the site allows"):
		share(users=["stranger"])


def test_nor_are_links_made_there(external, no_sharing, call, people, as_user):
	with as_user(people["owner"]):
		assert not clips.options(call)["external"]
		with pytest.raises(frappe.PermissionError, match="where the site allows"):
			clips.create_link(call, 4.6, 8.1)


def test_all_are_named_who_do_not_see_the_call(people, call, as_user):
	group = frappe.get_doc(
		{
			"doctype": "User Group",
			"name": factories.unique("Group"),
			"user_group_members": [{"user": people["stranger"]}, {"user": people["crm user"]}],
		}
	).insert()
	# whether a user may be mentioned is independent of sharing
	frappe.db.set_value("User", people["stranger"], "allowed_in_mentions", 0)
	with as_user(people["owner"]):
		for chosen in ({"users": [people["stranger"], people["owner"]]}, {"groups": f'["{group.name}"]'}):
			answer = clips.who_cannot_see(call, **chosen)
			assert [person["user"] for person in answer["people"]] == [people["stranger"]]
	with as_user(people["crm user"]), pytest.raises(frappe.PermissionError):
		clips.who_cannot_see(call, [people["stranger"]])


def test_nobody_is_dropped_silently_where_there_are_too_many(share, people, monkeypatch):
	many = [f"{number}@people.example.com" for number in range(make.MOST_RECIPIENTS)]
	with pytest.raises(frappe.ValidationError, match="log in to Desk"):
		share(users=[*[people["crm user"]] * make.MOST_RECIPIENTS, many[0]])
	with pytest.raises(frappe.ValidationError, match=f"{make.MOST_RECIPIENTS} people at most"):
		share(groups=[*many, "another"])
	monkeypatch.setattr(make, "MOST_RECIPIENTS", 1)
	with pytest.raises(frappe.ValidationError, match="1 people at most"):
		share(users=["crm user", "manager"])


def test_only_this_part_gives_the_part_and_nothing_else(share, people, call, as_user):
	answer = share(users=["stranger"], only_this_part=1)
	name = answer["clip"]["name"]
	assert not can_see(call, people["stranger"])
	assert answer["link"].endswith(f"/clip/{name}")
	with as_user(people["stranger"]):
		assert clips.open(name)["clip"]["title"] == "Premium plan"
		assert name in frappe.get_list("Call Clip", pluck="name")
		assert refused(clips.options, call)
	for who in ("other seat", "portal user", "Guest"):
		with as_user(people[who]):
			assert refused(clips.open, name), who
			assert refused(clips.part, name), who
			assert refused(clips.media, name), who


def test_of_a_part_no_field_of_the_call_can_be_asked(share, people, call, as_user):
	"""Frappe's lists read fields of linked documents without checking permission."""
	frappe.db.set_value("Call", call, {"preview": "a zebra", "notes": "a zebra"})
	name = share(users=["stranger"], only_this_part=1)["clip"]["name"]
	with as_user(people["stranger"]):
		asked = {"fields": ["name", "call.preview", "call.notes"], "filters": {"name": name}}
		# Frappe treats the name as that of a table, and finds no such DocType
		with pytest.raises(frappe.DoesNotExistError):
			client.get_list("Call Clip", **asked)
	hidden = (("Call Clip", "Call"), ("Call Clip Opening", "Call"), ("Call Playlist Item", "Call Clip"))
	for doctype, other in hidden:
		assert other not in [field.options for field in frappe.get_meta(doctype).get_link_fields()]


def test_a_part_from_others_is_for_those_who_see_the_call(share, people, call, as_user):
	name = share(by="rep", users=["crm user"], only_this_part=1)["clip"]["name"]
	given = share(users=["crm user"], only_this_part=1)["clip"]["name"]
	with as_user(people["crm user"]):
		assert clips.part(name)["segments"]
	elsewhere = {"user": people["crm user"], "allow": "Contact", "for_value": factories.contact()}
	frappe.get_doc({"doctype": "User Permission", **elsewhere}).insert(ignore_permissions=True)
	with as_user(people["crm user"]):
		assert not can_see(call)
		assert refused(clips.part, name)
		assert frappe.get_list("Call Clip", filters={"name": ["in", [name, given]]}, pluck="name") == [given]
		assert clips.part(given)["segments"]


def test_a_group_is_everybody_in_it(share, people, site):
	group = frappe.get_doc(
		{
			"doctype": "User Group",
			"name": factories.unique("Coaches"),
			"user_group_members": [
				{"user": people["manager"]},
				{"user": people["crm user"]},
				{"user": people["owner"]},
			],
		}
	).insert()
	answer = share(groups=[group.name], users=["crm user"])
	assert {row["user"] for row in answer["clip"]["recipients"]} == {people["manager"], people["crm user"]}


def test_a_link_alone_tells_nobody(share, people):
	answer = share(notify=0)
	assert answer["link"] and answer["told"] == []
	answer = share(users=["crm user"], notify=0)
	assert not told(people["crm user"])


@pytest.mark.parametrize(
	("options", "complaint"),
	[
		({"users": ["crm user"], "start": 9, "end": 4}, "ends before it begins"),
		({"users": ["crm user"], "start": 40, "end": 50}, "not within the call"),
		({"users": ["crm user"], "start": -1, "end": 5}, "not within the call"),
		({"users": ["crm user"], "start": "soon", "end": 5}, "not a time in seconds"),
		({"users": ["crm user"], "start": "nan", "end": 5}, "not a time in seconds"),
		({"users": []}, "choose who"),
		({"users": [], "only_this_part": 1, "notify": 0}, "choose who"),
		({"users": ["nobody@example.com"]}, "log in to Desk"),
		({"users": ["portal user"]}, "log in to Desk"),
		({"users": ["crm user"], "message": "x" * 2001}, "too long"),
		({"users": ["crm user"], "expires_on": "2020-01-01"}, "later date"),
		({"users": ["crm user"], "expires_on": "tomorrow or so"}, "not a date"),
	],
)
def test_bad_input_is_told_in_words(share, people, call, options, complaint):
	with pytest.raises(frappe.ValidationError, match=complaint):
		share(**options)
	assert not frappe.db.exists("Call Clip", {"call": call})


def test_markup_in_words_stays_words(share, people):
	clip = share(users=["crm user"], title="<img src=x>", message="<script>1</script>")["clip"]
	assert clip["title"] == "‹img src=x›" and clip["message"] == "‹script›1‹/script›"


def test_without_the_seat_nothing_is_shared(share, people, call):
	with pytest.raises(frappe.PermissionError, match="Call Intelligence User"):
		share(by="crm user", users=["owner"])


# ------------------------------------------------------------------------------------------------ how it fares


def test_openings_are_told_to_those_who_shared(share, people, call, as_user):
	name = share(users=["crm user", "manager"])["clip"]["name"]
	with as_user(people["crm user"]):
		clips.open(name)
		(mine,) = clips.options(call)["clips"]
		assert (mine["opened"], mine["openings"], mine["may_revoke"]) == (0, [], False)
		assert not frappe.get_list("Call Clip Opening", filters={"clip": name})
	with as_user(people["owner"]):
		clips.open(name)
		(clip,) = clips.options(call)["clips"]
	assert clip["opened"] == 1
	assert [opening["user"] for opening in clip["openings"]] == [people["crm user"]]


def test_why_the_sound_could_not_be_cut_is_told_to_those_who_shared(share, people, call, as_user):
	name = share(users=["manager", "crm user"], only_this_part=1)["clip"]["name"]
	frappe.db.set_value("Call Clip", name, {"media_state": "Failed", "media_error": "It is damaged."})
	for who, told in {"owner": "It is damaged.", "crm user": ""}.items():
		with as_user(people[who]):
			assert clips.options(call)["clips"][0]["media_error"] == told


def test_revoking_takes_back_what_the_clip_gave(share, people, call, as_user):
	name = share(users=["stranger", "crm user"])["clip"]["name"]
	with as_user(people["crm user"]):
		assert refused(clips.revoke, name)
	with as_user(people["owner"]):
		clip = clips.revoke(name)["clip"]
	assert (clip["live"], clip["end_reason"]) == (False, "Revoked")
	assert not can_see(call, people["stranger"]) and can_see(call, people["crm user"])
	assert not told(people["stranger"])
	with as_user(people["crm user"]):
		assert refused(clips.open, name)
		assert name not in frappe.get_list("Call Clip", pluck="name")


def test_access_that_somebody_needs_for_another_clip_stays(share, people, call, as_user):
	first = share(users=["stranger"])["clip"]["name"]
	second = share(users=["stranger"], start=1, end=3)["clip"]["name"]
	with as_user(people["owner"]):
		clips.revoke(first)
		assert can_see(call, people["stranger"])
		clips.revoke(second)
	assert not can_see(call, people["stranger"])


def test_who_may_not_share_any_more_still_revokes(share, people, call, as_user):
	name = share(users=["stranger"])["clip"]["name"]
	frappe.db.set_value("Call", call, "call_owner", people["other seat"])
	frappe.share.add("Call", call, people["owner"], notify=False)
	with as_user(people["owner"]):
		assert clips.revoke(name)["clip"]["ended"]
	assert not can_see(call, people["stranger"])


def test_recipients_do_not_keep_each_other_in(share, people, call, as_user):
	name = share(users=["stranger", "other seat"])["clip"]["name"]
	share(by="other seat", users=["stranger"])
	with as_user(people["owner"]):
		clips.revoke(name)
	assert not can_see(call, people["stranger"]) and not can_see(call, people["other seat"])


def test_access_that_somebody_has_changed_since_stays(share, people, call, as_user):
	name = share(users=["stranger"])["clip"]["name"]
	frappe.db.set_value("DocShare", {"share_name": call, "user": people["stranger"]}, "write", 1)
	with as_user(people["owner"]):
		clips.revoke(name)
	assert can_see(call, people["stranger"])


def test_managers_and_the_owner_of_the_call_revoke_what_others_have_shared(share, people, as_user):
	for who in ("owner", "manager"):
		name = share(by="rep", users=["crm user"])["clip"]["name"]
		with as_user(people[who]):
			assert clips.revoke(name)["clip"]["ended"]


def test_a_date_that_names_its_zone_is_that_moment(share):
	clip = share(users=["crm user"], expires_on="2099-07-01T12:00:00+05:00")["clip"]
	assert clip["expires_on"] == str(site_time("2099-07-01T07:00:00Z"))


def test_an_expired_clip_is_dead_at_once_and_swept_later(share, people, call, as_user):
	name = share(users=["stranger"], expires_on=str(add_to_date(now_datetime(), hours=1)))["clip"]["name"]
	frappe.db.set_value("Call Clip", name, "expires_on", add_to_date(now_datetime(), seconds=-1))
	with as_user(people["stranger"]):
		assert refused(clips.open, name)
		assert name not in frappe.get_list("Call Clip", pluck="name")
	assert name in ending.sweep()
	assert not can_see(call, people["stranger"])
	assert frappe.db.get_value("Call Clip", name, "end_reason") == "Expired"


def test_who_loses_sight_of_the_call_shares_nothing_of_it(share, people, call, as_user):
	name = share(by="rep", users=["crm user"])["clip"]["name"]
	assert name not in ending.sweep()
	frappe.get_doc(
		{
			"doctype": "User Permission",
			"user": people["rep"],
			"allow": "Contact",
			"for_value": factories.contact(),
		}
	).insert(ignore_permissions=True)
	with as_user(people["crm user"]):
		assert can_see(call) and refused(clips.open, name)
	assert name in ending.sweep()
	assert frappe.db.get_value("Call Clip", name, "end_reason") == "Access lost"


def test_who_gets_a_deleted_users_name_gets_nothing_else_of_theirs(call, people, as_user):
	gone = factories.user("Blogger")
	received = factories.clip(call, people["owner"], [gone], only_this_part=1)
	shared = factories.clip(call, gone, [people["crm user"]])
	share = frappe.share.add("Call", call, people["stranger"], notify=False)
	factories.clip(call, gone, [people["stranger"]])
	frappe.db.set_value("Call Clip Recipient", {"user": people["stranger"]}, "granted", share.name)
	with as_user(factories.user("System Manager")):
		frappe.delete_doc("User", gone, force=True)
	name = factories.user("Blogger", email=gone)
	assert not access.may_open(frappe.get_doc("Call Clip", received), name)
	assert frappe.db.get_value("Call Clip", shared, ["ended", "shared_by", "shared_by_name"]) == (
		1,
		None,
		gone,
	)
	assert not access.may_read(received, name) and not access.may_read(shared, name)
	assert not can_see(call, people["stranger"])


def test_a_deleted_call_takes_its_clips_along(share, people, call, as_user):
	clip = share(users=["crm user"], message="a secret zebra")["clip"]["name"]
	with as_user(people["crm user"]):
		clips.open(clip)
	frappe.delete_doc("Call", call, force=True)
	assert not frappe.db.exists("Call Clip", clip)
	assert not frappe.get_all("Call Clip Recipient", filters={"parent": clip})
	assert not frappe.get_all("Call Clip Opening", filters={"clip": clip})
	assert not told(people["crm user"])
	kept = frappe.get_all("Deleted Document", filters={"deleted_doctype": "Call Clip"}, pluck="data")
	assert "zebra" not in "".join(kept)


def test_people_are_found_and_marked(call, people, as_user):
	with as_user(people["owner"]):
		(found,) = clips.people(call, people["stranger"])
		assert (found["name"], found["sees"]) == (people["stranger"], False)
		(found,) = clips.people(call, people["crm user"])
		assert found["sees"]
		assert clips.people(call, people["portal user"]) == []
		assert clips.people(call, "100%_no such") == []


# ------------------------------------------------------------------------------------------------ external links


@pytest.fixture
def external(call, people, as_user):
	"""`external(password="...")` -> (clip, key) of a link that the owner has made"""
	frappe.db.set_single_value("Call Intelligence Settings", "external_links", 1)
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")

	def make(**options):
		with as_user(people["owner"]):
			answer = clips.create_link(call, 4.6, 8.1, **options)
		return answer["clip"], answer["link"].rpartition("/")[2]

	yield make
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")


def test_a_key_opens_its_clip_and_is_not_kept(external):
	clip, key = external()
	assert re.fullmatch("[0-9a-f]{64}", key)
	assert links.find_live(key).name == clip["name"]
	kept = frappe.db.get_value("Call Clip", clip["name"], "link_key")
	assert kept == links.hashed(key[:32]) and key[:32] not in kept
	assert clip["link"] == ""
	assert frappe.get_doc("Call Clip", clip["name"]).only_this_part


def test_people_outside_read_no_title_of_the_call(external, people):
	assert external()[0]["title"] == "Shared clip"
	assert external(title="How we <start>")[0]["title"] == "How we ‹start›"
	before = frappe.local.lang
	frappe.local.lang = "pl"
	try:
		clip, key = external()
	finally:
		frappe.local.lang = before
	assert clip["title"] == "Udostępniony fragment"
	assert "Premium plan" not in json.dumps(parts.content(links.find_live(key), internal=False))


def test_the_hash_is_shown_to_nobody(external, people, as_user):
	clip, _key = external()
	with as_user(people["owner"]):
		doc = frappe.get_doc("Call Clip", clip["name"])
		doc.apply_fieldlevel_read_permissions()
	assert not doc.get("link_key")


def test_links_expire_after_a_week_unless_said_otherwise(external, people, call, as_user):
	for options, days in (({}, 7), ({"days": 30}, 30)):
		clip, _key = external(**options)
		left = frappe.utils.get_datetime(clip["expires_on"]) - now_datetime()
		assert days - 0.01 < left.total_seconds() / 86400 <= days
	for days in (91, -1, 0, "0", "some"):
		with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="1 to 90 days"):
			clips.create_link(call, 4.6, 8.1, days=days)


@pytest.mark.parametrize(("days", "may"), [(-1, False), (91, False), (90, True)])
def test_the_usual_days_are_days_that_a_link_can_have(site, days, may):
	settings = frappe.get_single("Call Intelligence Settings")
	settings.external_link_days = days
	if may:
		settings.save()
		assert links.usual_days() == days
	else:
		with pytest.raises(frappe.ValidationError, match="1 to 90 days"):
			settings.save()


def flipped(key: str, at: int) -> str:
	return key[:at] + ("0" if key[at] != "0" else "1") + key[at + 1 :]


def of_another_site(key: str) -> str:
	return (
		key[:32] + hmac.new(b"another secret", f"clip {key[:32]}".encode(), hashlib.sha256).hexdigest()[:32]
	)


@pytest.mark.parametrize(
	"wrong",
	[
		lambda key: "",
		lambda key: None,
		lambda key: "0" * 64,
		lambda key: key[:63],
		lambda key: key.upper(),
		lambda key: key + "0",
		lambda key: key[:32],
		lambda key: flipped(key, 3),
		lambda key: flipped(key, 40),
		lambda key: key[32:] + key[:32],
		lambda key: "é" * 64,
		of_another_site,
	],
)
def test_a_key_that_is_altered_opens_nothing(external, wrong):
	_clip, key = external()
	found = wrong(key)
	if found != key:
		assert links.find_live(found) is None


def test_nor_one_that_has_expired_was_revoked_or_whose_sharer_has_gone(external, people, as_user):
	clip, key = external()
	frappe.db.set_value("Call Clip", clip["name"], "expires_on", add_to_date(now_datetime(), seconds=-1))
	assert links.find_live(key) is None
	clip, key = external()
	with as_user(people["owner"]):
		clips.revoke(clip["name"])
	assert links.find_live(key) is None
	assert frappe.db.get_value("Call Clip", clip["name"], "link_key") is None
	clip, key = external()
	frappe.db.set_value("User", people["owner"], "enabled", 0)
	assert links.find_live(key) is None


def test_switched_off_no_link_opens_and_none_is_made(external, call, people, as_user):
	_clip, key = external()
	frappe.db.set_single_value("Call Intelligence Settings", "external_links", 0)
	frappe.clear_document_cache("Call Intelligence Settings", "Call Intelligence Settings")
	assert links.find_live(key) is None
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError, match="switched off"):
		clips.create_link(call, 4.6, 8.1)


def test_only_those_who_may_share_the_call_make_links(external, call, people, as_user):
	with as_user(people["rep"]), pytest.raises(frappe.PermissionError, match="outside the company"):
		clips.create_link(call, 4.6, 8.1)
	with as_user(people["manager"]):
		assert clips.create_link(call, 4.6, 8.1)["link"]
		assert clips.options(call)["external"]


def test_passwords_are_asked_for_and_wrong_ones_counted(external):
	clip, _key = external(password="open sesame")
	assert clip["has_password"]
	links.check(clip["name"], "open sesame")
	for _turn in range(links.MOST_WRONG):
		with pytest.raises(links.WrongPassword, match="not the password"):
			links.check(clip["name"], "open says me")
	with pytest.raises(links.WrongPassword, match="Too many"):
		links.check(clip["name"], "open sesame")
	stored = frappe.db.sql("select `password` from `__Auth` where `name` = %s", clip["name"])
	assert stored and "sesame" not in stored[0][0]


def test_a_short_password_is_refused(external, people):
	with pytest.raises(frappe.ValidationError, match="too short"):
		external(password="12345")


def test_grants_are_for_one_clip_and_some_hours(monkeypatch):
	grant = links.new_grant("CLIP-1")
	assert links.is_granted("CLIP-1", grant)
	assert not links.is_granted("CLIP-2", grant)
	until, _dot, signed = grant.partition(".")
	for wrong in (
		None,
		"",
		"x.y",
		f"{int(until) + 1}.{signed}",
		f"{until}.{signed[:-1]}x",
		f"²{until}.{signed}",
	):
		assert not links.is_granted("CLIP-1", wrong), wrong
	monkeypatch.setattr(links.time, "time", lambda: int(until) + 1)
	assert not links.is_granted("CLIP-1", grant)


def test_an_external_clip_is_not_opened_by_its_name(external, people, as_user):
	clip, _key = external()
	with as_user(people["stranger"]):
		assert refused(clips.open, clip["name"]) and refused(clips.part, clip["name"])
	assert not access.may_read(clip["name"], people["crm user"])
