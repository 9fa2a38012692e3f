"""Playlists: who sees, adds and changes, what becomes of items, who is told of what."""

import frappe
import pytest
from frappe import client
from frappe.core.doctype.deleted_document.deleted_document import restore
from frappe.desk import search as desk_search

from call_intelligence import permissions
from call_intelligence.api import generic, playlists, search
from call_intelligence.playlists import audience, describe, items
from call_intelligence.playlists import permissions as playlist_permissions
from tests import factories

EVERYBODY = (
	"owner", "manager", "participant", "shared with", "crm user", "other seat", "rep", "stranger", "portal user", "Guest",
)  # fmt: skip


@pytest.fixture
def call(people):
	"""Seen by the owner, managers and whoever it is shared with; 15 s"""
	name = factories.call(people["owner"], title="Price & plan")
	frappe.share.add("Call", name, people["shared with"], notify=False)
	return name


@pytest.fixture
def playlist(people, call):
	"""Of the owner, with the call; for two, of whom one sees the call"""
	return factories.playlist(
		people["owner"], call, audience=[("User", people["shared with"]), ("User", people["other seat"])]
	)


def listed(playlist):
	return playlists.get(playlist)["items"]


def first(playlist):
	return frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, order_by="position", pluck="name"
	)[0]


def order(playlist):
	"""[position], and the names in that order"""
	rows = frappe.get_all(
		"Call Playlist Item", filters={"playlist": playlist}, fields=["name", "position"], order_by="position"
	)
	return [row.position for row in rows], [row.name for row in rows]


def counted(playlist):
	return frappe.db.get_value("Call Playlist", playlist, ["item_count", "total_seconds"])


def logs(playlist):
	return frappe.get_all(
		"Notification Log", filters={"document_name": playlist}, fields=["for_user", "subject", "type"]
	)


def told(playlist):
	return sorted(row.for_user for row in logs(playlist))


def allowed(people, as_user, attempt, who=EVERYBODY):
	"""The names of those whom the attempt lets do it"""
	found = []
	for name in who:
		with as_user(people[name]):
			try:
				if attempt() is not False:
					found.append(name)
			except frappe.PermissionError:
				pass
	return found


# ------------------------------------------------------------------------------------------------ who sees it


def through_page(playlist):
	return bool(playlists.get(playlist))


def through_list(playlist):
	return playlist in frappe.get_list("Call Playlist", pluck="name")


def through_document(playlist):
	return bool(frappe.get_doc("Call Playlist", playlist).has_permission("read"))


def through_audience(playlist):
	return bool(
		client.get_list("Call Playlist Audience", filters={"parent": playlist}, parent="Call Playlist")
	)


def through_count(playlist):
	return bool(search.count("Call Playlist", {"name": playlist}))


def through_link_search(playlist):
	frappe.local.response = frappe._dict()
	desk_search.search_widget("Call Playlist", playlist, ignore_user_permissions=1)
	return playlist in str(frappe.local.response.get("values"))


def through_files(playlist):
	return bool(frappe.get_list("File", filters={"attached_to_name": playlist}, pluck="name"))


def through_mine(playlist):
	return playlist in [row["name"] for row in playlists.mine()["playlists"]]


WAYS = (
	through_page, through_list, through_document, through_audience, through_count, through_link_search, through_files,
	through_mine,
)  # fmt: skip


@pytest.mark.parametrize(
	("visibility", "sees"),
	[
		("Only me", ["owner", "manager"]),
		("Chosen people", ["owner", "manager", "shared with", "crm user", "rep"]),
		("Everyone with the seat", ["owner", "manager", "other seat", "rep"]),
	],
)
def test_who_sees_a_playlist(people, as_user, visibility, sees):
	group = factories.user_group(people["crm user"], people["portal user"])
	role = frappe.get_doc({"doctype": "Role", "role_name": factories.unique("Coach")}).insert().name
	frappe.get_doc("User", people["rep"]).add_roles(role)
	frappe.clear_cache(user=people["rep"])
	chosen = [("User", people["shared with"]), ("User Group", group), ("Role", role)]
	playlist = factories.playlist(people["owner"], audience=chosen, visibility=visibility)
	attach("Call Playlist", playlist)
	for way in WAYS:
		assert allowed(people, as_user, lambda way=way: way(playlist)) == sees, way


def attach(doctype, name):
	file = frappe.get_doc(
		{
			"doctype": "File", "file_name": "cover.txt", "file_url": "/private/files/cover.txt", "is_private": 1,
			"attached_to_doctype": doctype, "attached_to_name": name,
		}
	)  # fmt: skip
	file.set_new_name()
	file.db_insert()


def test_a_shared_playlist_is_seen_and_changed_by_nobody_else(people, as_user):
	playlist = factories.playlist(people["owner"])
	frappe.share.add("Call Playlist", playlist, people["stranger"], write=1, notify=False)
	with as_user(people["stranger"]):
		assert through_page(playlist) and through_list(playlist)
		with pytest.raises(frappe.PermissionError):
			client.set_value("Call Playlist", playlist, "title", "Mine")


def test_leaving_a_group_or_losing_the_seat_is_leaving_the_audience(people, as_user):
	group = factories.user_group(people["stranger"])
	chosen = factories.playlist(people["owner"], audience=[("User Group", group)])
	with as_user(people["stranger"]):
		assert through_page(chosen)
	frappe.db.delete("User Group Member", {"parent": group})
	assert allowed(people, as_user, lambda: through_page(chosen), ["stranger"]) == []


