// The Call Playlist form: the player on the first tab, Desk's own fields on the second.

frappe.ui.form.on("Call Playlist", {
	setup(frm) {
		// Desk renders values in a grid as markup
		call_intelligence.show_text_as_text("Call Playlist Audience");
		frm.set_query("member_doctype", "audience", () => ({
			filters: { name: ["in", ["User", "User Group", "Role"]] },
		}));
	},
	refresh(frm) {
		if (frm.is_new()) {
			show_settings(frm, true);
			return leave(frm);
		}
		show(frm);
	},
});

async function show(frm) {
	const name = frm.docname;
	const item = take_item();
	if (frm.ci_playlist && frm.ci_playlist.playlist === name) {
		// the same playlist again: saved, reloaded, or opened at another item
		if (item) frm.ci_playlist.go(item);
		return frm.ci_playlist.refresh();
	}
	leave(frm);
	await frappe.require(["call_playlist.bundle.css", "call_playlist.bundle.js"]);
	// one form serves all playlists; the user may have opened another one meanwhile
	if (frm.docname !== name || frm.ci_playlist) return;
	const element = document.createElement("div");
	frm.get_field("player").$wrapper.empty().append(element);
	frm.ci_playlist = call_intelligence.mount_playlist(element, name, {
		item,
		// Desk only knows roles, not the owner of the playlist
		on_permissions({ write }) {
			if (frm.docname === name && !frm.is_new()) show_settings(frm, write);
		},
		on_changed() {
			// the counts in the settings are outdated
			if (frm.docname === name && !frm.is_dirty()) reload_quietly(frm);
		},
	});
}

function show_settings(frm, may_change) {
	const { df } = frm.layout.tabs.find(({ df }) => df.fieldname === "settings_tab") || {};
	if (!df) return;
	df.hidden = may_change ? 0 : 1;
	if (frm.layout.refresh_tabs) frm.layout.refresh_tabs();
	if (may_change) return frm.enable_save();
	frm.disable_save();
}

// without redrawing the form, which would request the playlist again
async function reload_quietly(frm) {
	const { message } = await frappe.db.get_value("Call Playlist", frm.docname, [
		"item_count",
		"total_seconds",
		"modified",
	]);
	if (message && !frm.is_dirty() && frm.doc.name === frm.docname) {
		Object.assign(frm.doc, message);
		frm.refresh_fields(["item_count", "total_seconds"]);
	}
}

/** The item in the address: /app/call-playlist/NAME?item=ITEM */
function take_item() {
	const options = frappe.route_options || {};
	const item = options.item || new URLSearchParams(window.location.search).get("item");
	delete options.item;
	if (frappe.route_options && !Object.keys(options).length) frappe.route_options = null;
	return item || null;
}

function leave(frm) {
	if (!frm.ci_playlist) return;
	frm.ci_playlist.destroy();
	frm.ci_playlist = null;
}
