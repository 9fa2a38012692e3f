"""Wiring only: every name here points at the room where the work is done."""

app_name = "call_intelligence"
app_title = "Call Intelligence"
app_publisher = "call_intelligence maintainers"
app_description = "Call recordings, transcripts and who said what, on the CRM record's timeline"
app_email = "maintainers@example.com"
app_license = "MIT"
# ignored by versions that do not know them
require_type_annotated_api_methods = True
add_to_apps_screen = [
	{
		"name": "call_intelligence",
		"logo": "/assets/call_intelligence/images/logo.svg",
		"title": "Call Intelligence",
		"route": "/app/call-intelligence",
		"has_permission": "call_intelligence.desk.boot.has_app_permission",
	}
]

app_include_js = "call_intelligence.bundle.js"
app_include_css = "call_intelligence.bundle.css"

before_install = "call_intelligence.install.before_install"
after_install = "call_intelligence.install.after_install"
before_uninstall = "call_intelligence.uninstall.before_uninstall"
after_uninstall = "call_intelligence.uninstall.after_uninstall"

# the site's DocTypes change with its apps
clear_cache = "call_intelligence.integrations.registry.forget_installed"
after_migrate = "call_intelligence.integrations.form_scripts.refresh"
after_app_install = [
	"call_intelligence.associations.linking.apps_changed",
	"call_intelligence.sources.call_logs.app_installed",
]
after_app_uninstall = "call_intelligence.associations.linking.apps_changed"

extend_bootinfo = "call_intelligence.desk.boot.extend_bootinfo"
before_request = ["call_intelligence.guard.filters.check_request"]
# /clip/KEY
page_renderer = ["call_intelligence.clips.page.ClipPage"]
additional_timeline_content = {"*": ["call_intelligence.desk.timeline.get_timeline_cards"]}