def test_a_deleted_member_leaves_no_place_to_somebody_of_the_same_name(people):
	leaver = factories.user(factories.SEAT)
	group = factories.user_group(leaver)
	call = factories.call(leaver)
	own = factories.playlist(leaver, call)
	playlist = factories.playlist(people["owner"], call, audience=[("User", leaver), ("User Group", group)])
	item = factories.playlist_item(playlist, call, leaver)
	frappe.set_user(leaver)
	playlists.follow(playlist)
	playlists.progress(item, 2)
	frappe.set_user("Administrator")

	frappe.delete_doc("User Group", group)
	frappe.delete_doc("User", leaver)

	assert frappe.get_doc("Call Playlist", playlist).audience == []
	assert not frappe.db.exists("Call Playlist Follower", {"user": leaver})
	assert not frappe.db.exists("Call Playlist Listening", {"user": leaver})
	row = next(row for row in listed(playlist) if row["name"] == item)
	assert (row["added_by"], row["added_by_name"]) == (None, leaver.split("@")[0].title())
	items.update(item, description="A manager goes on with it")
	assert playlists.get(own)["playlist"]["owner_name"] == ""
	doc = frappe.get_doc("Call Playlist", own)
	doc.playlist_owner = people["owner"]
	doc.save()


def test_an_item_shows_to_those_who_see_its_call_as_well(playlist, call, people, as_user):
	item = first(playlist)
	attach("Call Playlist Item", item)
	ways = {
		"page": lambda: item in [row["name"] for row in listed(playlist)],
		"list": lambda: item in frappe.get_list("Call Playlist Item", pluck="name"),
		"document": lambda: bool(frappe.get_doc("Call Playlist Item", item).has_permission("read")),
		"count": lambda: bool(search.count("Call Playlist Item", {"playlist": playlist})),
		"link search": lambda: bool(search.records("Call Playlist Item", item)),
		"values for a report": lambda: item in generic.custom_field_values("Call Playlist Item", "title"),
		"files": lambda: bool(frappe.get_list("File", filters={"attached_to_name": item}, pluck="name")),
		"progress": lambda: bool(playlists.progress(item, 1)),
	}
	for name, way in ways.items():
		assert allowed(people, as_user, way) == ["owner", "manager", "shared with"], name


def test_linked_documents_are_those_that_one_sees(playlist, people, as_user):
	def linked():
		found = generic.linked_documents("Call Playlist", playlist)
		return first(playlist) in str(found.get("Call Playlist Item"))

	assert allowed(people, as_user, linked) == ["owner", "manager", "shared with"]


def test_of_hidden_items_there_is_a_number_and_nothing_else(playlist, call, people, as_user):
	frappe.db.set_value("Call Playlist Item", first(playlist), {"title": "A zebra", "description": "A zebra"})
	frappe.db.set_value("Call", call, "title", "A zebra")
	with as_user(people["other seat"]):
		answer = playlists.get(playlist)
	assert (answer["hidden"], answer["items"]) == (1, [])
	assert answer["playlist"]["item_count"] == answer["playlist"]["total_seconds"] == 0
	assert "zebra" not in frappe.as_json(answer) and call not in frappe.as_json(answer)


def test_who_loses_sight_of_the_call_loses_the_item(playlist, call, people, as_user):
	with as_user(people["shared with"]):
		assert len(listed(playlist)) == 1
	frappe.share.remove("Call", call, people["shared with"])
	with as_user(people["shared with"]):
		assert listed(playlist) == []


def test_what_does_not_exist_looks_like_what_is_hidden(playlist, people, as_user):
	item = first(playlist)
	with as_user(people["stranger"]):
		for hidden, missing in (
			(lambda: playlists.get(playlist), lambda: playlists.get("none such")),
			(lambda: playlists.remove_item(item), lambda: playlists.remove_item("none such")),
			(lambda: playlists.follow(playlist), lambda: playlists.follow("x' or '1'='1")),
		):
			texts = []
			for request in (hidden, missing):
				with pytest.raises(frappe.PermissionError) as refusal:
					request()
				texts.append(str(refusal.value))
			assert texts[0] == texts[1]


# ------------------------------------------------------------------------------------------------ who makes and changes it


def test_the_seat_makes_playlists(people, as_user):
	def over_rest():
		return bool(client.insert({"doctype": "Call Playlist", "title": "Best calls"}))

	assert allowed(people, as_user, over_rest) == ["owner", "manager", "other seat", "rep"]


def test_a_new_playlist_is_made_with_its_first_items(call, people, as_user):
	parts = [{"call": call}, {"call": call, "start": 1, "end": "4.5", "title": "The price"}]
	with as_user(people["owner"]):
		made = playlists.add(
			parts, new={"title": "Best", "visibility": "Everyone with the seat", "owner": "x"}
		)
		answer = playlists.get(made["playlist"])
	assert [(row["start"], row["end"], row["seconds"]) for row in answer["items"]] == [
		(None, None, 15),
		(1, 4.5, 3.5),
	]
	assert answer["playlist"]["owner"] == people["owner"]
	assert answer["playlist"]["visibility"] == "Everyone with the seat"
	assert counted(made["playlist"]) == (2, 18.5)


def test_a_new_playlist_is_nobody_elses_until_its_owner_says_so(call, people, as_user):
	with as_user(people["owner"]):
		made = playlists.add([{"call": call}], new={"title": "Best"})["playlist"]
		over_rest = client.insert({"doctype": "Call Playlist", "title": "Best calls"})
		assert playlists.get(made)["playlist"]["visibility"] == over_rest.visibility == "Only me"


