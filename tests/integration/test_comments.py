"""Comments on a call: permissions, hostile text, notifications."""

import email
import re
import time
from email import policy

import frappe
import pytest
from frappe import client

from call_intelligence import permissions
from call_intelligence.api import comments, review
from call_intelligence.discussion import mentions, notes, richtext
from tests import factories
from tests.factories import mention

SEES = ("owner", "manager", "participant", "shared with", "crm user")


@pytest.fixture
def call(people):
	name = factories.call(
		people["owner"],
		title="Price & plan",
		associations=[("Contact", factories.contact())],
		participants=[{"party_type": "User", "party": people["participant"], "display_name": "A colleague"}],
	)
	frappe.share.add("Call", name, people["shared with"], notify=False)
	return name


@pytest.fixture
def comment(call, people):
	return factories.comment(call, people["owner"], timed=1, at_seconds=4)


def stored(name):
	return frappe.get_doc("Call Comment", name)


def logs(**filters):
	return frappe.get_all("Notification Log", filters=filters, fields=["*"], order_by="creation")


def listed(call, name):
	return next(row for row in comments.get(call)["comments"] if row["name"] == name)


# ------------------------------------------------------------------------------------------------ writing


@pytest.mark.parametrize("who", SEES)
def test_whoever_sees_the_call_comments_on_it(call, people, as_user, who):
	with as_user(people[who]):
		name = comments.add(call, "<p>At the price</p>", at="4.6")["name"]
		row = listed(call, name)
	assert (row["at"], row["content"], row["author"]) == (4.6, "<p>At the price</p>", people[who])
	assert row["mine"] and row["may_delete"] and not row["unread"]
	assert row["author_name"] == frappe.db.get_value("User", people[who], "full_name")


def test_the_first_second_is_a_time_and_no_time_is_none(call, people, as_user):
	with as_user(people["owner"]):
		start = comments.add(call, "At the start", at=0)["name"]
		none = comments.add(call, "About all of it")["name"]
		assert (listed(call, start)["at"], listed(call, none)["at"]) == (0, None)


@pytest.mark.parametrize("at", [-1, 100, "nan", "inf", "soon", "1:23"])
def test_a_time_outside_the_call_is_refused(call, people, as_user, at):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
		comments.add(call, "Never", at=at)


def test_the_review_has_comments_and_notes_in_its_one_request(call, comment, people, as_user):
	with as_user(people["crm user"]):
		answer = review.get(call)
	assert [row["name"] for row in answer["comments"]] == [comment]
	assert answer["notes"]["version"] == 0


def test_a_reply_belongs_to_the_thread_even_when_it_answers_a_reply(call, comment, people, as_user):
	with as_user(people["crm user"]):
		reply = comments.add(call, "Yes", at=3, reply_to=comment)["name"]
		answer = comments.add(call, "No", reply_to=reply)["name"]
		assert [listed(call, name)["reply_to"] for name in (reply, answer)] == [comment, comment]
		assert listed(call, reply)["at"] is None


@pytest.mark.parametrize("content", ["", "   ", "<p><br></p>", "<p>&nbsp;</p>", "<script>x()</script>"])
def test_an_empty_comment_is_refused(call, people, as_user, content):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="empty"):
		comments.add(call, content)


def test_only_authors_change_theirs(call, comment, people, as_user):
	with as_user(people["owner"]):
		comments.edit(comment, "<p>Better words</p>")
		row = listed(call, comment)
		assert (row["content"], bool(row["edited_on"])) == ("<p>Better words</p>", True)
	for who in ("manager", "crm user"):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			comments.edit(comment, "Mine now")


def test_authors_and_managers_delete(call, people, as_user):
	for who in ("owner", "manager"):
		name = factories.comment(call, people["owner"])
		with as_user(people["crm user"]), pytest.raises(frappe.PermissionError):
			comments.remove(name)
		with as_user(people[who]):
			comments.remove(name)
		assert not frappe.db.exists("Call Comment", name)
	assert not frappe.db.exists("Deleted Document", {"deleted_doctype": "Call Comment"})