permission_query_conditions = {
	"Call": "call_intelligence.permissions.call_query",
	"Call Recording": "call_intelligence.permissions.call_recording_query",
	"Transcript Segment": "call_intelligence.permissions.transcript_segment_query",
	"Transcript Edit": "call_intelligence.permissions.transcript_edit_query",
	"Processing Run": "call_intelligence.permissions.processing_run_query",
	"Call Comment": "call_intelligence.permissions.call_comment_query",
	"Term Mention": "call_intelligence.permissions.term_mention_query",
	"Call Participant": "call_intelligence.permissions.call_participant_query",
	"Call Association": "call_intelligence.permissions.call_association_query",
	"Association Suggestion": "call_intelligence.permissions.association_suggestion_query",
	"Processing Run Stage": "call_intelligence.permissions.processing_run_stage_query",
	"Call Clip": "call_intelligence.clips.access.clip_query",
	"Call Clip Recipient": "call_intelligence.clips.access.recipient_query",
	"Call Clip Opening": "call_intelligence.clips.access.opening_query",
	"Call Playlist": "call_intelligence.playlists.permissions.playlist_query",
	"Call Playlist Audience": "call_intelligence.playlists.permissions.audience_query",
	"Call Playlist Item": "call_intelligence.playlists.permissions.item_query",
	"Call Playlist Follower": "call_intelligence.playlists.permissions.follower_query",
	"Call Playlist Listening": "call_intelligence.playlists.permissions.listening_query",
	"Tracked Term": "call_intelligence.permissions.desk_users_query",
	"Tracked Term Category": "call_intelligence.permissions.desk_users_query",
	"Term Scan": "call_intelligence.permissions.desk_users_query",
	"Record Matching": "call_intelligence.permissions.desk_users_query",
	"Recording Source": "call_intelligence.permissions.desk_users_query",
	"Source Delivery": "call_intelligence.permissions.desk_users_query",
	"Recording Source User": "call_intelligence.permissions.desk_users_query",
	"Tracked Term Phrase": "call_intelligence.permissions.desk_users_query",
	"CRM Object Mapping": "call_intelligence.permissions.desk_users_query",
	# Frappe's own tables that name our documents or copy their contents
	"Access Log": "call_intelligence.guard.reading.access_log",
	"Activity Log": "call_intelligence.guard.reading.activity_log",
	"Auto Repeat": "call_intelligence.guard.reading.auto_repeat",
	"Comment": "call_intelligence.guard.reading.comment",
	"Communication": "call_intelligence.guard.reading.communication",
	"Communication Link": "call_intelligence.guard.reading.communication_link",
	"Data Import": "call_intelligence.guard.reading.data_import",
	"Data Import Log": "call_intelligence.guard.reading.data_import_log",
	"Deleted Document": "call_intelligence.guard.reading.deleted_document",
	"Discussion Topic": "call_intelligence.guard.reading.discussion_topic",
	"DocShare": "call_intelligence.guard.reading.docshare",
	"Document Follow": "call_intelligence.guard.reading.document_follow",
	"Document Share Key": "call_intelligence.guard.reading.document_share_key",
	"Dynamic Link": "call_intelligence.guard.reading.dynamic_link",
	"Email Queue": "call_intelligence.guard.reading.email_queue",
	"Email Unsubscribe": "call_intelligence.guard.reading.email_unsubscribe",
	"Energy Point Log": "call_intelligence.guard.reading.energy_point_log",
	"Error Log": "call_intelligence.guard.reading.error_log",
	"Event Participants": "call_intelligence.guard.reading.event_participants",
	"File": "call_intelligence.guard.reading.file",
	"Integration Request": "call_intelligence.guard.reading.integration_request",
	"Milestone": "call_intelligence.guard.reading.milestone",
	"Notification Log": "call_intelligence.guard.reading.notification_log",
	"Prepared Report": "call_intelligence.guard.reading.prepared_report",
	"Reminder": "call_intelligence.guard.reading.reminder",
	"Route History": "call_intelligence.guard.reading.route_history",
	"Submission Queue": "call_intelligence.guard.reading.submission_queue",
	"Tag Link": "call_intelligence.guard.reading.tag_link",
	"ToDo": "call_intelligence.guard.reading.todo",
	"Version": "call_intelligence.guard.reading.version",
	"View Log": "call_intelligence.guard.reading.view_log",
	"Workflow Action": "call_intelligence.guard.reading.workflow_action",
}
# Frappe's own search for link fields can be asked to skip all of the above
standard_queries = {
	"Call": "call_intelligence.api.search.records",
	"Call Recording": "call_intelligence.api.search.records",
	"Transcript Segment": "call_intelligence.api.search.records",
	"Transcript Edit": "call_intelligence.api.search.records",
	"Processing Run": "call_intelligence.api.search.records",
	"Call Comment": "call_intelligence.api.search.records",
	"Term Mention": "call_intelligence.api.search.records",
	"Call Participant": "call_intelligence.api.search.records",
	"Call Association": "call_intelligence.api.search.records",
	"Association Suggestion": "call_intelligence.api.search.records",
	"Processing Run Stage": "call_intelligence.api.search.records",
	"Call Clip": "call_intelligence.api.search.records",
	"Call Clip Recipient": "call_intelligence.api.search.records",
	"Call Clip Opening": "call_intelligence.api.search.records",
	"Call Playlist": "call_intelligence.api.search.records",
	"Call Playlist Audience": "call_intelligence.api.search.records",
	"Call Playlist Item": "call_intelligence.api.search.records",
	"Call Playlist Follower": "call_intelligence.api.search.records",
	"Call Playlist Listening": "call_intelligence.api.search.records",
}
has_permission = {
	"Call": "call_intelligence.permissions.call_has_permission",
	"Call Recording": "call_intelligence.permissions.belongs_to_call_has_permission",
	"Transcript Segment": "call_intelligence.permissions.belongs_to_call_has_permission",
	"Transcript Edit": "call_intelligence.permissions.belongs_to_call_has_permission",
	"Processing Run": "call_intelligence.permissions.belongs_to_call_has_permission",
	"Call Comment": "call_intelligence.permissions.call_comment_has_permission",
	"Association Suggestion": "call_intelligence.permissions.belongs_to_call_has_permission",
	"Term Mention": "call_intelligence.permissions.belongs_to_call_has_permission",
	"Call Clip": "call_intelligence.clips.access.clip_has_permission",
	"Call Clip Opening": "call_intelligence.clips.access.opening_has_permission",
	"Call Playlist": "call_intelligence.playlists.permissions.playlist_has_permission",
	"Call Playlist Item": "call_intelligence.playlists.permissions.item_has_permission",
	"Call Playlist Follower": "call_intelligence.playlists.permissions.kept_has_permission",
	"Call Playlist Listening": "call_intelligence.playlists.permissions.kept_has_permission",
	"Tracked Term": "call_intelligence.permissions.desk_users_have_permission",
	"Tracked Term Category": "call_intelligence.permissions.desk_users_have_permission",
	"Term Scan": "call_intelligence.permissions.desk_users_have_permission",
	"Record Matching": "call_intelligence.permissions.desk_users_have_permission",
	"Recording Source": "call_intelligence.permissions.desk_users_have_permission",
	"Source Delivery": "call_intelligence.permissions.desk_users_have_permission",
	"Call Intelligence Settings": "call_intelligence.permissions.desk_users_have_permission",
	"Access Log": "call_intelligence.guard.reading.has_permission",
	"Activity Log": "call_intelligence.guard.reading.has_permission",
	"Auto Repeat": "call_intelligence.guard.reading.has_permission",
	"Comment": "call_intelligence.guard.reading.has_permission",
	"Communication": "call_intelligence.guard.reading.has_permission",
	"Data Import": "call_intelligence.guard.reading.has_permission",
	"Data Import Log": "call_intelligence.guard.reading.has_permission",
	"Deleted Document": "call_intelligence.guard.reading.has_permission",
	"Discussion Topic": "call_intelligence.guard.reading.has_permission",
	"DocShare": "call_intelligence.guard.reading.has_permission",
	"Document Follow": "call_intelligence.guard.reading.has_permission",
	"Document Share Key": "call_intelligence.guard.reading.has_permission",
	"Email Queue": "call_intelligence.guard.reading.has_permission",
	"Email Unsubscribe": "call_intelligence.guard.reading.has_permission",
	"Energy Point Log": "call_intelligence.guard.reading.has_permission",
	"Error Log": "call_intelligence.guard.reading.has_permission",
	"File": "call_intelligence.guard.reading.has_permission",
	"Integration Request": "call_intelligence.guard.reading.has_permission",
	"Milestone": "call_intelligence.guard.reading.has_permission",
	"Notification Log": "call_intelligence.guard.reading.has_permission",
	"Prepared Report": "call_intelligence.guard.reading.has_permission",
	"Reminder": "call_intelligence.guard.reading.has_permission",
	"Route History": "call_intelligence.guard.reading.has_permission",
	"Submission Queue": "call_intelligence.guard.reading.has_permission",
	"Tag Link": "call_intelligence.guard.reading.has_permission",
	"ToDo": "call_intelligence.guard.reading.has_permission",
	"Version": "call_intelligence.guard.reading.has_permission",
	"View Log": "call_intelligence.guard.reading.has_permission",
	"Workflow Action": "call_intelligence.guard.reading.has_permission",
}