def test_without_the_seat_or_a_title_nothing_is_made(call, people, as_user):
	with as_user(people["shared with"]), pytest.raises(frappe.PermissionError):
		playlists.add([{"call": call}], new={"title": "Mine"})
	before = frappe.db.count("Call Playlist")
	with as_user(people["owner"]):
		for new in (None, {}, {"title": " "}, {"title": "x" * 141}, {"title": "x", "cover_colour": "url(x)"}):
			with pytest.raises(frappe.ValidationError):
				playlists.add([{"call": call}], new=new)
		with pytest.raises(frappe.ValidationError):
			playlists.add([{"call": call}], new={"title": "x", "visibility": "Everyone"})
	assert frappe.db.count("Call Playlist") == before


def test_only_the_owner_and_managers_change_and_delete(people, as_user):
	everybody = [("Role", "All", True)]

	def playlist():
		return factories.playlist(people["owner"], audience=everybody, who_may_add="Everyone who sees it")

	shown = playlist()
	for right in ("write", "delete"):
		doc = frappe.get_doc("Call Playlist", shown)
		may = allowed(
			people,
			as_user,
			lambda doc=doc, right=right: bool(frappe.has_permission("Call Playlist", right, doc=doc)),
		)
		assert may == ["owner", "manager"]
	for attempt in (
		lambda name: client.set_value("Call Playlist", name, "title", "Another"),
		lambda name: client.set_value("Call Playlist", name, "visibility", "Only me"),
		lambda name: client.delete("Call Playlist", name),
	):
		for who in ("manager", "owner", "other seat", "crm user"):
			name = playlist()
			assert allowed(people, as_user, lambda attempt=attempt, name=name: attempt(name), [who]) == (
				[who] if who in ("manager", "owner") else []
			)


def test_a_changed_copy_makes_nobody_the_owner(playlist, people, as_user):
	doc = frappe.get_doc("Call Playlist", playlist).as_dict()
	doc.update({"playlist_owner": people["other seat"], "title": "Mine now"})
	with as_user(people["other seat"]), pytest.raises(frappe.PermissionError):
		client.save(doc)


def test_managers_give_a_playlist_to_somebody_else(playlist, people, as_user):
	give = lambda: client.set_value("Call Playlist", playlist, "playlist_owner", people["rep"])  # noqa: E731
	others = [who for who in EVERYBODY if who != "rep"]
	assert allowed(people, as_user, give, others) == ["manager"]
	with as_user(people["rep"]):
		assert playlists.get(playlist)["permissions"] == {"write": True, "add": True, "delete": True}
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError):
		playlists.get(playlist)
	with as_user(people["other seat"]), pytest.raises(frappe.PermissionError):
		client.insert({"doctype": "Call Playlist", "title": "x", "playlist_owner": people["rep"]})


def test_an_owner_without_the_seat_changes_nothing(people, as_user):
	leaver = factories.user(factories.SEAT, "Blogger")
	playlist = factories.playlist(leaver)
	frappe.get_doc("User", leaver).remove_roles(factories.SEAT)
	frappe.clear_cache(user=leaver)
	with as_user(leaver):
		assert playlists.get(playlist)["permissions"]["write"] is False
		with pytest.raises(frappe.PermissionError):
			client.set_value("Call Playlist", playlist, "title", "Another")


def test_a_form_that_was_opened_earlier_forgets_no_item(playlist, call, people, as_user):
	with as_user(people["owner"]):
		opened = frappe.get_doc("Call Playlist", playlist)
		playlists.add([{"call": call}], playlist=playlist)
		opened.title = "Another title"
		opened.item_count = 99
		opened.save()
	assert counted(playlist) == (2, 30)


def test_texts_hold_no_markup(playlist, call, people, as_user):
	hostile = "<img src=x onerror=alert(1)>"
	with as_user(people["owner"]):
		made = playlists.add([{"call": call, "title": hostile, "description": hostile}], playlist=playlist)
		client.set_value("Call Playlist", playlist, {"title": hostile, "description": hostile})
		answer = playlists.get(playlist)
		assert made["title"]
	assert "<" not in frappe.as_json(answer)
	assert "‹img" in answer["playlist"]["title"] and "‹img" in answer["items"][1]["description"]


def test_a_member_is_named_once(people):
	playlist = factories.playlist(
		people["owner"], audience=[("User", people["rep"]), ("User", people["rep"], True)]
	)
	assert [row.may_add for row in frappe.get_doc("Call Playlist", playlist).audience] == [1]


# ------------------------------------------------------------------------------------------------ who adds


@pytest.mark.parametrize(
	("who_may_add", "adds"),
	[
		("Only me", ["owner", "manager"]),
		("Everyone who sees it", ["owner", "manager", "shared with", "other seat"]),
		("Chosen people", ["owner", "manager", "other seat"]),
	],
)
def test_who_adds(people, as_user, who_may_add, adds):
	chosen = [("User", people["shared with"]), ("User", people["other seat"], True)]
	playlist = factories.playlist(people["owner"], audience=chosen, who_may_add=who_may_add)
	own = {who: factories.call(people[who]) for who in EVERYBODY if who != "Guest"}

	def add(over_rest):
		call = next((name for who, name in own.items() if people[who] == frappe.session.user), "")
		if over_rest:
			return bool(client.insert({"doctype": "Call Playlist Item", "playlist": playlist, "call": call}))
		return bool(playlists.add([{"call": call}], playlist=playlist))

	for over_rest in (False, True):
		assert allowed(people, as_user, lambda over_rest=over_rest: add(over_rest)) == adds
	assert counted(playlist)[0] == 2 * len(adds)
	shown = [who for who in adds if who != "manager"]
	for who in shown:
		with as_user(people[who]):
			row = next(row for row in playlists.mine()["playlists"] if row["name"] == playlist)
			assert row["may_add"]