def test_a_deleted_comment_leaves_its_place_to_its_replies(call, comment, people, as_user):
	reply = factories.comment(call, people["crm user"], reply_to=comment)
	with as_user(people["owner"]):
		comments.remove(comment)
		row = listed(call, comment)
		assert (row["deleted"], row["content"], row["may_delete"]) == (True, "", False)
		with pytest.raises(frappe.ValidationError, match="deleted"):
			comments.edit(comment, "Back again")
	with as_user(people["crm user"]):
		comments.remove(reply)
		assert comments.get(call)["comments"] == []


def test_whoever_sees_the_call_resolves_and_reopens(call, comment, people, as_user):
	reply = factories.comment(call, people["crm user"], reply_to=comment)
	with as_user(people["shared with"]):
		comments.resolve(reply)
		row = listed(call, comment)
		assert row["resolved"] and row["resolved_by_name"] and row["resolved_on"]
		comments.resolve(comment, "0")
		row = listed(call, comment)
		assert (row["resolved"], row["resolved_by_name"], row["resolved_on"]) == (False, None, None)


def test_what_others_wrote_is_unread_until_it_was_seen(call, comment, people, as_user):
	for who in ("crm user", "manager"):
		with as_user(people[who]):
			assert listed(call, comment)["unread"]
			comments.mark_read(call, [comment, "none such"])
			assert not listed(call, comment)["unread"]
	with as_user(people["owner"]):
		assert not listed(call, comment)["unread"]
		comments.edit(comment, "A corrected word is no news")
	with as_user(people["crm user"]):
		assert not listed(call, comment)["unread"]


def test_an_unchanged_comment_is_not_unread_again(call, comment, people, as_user):
	with as_user(people["crm user"]):
		comments.mark_read(call, [comment])
	with as_user(people["owner"]):
		client.save(stored(comment).as_dict())
	with as_user(people["crm user"]):
		assert not listed(call, comment)["unread"]
	with as_user(people["manager"]):
		assert listed(call, comment)["unread"]


def test_comments_of_another_call_are_not_marked(call, comment, people, as_user):
	other = factories.call(people["crm user"])
	with as_user(people["crm user"]):
		comments.mark_read(other, [comment])
		assert listed(call, comment)["unread"]


# ------------------------------------------------------------------------------------------------ through Frappe's own functions


@pytest.mark.parametrize("who", [*SEES, "other seat", "stranger", "portal user", "Guest"])
def test_rest_obeys_the_same_rule(call, comment, people, as_user, who):
	values = {"doctype": "Call Comment", "call": call, "content": "Over REST"}
	with as_user(people[who]):
		try:
			made = client.insert(dict(values)).name
		except frappe.PermissionError:
			made = None
		assert bool(made) is (who in SEES)
		for right, allowed in {"write": ("owner",), "delete": ("owner", "manager"), "share": ()}.items():
			doc = stored(comment)
			assert bool(frappe.has_permission("Call Comment", right, doc=doc)) is (who in allowed), right


@pytest.mark.parametrize("call_name", [None, "", "CALL-1999-00001", "x' or '1'='1"])
def test_a_comment_on_no_call_is_refused(people, as_user, call_name):
	with as_user(people["owner"]), pytest.raises((frappe.PermissionError, frappe.LinkValidationError)):
		client.insert({"doctype": "Call Comment", "call": call_name, "content": "Where?"})


def test_over_rest_nobody_writes_in_anothers_name(call, people, as_user):
	with as_user(people["crm user"]):
		made = client.insert(
			{
				"doctype": "Call Comment", "call": call, "content": "Trust me", "author": people["owner"],
				"author_name": "Daniel", "resolved": 1, "deleted": 1, "owner": people["owner"],
			}
		)  # fmt: skip
	doc = stored(made.name)
	assert (doc.author, doc.resolved, doc.deleted) == (people["crm user"], 0, 0)
	assert doc.author_name == frappe.db.get_value("User", people["crm user"], "full_name")


