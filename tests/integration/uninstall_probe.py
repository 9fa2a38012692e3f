"""Runs on the scratch site of test_uninstall.py:  uninstall_probe.py SITE prepare|inventory|use   Prints one JSON object."""

import json
import sys
from pathlib import Path

import frappe
from frappe.utils.background_jobs import get_queues, get_redis_conn
from rq.job import Job


def inventory() -> dict:
	"""Everything that an app could leave."""
	tables = frappe.db.get_tables(cached=False)
	columns = frappe.db.sql(
		"select concat(table_name, '.', column_name) from information_schema.columns where table_schema = database()"
	)
	found = {
		"tables": sorted(tables),
		"columns": sorted(row[0] for row in columns),
		"files": sorted(
			str(path.relative_to(frappe.get_site_path()))
			for top in ("private", "public")
			for path in Path(frappe.get_site_path(top)).rglob("*")
			if "backups" not in path.parts
		),
		"jobs": jobs(),
		"series": frappe.db.sql_list("select name from tabSeries order by name"),
		"singles": frappe.db.sql_list("select distinct doctype from tabSingles order by doctype"),
	}
	for doctype in (
		"DocType", "DocField", "DocPerm", "Custom DocPerm", "Custom Field", "Property Setter", "Role", "Module Def",
		"Workspace", "Number Card", "List View Settings", "Scheduled Job Type", "File", "DocShare", "Comment",
		"Notification Log", "Deleted Document", "Communication", "User", "Contact", "Page", "Report",
	):  # fmt: skip
		found[doctype] = frappe.db.sql_list(f"select name from `tab{doctype}` order by name")
	# whenever a role is created Frappe saves the Administrator, who then loses disabled roles
	found["roles held"] = frappe.db.sql_list(
		"""select concat_ws(' ', parenttype, parent, role) as held from `tabHas Role`
		where parent != 'Administrator' or role like 'Call Intelligence%%' order by held"""
	)
	# changes to users by the administrator, and Frappe's own log of apps, stay in their history
	found["versions"] = frappe.db.sql_list(
		"select concat_ws(' ', ref_doctype, docname) as changed from tabVersion where ref_doctype not in ('User', 'Installed Applications') order by changed"
	)
	found["apps"] = frappe.db.sql_list(
		"select app_name from `tabInstalled Application` where app_name != 'frappe' order by app_name"
	)
	found["global search"] = frappe.db.sql_list(
		"select distinct doctype from __global_search order by doctype"
	)
	found["defaults"] = frappe.db.sql_list(
		"select distinct defkey from tabDefaultValue where defkey like 'call_intelligence%%' order by defkey"
	)
	found["counters"] = sorted(key.decode() for key in frappe.cache.keys("*call_intelligence_refused*"))
	found["passwords"] = frappe.db.sql_list("select distinct doctype from __Auth order by doctype")
	return found


def jobs() -> list[str]:
	"""The app's queued jobs for this site"""
	found = []
	for queue in get_queues():
		for job in Job.fetch_many(queue.get_job_ids(), connection=get_redis_conn()):
			if (
				job
				and job.kwargs.get("site") == frappe.local.site
				and "call_intelligence" in str(job.kwargs.get("method"))
			):
				found.append(job.kwargs["method"])
	return found


def prepare() -> dict:
	"""Data that exists before the app is installed: a user and a contact."""
	from tests import factories

	frappe.flags.in_test = True  # creates a new user's contact now, instead of later by a worker
	made = {"user": factories.user("System Manager"), "contact": factories.contact(first_name="Sarah")}
	frappe.db.commit()
	return made


def use() -> dict:
	"""Leaves as many traces as users would: media, transcripts, shares, comments, versions, a password."""
	from call_intelligence.api import playlists
	from call_intelligence.api import transcript as editing
	from call_intelligence.core import storage
	from call_intelligence.discussion import notes
	from call_intelligence.ingest.create import create_call
	from call_intelligence.ingest.details import read_details
	from tests import factories, speech

	user = frappe.get_all(
		"User", filters={"email": ["like", "%@example.com"], "user_type": "System User"}, pluck="name"
	)[-1]
	contact = frappe.get_all("Contact", filters={"first_name": "Sarah"}, pluck="name")[0]
	frappe.get_doc("User", user).add_roles(factories.SEAT, factories.MANAGER)
	settings = frappe.get_single("Call Intelligence Settings")
	settings.hugging_face_token = "a secret"
	settings.save()
	storage.start_upload("unfinished.wav", 100)
	created = create_call(
		storage.stage_path(speech.spoken_call().mono),
		read_details({"associations": [{"doctype": "Contact", "name": contact}]}),
	)
	call = frappe.get_doc("Call", created.call)
	call.title = "Another title"
	call.save()
	editing.rename_speaker(factories.call(user), "S1", "Sarah")
	call.add_comment("Comment", "A comment")
	first = factories.comment(call.name, user, f"<p>{factories.mention('Administrator')}</p>")
	reply = factories.comment(call.name, "Administrator", f"<p>{factories.mention(user)}</p>", reply_to=first)
	frappe.delete_doc("Call Comment", reply)
	notes.save(call.name, f"<p>{factories.mention(user)}</p>", 0)
	frappe.share.add("Call", call.name, user, notify=False)
	playlist = factories.playlist(user, call.name, audience=[("User", "Administrator")])
	frappe.share.add("Call Playlist", playlist, "Administrator", notify=False)
	frappe.get_doc("Call Playlist", playlist).add_comment("Comment", "A comment")
	playlists.follow(playlist)
	factories.playlist_item(playlist, call.name, user)
	playlists.progress(frappe.db.get_value("Call Playlist Item", {"playlist": playlist}), 1)
	frappe.delete_doc("Call Playlist", factories.playlist(user, call.name))
	factories.call(user, associations=[("Contact", contact)])
	frappe.delete_doc("Call", factories.call(user))
	receive_something()
	frappe.db.commit()
	return {"files": frappe.db.count("File", {"attached_to_doctype": "Call Recording"})}


def receive_something() -> None:
	"""A source with secrets, a delivery that waits, a part of its download, and a refused request"""
	from call_intelligence.integrations.sources.types import RemoteCall
	from call_intelligence.sources import accounts, call_logs, deliveries, downloads, receiving

	values = {"title": "Zoom", "provider": "zoom", "account_id": "a", "client_id": "c"}
	secrets = {"client_secret": "a secret", "secret_token": "another secret"}
	source = frappe.get_doc({"doctype": "Recording Source", **values, **secrets}).insert()
	delivery = deliveries.add_call(accounts.load(source.name), RemoteCall("1"))
	downloads.path_for(delivery, "c1", "https://example.com/c1").write_bytes(b"part")
	receiving.receive(source.webhook_key, "POST", "https://site.example", {}, b"{}")
	assert receiving.refused(source.name)
	frappe.get_doc({"doctype": "Recording Source", "title": "Logs", "provider": "call_logs"}).insert()
	# as on a site with call logs
	frappe.db.set_default(call_logs.MADE, "1")


if __name__ == "__main__":
	frappe.init(site=sys.argv[1], sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	answer = {"prepare": prepare, "inventory": inventory, "use": use}[sys.argv[2]]()
	frappe.destroy()
	print(json.dumps(answer))