def test_who_may_add_but_does_not_see_adds_nothing(people, as_user):
	"""Chosen to add to a playlist that is for the seat, which they have not got"""
	call = factories.call(people["crm user"])
	playlist = factories.playlist(
		people["owner"], audience=[("User", people["crm user"], True)], visibility="Everyone with the seat",
		who_may_add="Chosen people",
	)  # fmt: skip
	with as_user(people["crm user"]), pytest.raises(frappe.PermissionError):
		playlists.add([{"call": call}], playlist=playlist)


def test_nobody_adds_a_call_that_they_do_not_see(call, people, as_user):
	mine = factories.playlist(people["other seat"])
	with as_user(people["other seat"]):
		for add in (
			lambda: playlists.add([{"call": call}], playlist=mine),
			lambda: playlists.add([{"call": "CALL-1999-00001"}], playlist=mine),
			lambda: playlists.add([{"call": call}], new={"title": "Peeping"}),
			lambda: client.insert({"doctype": "Call Playlist Item", "playlist": mine, "call": call}),
		):
			with pytest.raises(frappe.PermissionError):
				add()
	assert not frappe.db.exists("Call Playlist", {"title": "Peeping"})
	assert counted(mine) == (0, 0)


def test_all_or_nothing_is_added(call, people, as_user):
	playlist = factories.playlist(people["owner"])
	with as_user(people["owner"]), pytest.raises(frappe.PermissionError):
		playlists.add([{"call": call}, {"call": factories.call(people["rep"])}], playlist=playlist)
	assert counted(playlist) == (0, 0)


@pytest.mark.parametrize("parts", ["", "[]", '{"call": "x"}', "[1]", [{}] * 201])
def test_parts_are_a_list_of_some(people, as_user, parts, playlist):
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="part"):
		playlists.add(parts, playlist=playlist)


@pytest.mark.parametrize(
	("start", "end"),
	[(5, 4), (4, 4), (-1, 4), (0, 17), (3, None), ("soon", 4), (0, "nan"), (0, "inf"), (1, "1e300")],
)
def test_times_outside_the_call_are_refused(playlist, call, people, as_user, start, end):
	item = first(playlist)
	with as_user(people["owner"]):
		with pytest.raises(frappe.ValidationError):
			playlists.add([{"call": call, "start": start, "end": end}], playlist=playlist)
		with pytest.raises(frappe.ValidationError):
			playlists.update_item(item, start=start, end=end if end is not None else "")
	assert counted(playlist) == (1, 15)


@pytest.mark.parametrize("end", [1e300, float("nan"), 10_000_001])
def test_no_column_overflows_where_the_length_is_not_known_yet(people, as_user, end):
	call = factories.call(people["owner"], transcript=[], duration=0)
	playlist = factories.playlist(people["owner"], call)
	item = {"doctype": "Call Playlist Item", "playlist": playlist, "call": call, "end_seconds": end}
	with as_user(people["owner"]):
		for add in (
			lambda: playlists.add([{"call": call, "start": 1, "end": end}], playlist=playlist),
			lambda: client.insert({**item, "start_seconds": 1}),
			lambda: playlists.update_item(first(playlist), start=1, end=end),
		):
			with pytest.raises(frappe.ValidationError, match="is not a time in seconds"):
				add()
	assert counted(playlist) == (1, 0)


def test_the_end_may_be_rounded(playlist, call, people, as_user):
	with as_user(people["owner"]):
		playlists.add([{"call": call, "start": 14, "end": 15.9}], playlist=playlist)
	assert counted(playlist) == (2, 16.9)


def test_an_unfinished_call_is_as_long_as_it_turns_out(people, as_user):
	call = factories.call(people["owner"], transcript=[], duration=0)
	playlist = factories.playlist(people["owner"], call)
	assert counted(playlist) == (1, 0)
	frappe.db.set_value("Call", call, "duration", 42)
	items.call_measured(call, 42)
	assert counted(playlist) == (1, 42)
	assert listed(playlist)[0]["seconds"] == 42


def test_the_newest_are_offered_and_the_others_searched_for(people, as_user, monkeypatch):
	monkeypatch.setattr(describe, "MOST_PLAYLISTS", 2)
	old, *_newer = [
		factories.playlist(people["owner"], title=title)
		for title in ("Old 50% and a\\b_c", "Old 50 and a/b c", "Newest")
	]
	frappe.db.set_value("Call Playlist", old, "modified", "2020-01-01", update_modified=False)

	def offered(text=None):
		answer = playlists.mine(text=text)
		return [row["name"] for row in answer["playlists"]], answer["complete"]

	with as_user(people["owner"]):
		names, complete = offered()
		assert len(names) == 2 and old not in names and not complete
		for text in ("old and 50%", "A\\B", "b_c"):
			assert offered(text) == ([old], True), text
		assert offered("' or '1'='1") == ([], True)
		assert offered("old 50")[0][-1] == old