@pytest.mark.parametrize(
	("field", "value"),
	[
		("call", "other"), ("reply_to", "another"), ("author", "crm user"), ("resolved", 1), ("at_seconds", 9), ("deleted", 1),
		("author_name", "Somebody"),
	],
)  # fmt: skip
def test_what_is_fixed_cannot_be_moved(call, comment, people, as_user, field, value):
	other = factories.call(people["owner"])
	another = factories.comment(call, people["owner"])
	value = {"other": other, "another": another, "crm user": people["crm user"]}.get(value, value)
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
		client.set_value("Call Comment", comment, field, value)


def test_a_changed_copy_makes_nobody_the_author(call, comment, people, as_user):
	doc = stored(comment).as_dict()
	doc.update({"author": people["crm user"], "content": "Not what I said"})
	with as_user(people["crm user"]), pytest.raises(frappe.PermissionError):
		client.save(doc)
	mine = factories.call(people["stranger"])
	doc.call = mine
	with as_user(people["stranger"]), pytest.raises(frappe.PermissionError):
		client.save(doc)


def test_a_reply_stays_within_its_call(call, comment, people, as_user):
	other = factories.call(people["other seat"])
	with as_user(people["other seat"]), pytest.raises(frappe.ValidationError):
		client.insert({"doctype": "Call Comment", "call": other, "reply_to": comment, "content": "Here?"})


def test_rest_deletes_no_comment_from_under_its_replies(call, comment, people, as_user):
	factories.comment(call, people["crm user"], reply_to=comment)
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="replies"):
		client.delete("Call Comment", comment)


def test_a_comment_deleted_over_rest_leaves_no_words(call, people, as_user):
	with as_user(people["owner"]):
		name = comments.add(call, "<p>A secret to be forgotten</p>")["name"]
		client.delete("Call Comment", name)
	assert not frappe.db.exists("Call Comment", name)
	kept = frappe.get_all("Deleted Document", filters={"deleted_name": name}, pluck="data")
	assert not any("secret" in data for data in kept)


def test_comments_go_with_their_call(call, comment, people, as_user):
	reply = factories.comment(
		call, people["crm user"], f"<p>{mention(people['manager'])}</p>", reply_to=comment
	)
	assert logs(document_name=reply)
	frappe.delete_doc("Call", call)
	assert not frappe.db.exists("Call Comment", {"call": call})
	assert not logs(document_name=reply)


def test_comments_of_a_deleted_user_stay_readable(call, people, as_user):
	leaver = factories.user(factories.MANAGER)
	name = factories.comment(call, leaver, "<p>Well done</p>")
	full_name = frappe.db.get_value("User", leaver, "full_name")
	frappe.delete_doc("User", leaver)
	with as_user(people["owner"]):
		row = listed(call, name)
		assert (row["author_name"], row["content"]) == (full_name, "<p>Well done</p>")
		comments.resolve(name)


# ------------------------------------------------------------------------------------------------ hostile text