# these documents never prevent the deletion of a record that they link to
ignore_links_on_delete = [
	"Call", "Call Participant", "Call Association", "Call Comment", "Association Suggestion", "CRM Object Mapping",
	"Term Mention", "Call Clip", "Call Clip Recipient", "Call Clip Opening",
	"Call Playlist", "Call Playlist Audience", "Call Playlist Item", "Call Playlist Follower",
	"Call Playlist Listening", "Record Matching", "Processing Run", "Source Delivery",
]  # fmt: skip

# a share never gives the right to change a document; users who have one open are notified of its changes
_ours = {
	"onload": "call_intelligence.core.live.watch_document",
	"before_validate": "call_intelligence.guard.ownership.check_writer",
	"on_trash": "call_intelligence.guard.ownership.check_writer",
}
doc_events = {
	**dict.fromkeys(standard_queries, _ours),
	"*": {
		"on_update": [
			"call_intelligence.people.matching.later.record_saved",
			"call_intelligence.associations.conversions.record_saved",
			"call_intelligence.sources.call_logs.log_saved",
		],
		"on_trash": "call_intelligence.associations.linking.record_deleted",
		"after_rename": [
			"call_intelligence.associations.linking.record_renamed",
			"call_intelligence.people.matching.later.record_renamed",
		],
	},
	"Document Follow": {
		"on_update": "call_intelligence.guard.writing.check_follower",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Auto Repeat": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Comment": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Communication": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Discussion Topic": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"DocShare": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Document Share Key": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Energy Point Log": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Reminder": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Tag Link": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"ToDo": {
		"before_validate": "call_intelligence.guard.writing.check_row",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	# Frappe shows a document's history to everyone who sees the document
	"Version": {"before_insert": "call_intelligence.associations.name_history.strip"},
	"File": {
		"before_insert": "call_intelligence.guard.writing.check_file",
		"before_validate": "call_intelligence.guard.writing.check_file",
		"on_trash": "call_intelligence.guard.writing.check_removal",
	},
	"Web Form": {"before_validate": "call_intelligence.guard.web_forms.check_form"},
	"Report": {"validate": "call_intelligence.guard.reports.check_report"},
	"Prepared Report": {"validate": "call_intelligence.guard.reports.check_use"},
	"Auto Email Report": {"validate": "call_intelligence.guard.reports.check_auto_email"},
	"Contact": {"before_validate": "call_intelligence.guard.writing.check_links"},
	"Address": {"before_validate": "call_intelligence.guard.writing.check_links"},
	"User": {
		"on_trash": [
			"call_intelligence.clips.ending.person_deleted",
			"call_intelligence.playlists.audience.member_deleted",
		]
	},
	"User Group": {"on_trash": "call_intelligence.playlists.audience.member_deleted"},
	"Role": {"on_trash": "call_intelligence.playlists.audience.member_deleted"},
	"Call Clip": {
		**_ours,
		"on_trash": [_ours["on_trash"], "call_intelligence.playlists.items.clip_deleted"],
	},
}

# run once the user of the request is known
auth_hooks = ["call_intelligence.guard.requests.check", "call_intelligence.guard.record_names.check_request"]

# Frappe's own functions ignore permissions, some of them only in some versions
override_whitelisted_methods = {
	"frappe.client.get": "call_intelligence.api.generic.document",
	"frappe.client.get_count": "call_intelligence.api.search.count",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": "call_intelligence.api.generic.chart",
	"frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview": (
		"call_intelligence.api.doors.message_preview"
	),
	"frappe.desk.doctype.kanban_board.kanban_board.update_order": "call_intelligence.api.doors.order_cards",
	"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card": (
		"call_intelligence.api.doors.move_card"
	),
	"frappe.desk.like.toggle_like": "call_intelligence.api.doors.toggle_like",
	"frappe.desk.doctype.tag.tag.remove_tag": "call_intelligence.api.doors.remove_tag",
	"frappe.desk.form.document_follow.get_follow_users": "call_intelligence.api.doors.followers",
	"frappe.email.relink": "call_intelligence.api.doors.relink",
	"frappe.utils.global_search.search": "call_intelligence.api.doors.global_search",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": "call_intelligence.api.generic.tagged_documents",
	"frappe.desk.form.linked_with.get": "call_intelligence.api.generic.linked_documents",
	"frappe.desk.form.utils.get_next": "call_intelligence.api.generic.next_document",
	"frappe.desk.listview.get_group_by_count": "call_intelligence.api.generic.group_by_count",
	"frappe.desk.query_report.export_query": "call_intelligence.api.doors.export_report",
	"frappe.desk.query_report.run": "call_intelligence.api.doors.run_report",
	"frappe.desk.query_report.get_data_for_custom_field": "call_intelligence.api.generic.custom_field_values",
	"frappe.utils.goal.get_monthly_goal_graph_data": "call_intelligence.api.generic.goal_graph",
	"frappe.website.doctype.web_form.web_form.get_link_options": "call_intelligence.api.generic.web_form_options",
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": "call_intelligence.api.generic.workflow_state_count",
}

after_job = "call_intelligence.queue.wake.job_ended"
scheduler_events = {
	"cron": {"* * * * *": ["call_intelligence.jobs.sweep.sweep"]},
	"hourly": [
		"call_intelligence.jobs.sweep.remove_uploads",
		"call_intelligence.jobs.sweep.follow_conversions",
	],
	"daily": ["call_intelligence.jobs.sweep.remove_leftovers"],
	"weekly": ["call_intelligence.sources.call_logs.look_again"],
}