def test_what_one_only_listens_to_leaves_the_choice_complete(people, as_user, monkeypatch):
	monkeypatch.setattr(describe, "MOST_PLAYLISTS", 2)
	for _number in range(2):
		factories.playlist(people["owner"], audience=[("User", people["crm user"])])
	mine = factories.playlist(
		people["owner"], audience=[("User", people["crm user"])], who_may_add="Everyone who sees it"
	)
	with as_user(people["crm user"]):
		answer = playlists.mine()
	assert answer["complete"] and answer["playlists"][0]["name"] == mine


# ------------------------------------------------------------------------------------------------ changing items


@pytest.fixture
def added(people):
	"""{adder: item} of a playlist whose audience adds to it and sees the one call of all items"""
	call = factories.call(people["owner"])
	for who in ("rep", "crm user"):
		frappe.share.add("Call", call, people[who], notify=False)
	playlist = factories.playlist(
		people["owner"], audience=[("User", people[who]) for who in ("rep", "crm user", "other seat")],
		who_may_add="Everyone who sees it",
	)  # fmt: skip
	made = {who: factories.playlist_item(playlist, call, people[who]) for who in ("owner", "rep", "crm user")}
	return frappe._dict(playlist=playlist, call=call, made=made)


CHANGES = (
	lambda item: playlists.update_item(item, title="Another"),
	lambda item: playlists.move_item(item, 1),
	lambda item: playlists.remove_item(item),
	lambda item: client.set_value("Call Playlist Item", item, "description", "Another"),
	lambda item: client.delete("Call Playlist Item", item),
)


@pytest.mark.parametrize(
	("adder", "others"), [("rep", ["crm user", "other seat"]), ("owner", ["rep", "crm user", "other seat"])]
)
def test_who_changes_an_item(added, people, as_user, adder, others):
	item = added.made[adder]
	for change in CHANGES:
		assert (
			allowed(people, as_user, lambda change=change: change(item), [*others, "stranger", "portal user"])
			== []
		)
		for who in dict.fromkeys((adder, "owner", "manager")):
			frappe.db.savepoint("unchanged")
			assert allowed(people, as_user, lambda change=change: change(item), [who]) == [who]
			frappe.db.rollback(save_point="unchanged")


def test_who_does_not_see_the_call_any_more_changes_nothing(added, people, as_user):
	frappe.share.remove("Call", added.call, people["rep"])
	with as_user(people["rep"]), pytest.raises(frappe.PermissionError):
		playlists.update_item(added.made["rep"], title="Another")


def test_what_is_given_changes_and_the_rest_stays(playlist, people, as_user):
	item = first(playlist)
	with as_user(people["owner"]):
		playlists.update_item(item, title="The price", description="Note the pause", start=1, end=4)
		row = playlists.update_item(item, end="5.5")["items"][0]
		assert (row["title"], row["description"], row["start"], row["end"]) == (
			"The price",
			"Note the pause",
			1,
			5.5,
		)
		assert counted(playlist) == (1, 4.5)
		row = playlists.update_item(item, description="", start="", end="")["items"][0]
		assert (row["title"], row["description"], row["start"], row["end"]) == ("The price", "", None, None)
	assert counted(playlist) == (1, 15)


@pytest.mark.parametrize(
	("field", "value"),
	[
		("playlist", "another"),
		("call", "another call"),
		("added_by", "rep"),
		("added_by_name", "Somebody"),
		("clip", "x"),
	],
)
def test_what_is_fixed_cannot_be_moved(playlist, people, as_user, field, value):
	another = {
		"another": factories.playlist(people["owner"]),
		"another call": factories.call(people["owner"]),
	}
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError):
		client.set_value(
			"Call Playlist Item", first(playlist), field, another.get(value, people.get(value, value))
		)


def test_over_rest_nobody_chooses_a_place_a_length_or_a_name(playlist, call, people, as_user):
	with as_user(people["owner"]):
		made = client.insert(
			{
				"doctype": "Call Playlist Item", "playlist": playlist, "call": call, "position": 1, "seconds": 9999,
				"added_by": people["rep"], "added_by_name": "Somebody",
			}
		)  # fmt: skip
		client.set_value("Call Playlist Item", made.name, {"position": 1, "seconds": 9999})
	doc = frappe.get_doc("Call Playlist Item", made.name)
	assert (doc.position, doc.seconds, doc.added_by) == (2, 15, people["owner"])
	assert order(playlist)[0] == [1, 2]
	assert counted(playlist) == (2, 30)


@pytest.mark.parametrize(
	("item", "position", "expected"),
	[(0, 3, "bcad"), (3, 1, "dabc"), (1, 2, "abcd"), (2, 99, "abdc"), (2, -5, "cabd"), (1, 3, "acbd")],
)
def test_items_move_and_the_others_make_room(people, as_user, item, position, expected):
	call = factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], *[call] * 4)
	names = dict(zip(order(playlist)[1], "abcd", strict=True))
	with as_user(people["owner"]):
		playlists.move_item(list(names)[item], position)
	positions, now = order(playlist)
	assert positions == [1, 2, 3, 4]
	assert "".join(names[name] for name in now) == expected


@pytest.mark.parametrize("over_rest", [False, True])
def test_what_is_taken_out_leaves_no_gap(people, as_user, over_rest):
	call = factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], *[call] * 3)
	_positions, (one, two, three) = order(playlist)
	with as_user(people["owner"]):
		playlists.update_item(two, description="A zebra", start=1, end=3)
		playlists.progress(two, 2)
		client.delete("Call Playlist Item", two) if over_rest else playlists.remove_item(two)
	assert order(playlist) == ([1, 2], [one, three])
	assert counted(playlist) == (2, 30)
	assert not frappe.db.exists("Call Playlist Listening", {"item": two})
	assert "zebra" not in str(frappe.get_all("Deleted Document", filters={"deleted_name": two}, pluck="data"))