HOSTILE = [
	"<script>alert(1)</script>hello",
	"<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>hello</a></svg>hello",
	"<svg/onload=alert(1)>hello</svg>hello",
	'<img src=x onerror="alert(1)">hello',
	'<a href="javascript:alert(1)">hello</a>',
	'<a href=" java\nscript:alert(1)">hello</a>',
	'<a href="&#106;avascript:alert(1)">hello</a>',
	'<a href="data:text/html,<script>alert(1)</script>">hello</a>',
	'<a href="vbscript:x">hello</a>',
	'<iframe src="https://example.com"></iframe>hello',
	'<iframe srcdoc="<script>alert(1)</script>"></iframe>hello',
	'<form action="https://example.com"><input name=password autofocus onfocus=alert(1)>hello<button>Send</button></form>',
	'<p style="position:fixed;inset:0;background:url(javascript:alert(1))" onclick="alert(1)">hello</p>',
	"<style>* { display: none }</style>hello",
	'<p class="modal-backdrop show" id="page-container">hello</p>',
	"<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>hello",
	"<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>hello",
	"<!--<img src=x onerror=alert(1)>-->hello",
	"<![CDATA[<script>alert(1)</script>]]>hello",
	"<object data='data:text/html;base64,PHNjcmlwdD4='></object><embed src=x>hello",
	"<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)></audio>hello",
	"<meta http-equiv=refresh content='0;url=https://example.com'><base href=//example.com><link rel=stylesheet href=//x>hello",
	"<p onmouseover=alert(1) data-x=1 srcdoc=x formaction=x>hello</p>",
	'<p title="</p><script>alert(1)</script>">hello',
	"<<script>script>alert(1)<</script>/script>hello",
	'{"a": "<script>alert(1)</script>hello"}',
]
# only these may be in a tag
SAFE_TAG = (
	r"</?(p|br|strong|b|em|i|u|s|strike|del|code|pre|blockquote|ol|ul|li|h[123]|div|span|a)"
	r'( (class="(mention|ql-indent-\d)"|data-(list|id|value|denotation-char|is-group)="[^"<>]*"|target="_blank"'
	r'|rel="noopener noreferrer"|href="(https?:|mailto:|/)[^"<>]*"))*>'
)


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_text_does_no_harm(call, people, as_user, content):
	with as_user(people["owner"]):
		made = comments.add(call, content)["name"]
		over_rest = client.insert({"doctype": "Call Comment", "call": call, "content": content}).name
		shown = [listed(call, name)["content"] for name in (made, over_rest)]
	for text in shown:
		assert "hello" in text
		assert "<" not in re.sub(SAFE_TAG, "", text)
		assert "javascript" not in re.sub(r">[^<]*<", "><", text)


@pytest.mark.parametrize("content", HOSTILE)
def test_what_is_stored_is_safe_by_itself(content):
	"""Even if rewriting left something in it"""
	safe = richtext.sanitized(content)
	assert "<" not in re.sub(SAFE_TAG, "", safe.replace("<a>", ""))
	assert "javascript" not in re.sub(r">[^<]*<", "><", safe)


def test_overlapping_tags_do_not_multiply():
	"""A browser repeats tags that are open in each paragraph."""
	tags = ("b", "strong", "em", "i", "u", "s", "strike", "code")
	opened = "".join(f"<{tag}>" * 4 for tag in tags)
	markup = "<p>" + opened + "<p>x</p>" * 2000
	began = time.process_time()
	with pytest.raises(frappe.ValidationError, match="too long"):
		richtext.clean(markup, notes.LONGEST)
	assert time.process_time() - began < 2


def test_a_hostile_mention_does_no_harm(call, people, as_user):
	"""The editor inserts data-value and data-denotation-char as markup when the text is edited."""
	image = "&lt;img src=x onerror=alert(1)&gt;"
	with as_user(people["owner"]):
		for user in (people["manager"], "nobody@example.com"):
			made = comments.add(
				call,
				f'<p>hello <span class="mention" data-id="{user}" data-value="{image}" data-link="javascript:x" '
				f'data-denotation-char="{image}" data-is-group="{image}" onclick="x">@M</span></p>',
			)["name"]
			assert "onerror" not in listed(call, made)["content"]


def test_a_name_with_markup_stays_text_even_when_edited(people):
	shown = richtext.clean(mention("x"), 100, lambda name, is_group: "<img src=x onerror=alert(1)>")
	assert 'data-value="&amp;lt;img' in shown
	assert "<img" not in shown


def test_formatting_lists_and_links_stay(call, people, as_user):
	content = (
		'<h2>Title</h2><p><strong>Bold</strong> <em>and</em> <a href="https://example.com/?a=1&amp;b=2">a link</a></p>'
		'<ol><li data-list="bullet" class="ql-indent-1">One</li></ol>'
	)
	with as_user(people["owner"]):
		made = comments.add(call, content)["name"]
		shown = listed(call, made)["content"]
		assert "<h2>Title</h2><p><strong>Bold</strong> <em>and</em> <a" in shown
		assert 'href="https://example.com/?a=1&amp;b=2"' in shown
		assert 'rel="noopener noreferrer"' in shown
		assert 'data-list="bullet"' in shown and "ql-indent-1" in shown
		comments.edit(made, shown)
		assert listed(call, made)["content"] == shown


