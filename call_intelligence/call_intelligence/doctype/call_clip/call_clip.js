// The Call Clip form redirects recipients, who come from notifications, to the place where the clip is heard. Its sharer sees the
// clip's openings here.

frappe.ui.form.on("Call Clip", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		const { doc } = frm;
		const live = is_live(doc);
		const me = frappe.session.user;
		if (live && doc.shared_by !== me && doc.recipients.some(({ user }) => user === me)) {
			return open(doc);
		}
		// the address of an external link was shown only when it was created
		if (live && !doc.external) frm.add_custom_button(__("Open"), () => open(doc));
		if (live && may_revoke(doc)) {
			frm.add_custom_button(__("Revoke"), async () => {
				await frappe.require("call_share.bundle.js");
				call_intelligence.revoke_clip(doc, () => frm.reload_doc());
			});
		}
		if (live) {
			frm.add_custom_button(__("Add to playlist"), () => add_to_playlist(doc));
		}
		frm.add_custom_button(__("Show the call"), () =>
			frappe.set_route("Form", "Call", doc.call)
		);
		if (!live) frm.set_intro(__("This part is no longer shared."), "orange");
	},
});

function is_live({ ended, expires_on }) {
	return !ended && (!expires_on || expires_on > frappe.datetime.system_datetime());
}

function may_revoke({ __onload }) {
	return Boolean(__onload && __onload.may_revoke);
}

async function add_to_playlist({ name, call, title, start_seconds, end_seconds }) {
	const { message } = await frappe.db.get_value("Call", call, "title");
	call_intelligence.add_to_playlist({
		parts: [
			{
				call,
				call_title: (message && message.title) || call,
				title,
				start: start_seconds,
				end: end_seconds,
				clip: name,
			},
		],
	});
}

function open({ name, call, only_this_part }) {
	if (only_this_part) return window.location.replace(`/clip/${encodeURIComponent(name)}`);
	const address = frappe.utils.get_form_link("Call", call);
	// replaces this page, so that the browser's Back does not return here
	window.history.replaceState(null, null, `${address}?shared=${encodeURIComponent(name)}`);
	frappe.router.route();
}