def test_a_full_playlist_says_so(playlist, call, people, as_user, monkeypatch):
	monkeypatch.setattr(items, "MOST_ITEMS", 1)
	with as_user(people["owner"]), pytest.raises(frappe.ValidationError, match="at most 1"):
		playlists.add([{"call": call}], playlist=playlist)


# ------------------------------------------------------------------------------------------------ what goes with what


def test_items_go_with_their_call(people, as_user):
	call, other = factories.call(people["owner"]), factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], call, other, call)
	second = factories.playlist(people["owner"], call)
	with as_user(people["owner"]):
		playlists.progress(first(playlist), 3, 1)
	frappe.delete_doc("Call", call)
	assert order(playlist)[0] == [1]
	assert (counted(playlist), counted(second)) == ((1, 15), (0, 0))
	assert not frappe.db.exists("Call Playlist Item", {"call": call})
	assert not frappe.db.exists("Call Playlist Listening", {"playlist": playlist})


def test_everything_goes_with_a_playlist_and_its_settings_can_be_restored(playlist, people, as_user):
	with as_user(people["shared with"]):
		playlists.follow(playlist)
		playlists.progress(first(playlist), 3, 1)
	with as_user(people["owner"]):
		title = playlists.get(playlist)["playlist"]["title"]
		playlists.add([{"call": listed(playlist)[0]["call"]}], playlist=playlist)
		assert logs(playlist)
		client.delete("Call Playlist", playlist)
	for doctype in ("Call Playlist Item", "Call Playlist Follower", "Call Playlist Listening"):
		assert not frappe.db.exists(doctype, {"playlist": playlist})
	assert not frappe.db.exists("Call Playlist Audience", {"parent": playlist})
	assert not logs(playlist)

	restore(frappe.get_all("Deleted Document", filters={"deleted_name": playlist}, pluck="name")[0])
	doc = frappe.get_doc("Call Playlist", {"title": title})
	assert (doc.playlist_owner, len(doc.audience)) == (people["owner"], 2)
	assert counted(doc.name) == (0, 0)


def deleted(call) -> str:
	return frappe.get_all("Deleted Document", filters={"deleted_name": call}, pluck="name")[0]


def test_a_restored_call_is_back_where_it_was(people, call):
	before, after = factories.call(people["owner"]), factories.call(people["owner"])
	name = factories.playlist(people["owner"], before)
	part = {"title": "The price", "description": "Listen!", "start_seconds": 5, "end_seconds": 8}
	factories.playlist_item(name, call, people["manager"], **part)
	factories.playlist_item(name, after, people["owner"])
	gone = factories.playlist(people["owner"], call)
	numbers = counted(name)

	frappe.delete_doc("Call", call, force=True)
	assert order(name)[0] == [1, 2]
	frappe.delete_doc("Call Playlist", gone, force=True)
	restore(deleted(call))

	restored = frappe.db.get_value("Deleted Document", deleted(call), "new_name")
	assert restored and frappe.db.get_value("Call", restored, "kept_items") is None
	assert order(name)[0] == [1, 2, 3]
	rows = [frappe.get_doc("Call Playlist Item", item) for item in order(name)[1]]
	assert [row.call for row in rows] == [before, restored, after]
	assert {field: rows[1].get(field) for field in part} == part
	assert rows[1].added_by == people["manager"]
	assert counted(name) == numbers


def test_nobody_puts_a_call_into_a_playlist_by_pretending_to_restore_one(people, call, as_user):
	name = factories.playlist(people["owner"], call)
	frappe.delete_doc("Call", call, force=True)
	kept = frappe.parse_json(
		frappe.parse_json(frappe.db.get_value("Deleted Document", deleted(call), "data"))["kept_items"]
	)
	for made_up in (
		"[]",
		'{"key": "%", "items": []}',
		frappe.as_json({**kept, "key": "0" * 32}),
		frappe.as_json({**kept, "items": [{**kept["items"][0], "title": "Other words"}]}),
	):
		with as_user(people["other seat"]):
			client.insert(
				{
					"doctype": "Call",
					"title": "Mine",
					"call_owner": people["other seat"],
					"kept_items": made_up,
				}
			)
		assert counted(name)[0] == 0


# ------------------------------------------------------------------------------------------------ following


def test_followers_are_told_once_of_what_others_add(playlist, call, people, as_user):
	frappe.share.add("Call", call, people["other seat"], notify=False)
	for who in ("owner", "shared with", "other seat", "manager"):
		with as_user(people[who]):
			assert playlists.follow(playlist)["following"]
			playlists.follow(playlist)
	assert frappe.db.count("Call Playlist Follower", {"playlist": playlist}) == 4
	with as_user(people["manager"]):
		assert playlists.follow(playlist, "0") == {"following": False, "followers": 3}
	with as_user(people["owner"]):
		assert playlists.get(playlist)["following"] and playlists.get(playlist)["followers"] == 3
		playlists.add([{"call": call}, {"call": call}, {"call": call}], playlist=playlist)
	assert told(playlist) == sorted([people["shared with"], people["other seat"]])
	assert all(
		"3" in row.subject and "Price" not in row.subject and call not in row.subject
		for row in logs(playlist)
	)