@pytest.mark.parametrize(
	"content",
	["a" * 1_000_000, "<b>" * 300_000, "<p>" + "word " * 4001, "<a " * 200_000, "&amp;" * 200_000],
	ids=["letters", "tags", "words", "broken tags", "entities"],
)
def test_a_megabyte_is_refused_in_words(call, people, as_user, content):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="too long"):
		comments.add(call, content)


def test_mentions_are_looked_up_once_and_not_without_end(call, people, as_user):
	same = mention(people["manager"]) * 300
	with as_user(people["owner"]):
		made = comments.add(call, f"<p>{same}</p>")["name"]
		assert listed(call, made)["content"].count('class="mention"') == 300
		many = "".join(mention(f"nobody{number}@example.com") for number in range(mentions.MOST + 1))
		with pytest.raises(frappe.ValidationError, match=f"at most {mentions.MOST}"):
			comments.add(call, f"<p>{many}</p>")


def test_deep_nesting_does_no_harm(call, people, as_user):
	with as_user(people["owner"]):
		made = comments.add(call, "<div>" * 4000 + "hello" + "</div>" * 900)["name"]
		assert listed(call, made)["content"].count("<div>") <= richtext.DEEPEST


def test_a_picture_alone_is_refused_in_words(call, people, as_user):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="Pictures"):
		comments.add(call, '<p><img src="data:image/png;base64,AAAA"></p>')


# ------------------------------------------------------------------------------------------------ notifications


def mails(user):
	rows = frappe.get_all("Email Queue Recipient", filters={"recipient": user}, pluck="parent")
	messages = [
		email.message_from_string(frappe.db.get_value("Email Queue", row, "message"), policy=policy.default)
		for row in rows
	]
	return [(message["Subject"], message.get_body(("html",)).get_content()) for message in messages]


def settings(user, **values):
	name = frappe.db.exists("Notification Settings", user)
	doc = frappe.get_doc("Notification Settings", name) if name else frappe.new_doc("Notification Settings")
	doc.name = user
	doc.update(
		{"enabled": 1, "enable_email_notifications": 1, "enable_email_mention": 1, "user": user, **values}
	)
	doc.save(ignore_permissions=True) if name else doc.insert(ignore_permissions=True)


def test_a_mention_is_told_and_leads_to_the_moment(call, people, as_user):
	settings(people["manager"])
	with as_user(people["owner"]):
		made = comments.add(call, f"<p>Look, {mention(people['manager'])}, at this price</p>", at=4)["name"]
	[log] = logs(for_user=people["manager"], document_name=made)
	assert (log.document_type, log.type, log.from_user) == ("Call Comment", "Mention", people["owner"])
	author = frappe.db.get_value("User", people["owner"], "full_name")
	assert log.subject == (
		f'<b>{author}</b> mentioned you in a comment on <b class="subject-title">Price &amp; plan</b> at 0:04'
	)
	[(subject, body)] = mails(people["manager"])
	assert "mentioned you in a comment on" in subject and "0:04" in subject
	assert "at this price" in body and made in body


@pytest.mark.parametrize(
	("setting", "logged", "mailed"),
	[({"enable_email_mention": 0}, 1, 0), ({"enable_email_notifications": 0}, 1, 0), ({"enabled": 0}, 0, 0)],
)
def test_notification_settings_are_heeded(call, people, as_user, setting, logged, mailed):
	settings(people["manager"], **setting)
	with as_user(people["owner"]):
		made = comments.add(call, f"<p>{mention(people['manager'])}</p>")["name"]
	assert len(logs(for_user=people["manager"], document_name=made)) == logged
	assert len(mails(people["manager"])) == mailed


@pytest.mark.parametrize("who", ["other seat", "stranger", "portal user"])
def test_who_cannot_see_the_call_learns_nothing_of_it(call, people, as_user, who):
	settings(people[who])
	content = f"<p>Secret words {mention(people[who], 'A Stranger')}</p>"
	with as_user(people["owner"]):
		made = comments.add(call, content)["name"]
		over_rest = client.insert({"doctype": "Call Comment", "call": call, "content": content}).name
		edited = comments.add(call, "Nothing yet")["name"]
		comments.edit(edited, content)
		for name in (made, over_rest, edited):
			shown = listed(call, name)["content"]
			assert "mention" not in shown and "@A Stranger" in shown
	assert logs(for_user=people[who]) == []
	assert mails(people[who]) == []