def test_followers_hear_nothing_of_what_they_do_not_see(playlist, call, people, as_user):
	hidden = factories.call(people["owner"])
	for who in ("shared with", "other seat"):
		with as_user(people[who]):
			playlists.follow(playlist)
	with as_user(people["owner"]):
		playlists.add([{"call": hidden}], playlist=playlist)
		assert told(playlist) == []
		playlists.add([{"call": hidden}, {"call": call}], playlist=playlist)
	# of two one is theirs to see, and to the other follower none
	assert told(playlist) == [people["shared with"]]
	assert "a recording" in logs(playlist)[0].subject


def test_who_loses_sight_of_a_playlist_is_told_nothing_more(playlist, call, people, as_user):
	with as_user(people["shared with"]):
		playlists.follow(playlist)
	with as_user(people["owner"]):
		client.set_value("Call Playlist", playlist, "visibility", "Only me")
		playlists.add([{"call": call}], playlist=playlist)
	assert told(playlist) == []
	with as_user(people["shared with"]), pytest.raises(frappe.PermissionError):
		playlists.follow(playlist)


def test_an_item_made_over_rest_is_told_too(playlist, call, people, as_user):
	with as_user(people["shared with"]):
		playlists.follow(playlist)
	frappe.db.set_value("User", people["shared with"], "language", "pl")
	with as_user(people["owner"]):
		client.insert({"doctype": "Call Playlist Item", "playlist": playlist, "call": call})
	assert "playlisty" in logs(playlist)[0].subject


def test_followers_and_places_are_nobody_elses(playlist, people, as_user):
	for who in ("shared with", "owner"):
		with as_user(people[who]):
			playlists.follow(playlist)
			playlists.progress(first(playlist), 3)

	def seen(doctype):
		rows = frappe.get_list(doctype, filters={"playlist": playlist}, fields=["name", "user"])
		for row in rows:
			assert frappe.get_doc(doctype, row.name).has_permission("read")
			for right in ("write", "delete"):
				assert (
					not frappe.has_permission(doctype, right, doc=row.name)
					or frappe.session.user == "Administrator"
				)
		return sorted(row.user for row in rows)

	owner, other = people["owner"], people["shared with"]
	for who, followers, places in (
		("shared with", [other], [other]),
		("owner", [owner], [owner, other]),
		("manager", [owner, other], [owner, other]),
		("other seat", [], []),
		("stranger", [], []),
	):
		with as_user(people[who]):
			assert (seen("Call Playlist Follower"), seen("Call Playlist Listening")) == (followers, places), (
				who
			)
			for doctype in ("Call Playlist Follower", "Call Playlist Listening"):
				with pytest.raises(frappe.PermissionError):
					client.insert(
						{"doctype": doctype, "playlist": playlist, "item": first(playlist), "user": owner}
					)


def test_only_who_sees_a_playlist_follows_its_document(playlist, people):
	def follow(user):
		return frappe.get_doc(
			{
				"doctype": "Document Follow",
				"ref_doctype": "Call Playlist",
				"ref_docname": playlist,
				"user": user,
			}
		).insert(ignore_permissions=True)

	assert not frappe.db.exists("Document Follow", follow(people["stranger"]).name)
	kept, lost = follow(people["owner"]), follow(people["shared with"])
	frappe.db.set_value("Call Playlist", playlist, "visibility", "Only me")
	playlist_permissions.forget_followers()
	assert frappe.db.exists("Document Follow", kept.name)
	assert not frappe.db.exists("Document Follow", lost.name)


# ------------------------------------------------------------------------------------------------ listening


def test_a_place_is_remembered_and_a_mark_stays(playlist, people, as_user):
	item = first(playlist)
	with as_user(people["shared with"]):
		assert playlists.progress(item, "7.25") == {"listened": False, "place": 7.25}
		assert playlists.progress(item, 15, 1) == {"listened": True, "place": 15}
		marked = frappe.db.get_value("Call Playlist Listening", {"item": item}, "listened_on")
		assert playlists.progress(item, 2) == {"listened": True, "place": 2}
		playlists.progress(item, 15, 1)
		assert frappe.db.get_value("Call Playlist Listening", {"item": item}, "listened_on") == marked
		row = listed(playlist)[0]
		assert (row["listened"], row["place"], row["heard_by"]) == (True, 15, None)
		assert playlists.progress(item, 15, -1) == {"listened": False, "place": 15}
		for bad in ("nan", "soon", 1e300, "-1e300"):
			with pytest.raises(frappe.ValidationError):
				playlists.progress(item, bad)
	with as_user(people["manager"]):
		row = listed(playlist)[0]
		assert (row["listened"], row["place"], row["heard_by"]) == (False, 0, 0)
	assert frappe.db.count("Call Playlist Listening", {"item": item}) == 1


def test_owner_and_managers_are_told_who_has_heard_what(playlist, people, as_user):
	with as_user(people["shared with"]):
		playlists.progress(first(playlist), 15, 1)
	assert allowed(people, as_user, lambda: playlists.heard(playlist) is not None) == ["owner", "manager"]
	with as_user(people["owner"]):
		(row,) = playlists.heard(playlist)
		assert (row["user"], row["listened"], row["place"]) == (people["shared with"], True, 15)
		assert row["item"] == first(playlist) and row["full_name"] and row["listened_on"]
		assert listed(playlist)[0]["heard_by"] == 1