def test_members_of_a_group_are_told_if_they_see_the_call(call, people, as_user):
	group = frappe.get_doc(
		{
			"doctype": "User Group",
			"__newname": factories.unique("Coaches"),
			"user_group_members": [{"user": people[who]} for who in ("manager", "stranger", "owner")],
		}
	).insert(ignore_permissions=True)
	with as_user(people["owner"]):
		made = comments.add(call, f"<p>{mention(group.name, group.name, group=True)}</p>")["name"]
		assert 'data-is-group="true"' in listed(call, made)["content"]
		answer = comments.who_cannot_see(call, [], [group.name])
	assert [row["user"] for row in answer["people"]] == [people["stranger"]]
	assert [log.for_user for log in logs(document_name=made)] == [people["manager"]]
	assert mails(people["stranger"]) == []


def test_a_reply_tells_the_thread_once(call, comment, people, as_user):
	reply = factories.comment(call, people["crm user"], reply_to=comment)
	assert [log.for_user for log in logs(document_name=reply)] == [people["owner"]]
	with as_user(people["manager"]):
		made = comments.add(
			call, f"<p>{mention(people['owner'])} {mention(people['owner'])}</p>", reply_to=comment
		)["name"]
	told = {log.for_user: log.subject for log in logs(document_name=made)}
	assert len(logs(document_name=made)) == 2
	assert "mentioned you" in told[people["owner"]]
	assert "replied" in told[people["crm user"]] and "0:04" in told[people["crm user"]]


def test_who_lost_sight_of_the_call_hears_no_replies(call, comment, people, as_user):
	factories.comment(call, people["shared with"], reply_to=comment)
	frappe.share.remove("Call", call, people["shared with"])
	made = factories.comment(call, people["manager"], reply_to=comment)
	assert people["shared with"] not in [log.for_user for log in logs(document_name=made)]


def test_an_edit_tells_only_those_newly_mentioned(call, people, as_user):
	with as_user(people["owner"]):
		made = comments.add(call, f"<p>{mention(people['manager'])}</p>")["name"]
		comments.edit(made, f"<p>{mention(people['manager'])} and {mention(people['crm user'])}</p>")
		comments.edit(made, f"<p>{mention(people['crm user'])}, {mention(people['owner'])} and more</p>")
	assert [log.for_user for log in logs(document_name=made)] == [people["manager"], people["crm user"]]


def test_a_deleted_comment_leaves_no_notification(call, people, as_user):
	with as_user(people["owner"]):
		made = comments.add(call, f"<p>{mention(people['manager'])}</p>")["name"]
		comments.remove(made)
	assert logs(document_name=made) == []


# ------------------------------------------------------------------------------------------------ sharing with mentioned users


def test_who_may_share_shares_with_whom_they_mention(call, people, as_user):
	stranger = people["stranger"]
	with as_user(people["owner"]):
		asked = comments.who_cannot_see(
			call, [stranger, people["manager"], "nobody@example.com", people["portal user"]]
		)
		assert ([row["user"] for row in asked["people"]], asked["may_share"]) == ([stranger], True)
		comments.share_with(call, [stranger])
		made = comments.add(call, f"<p>{mention(stranger)}</p>")["name"]
	assert permissions.can_see(call, stranger)
	assert frappe.db.get_value(
		"DocShare", {"share_name": call, "user": stranger}, ["read", "write", "share"]
	) == (1, 0, 0)
	assert [log.for_user for log in logs(document_name=made)] == [stranger]


def test_who_may_not_share_is_refused(call, people, as_user):
	with as_user(people["crm user"]):
		assert not comments.who_cannot_see(call, [people["stranger"]])["may_share"]
		with pytest.raises(frappe.PermissionError):
			comments.share_with(call, [people["stranger"]])
	assert not permissions.can_see(call, people["stranger"])