def test_an_owner_who_does_not_see_a_call_is_not_told_who_has_heard_it(people, as_user):
	call = factories.call(people["rep"])
	playlist = factories.playlist(
		people["other seat"], audience=[("User", people["rep"])], who_may_add="Everyone who sees it"
	)
	item = factories.playlist_item(playlist, call, people["rep"])
	with as_user(people["rep"]):
		playlists.progress(item, 1, 1)
	with as_user(people["other seat"]):
		assert playlists.heard(playlist) == []
		assert playlists.get(playlist)["hidden"] == 1


# ------------------------------------------------------------------------------------------------ hidden items


def test_the_owner_is_told_how_many_are_hidden_for_whom_and_shares_them(people, as_user):
	mine, others = factories.call(people["owner"]), factories.call(people["rep"])
	frappe.share.add("Call", others, people["owner"], notify=False)
	playlist = factories.playlist(
		people["owner"], mine, mine, others, audience=[("User", people["crm user"]), ("User", people["rep"])]
	)
	assert allowed(people, as_user, lambda: bool(playlists.hidden_for(playlist))) == ["owner", "manager"]
	with as_user(people["owner"]):
		answer = playlists.hidden_for(playlist)
		assert {row["user"]: (row["count"], row["may_share"]) for row in answer["people"]} == {
			people["crm user"]: (3, 2),
			people["rep"]: (2, 2),
		}
		assert answer["complete"]
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 2, "not_shared": 1}
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 0, "not_shared": 1}
	assert permissions.can_see(mine, people["crm user"]) and not permissions.can_see(
		others, people["crm user"]
	)
	with as_user(people["manager"]):
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 1, "not_shared": 0}
		people_left = [row["user"] for row in playlists.hidden_for(playlist)["people"]]
		assert people_left == [people["rep"]]


def test_where_the_site_does_not_let_one_share_no_hidden_call_is_shared(no_sharing, people, as_user):
	mine = factories.call(people["owner"])
	playlist = factories.playlist(people["owner"], mine, audience=[("User", people["crm user"])])
	with as_user(people["owner"]):
		(row,) = playlists.hidden_for(playlist)["people"]
		assert (row["count"], row["may_share"]) == (1, 0)
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 0, "not_shared": 1}


def test_a_call_that_frappe_lets_one_not_share_is_left_out(people, as_user):
	mine = [factories.call(people["owner"]) for _number in range(2)]
	playlist = factories.playlist(people["owner"], *mine, audience=[("User", people["crm user"])])
	permission = {
		"doctype": "User Permission",
		"user": people["owner"],
		"allow": "Call",
		"for_value": mine[0],
	}
	frappe.get_doc(permission).insert(ignore_permissions=True)
	with as_user(people["owner"]):
		assert playlists.share_hidden(playlist, people["crm user"]) == {"shared": 1, "not_shared": 1}


def test_calls_are_shared_with_the_audience_only_and_by_no_others(playlist, call, people, as_user):
	for who, whom in (
		("owner", "stranger"),
		("owner", "portal user"),
		("owner", "Guest"),
		("shared with", "other seat"),
	):
		with as_user(people[who]), pytest.raises(frappe.PermissionError):
			playlists.share_hidden(playlist, people[whom])
	assert not permissions.can_see(call, people["stranger"])


@pytest.mark.parametrize(
	("visibility", "chosen", "seen_by"),
	[
		("Only me", [], ["owner"]),
		("Everyone with the seat", [], ["owner", "other seat", "rep"]),
		("Chosen people", [("Role", "All")], ["owner", "participant", "shared with", "crm user", "other seat", "rep", "stranger"]),
		("Chosen people", [("Role", factories.SEAT)], ["owner", "other seat", "rep"]),
	],
)  # fmt: skip
def test_the_people_who_see_it_are_those_whom_the_rule_lets(people, as_user, visibility, chosen, seen_by):
	playlist = factories.playlist(people["owner"], audience=chosen, visibility=visibility)
	with as_user(people["manager"]):
		found = {row["user"] for row in audience.people(playlist)[0]}
	by_rule = {people[who] for who in EVERYBODY if audience.sees(playlist, people[who])}
	assert found & set(people.values()) == {people[who] for who in seen_by}
	assert by_rule - {people["manager"]} == {people[who] for who in seen_by}


def test_only_so_many_people_are_looked_at(people, as_user, monkeypatch):
	monkeypatch.setattr(audience, "MOST_PEOPLE", 1)
	playlist = factories.playlist(
		people["owner"],
		factories.call(people["owner"]),
		audience=[("User", people["rep"]), ("User", people["crm user"])],
	)
	with as_user(people["owner"]):
		answer = playlists.hidden_for(playlist)
	assert (len(answer["people"]), answer["complete"]) == (1, False)


# ------------------------------------------------------------------------------------------------ many


def test_a_long_playlist_takes_no_more_queries_than_a_short_one(people, as_user):
	calls = [factories.call(people["owner"]) for _number in range(4)]
	for call in calls:
		frappe.share.add("Call", call, people["rep"], notify=False)
	short = factories.playlist(people["owner"], calls[0], audience=[("User", people["rep"])])
	long = factories.playlist(people["owner"], *calls * 10, audience=[("User", people["rep"])])
	for who in ("owner", "rep"):
		with as_user(people[who]):
			playlists.get(short), playlists.get(long)
			assert queries(lambda: playlists.get(long)) == queries(lambda: playlists.get(short)) < 40


def queries(action):
	asked = 0
	before = frappe.db.sql

	def sql(*args, **kwargs):
		nonlocal asked
		asked += 1
		return before(*args, **kwargs)

	frappe.db.sql = sql
	try:
		action()
	finally:
		frappe.db.sql = before
	return asked
