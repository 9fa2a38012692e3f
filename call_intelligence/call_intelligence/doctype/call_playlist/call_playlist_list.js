// The list of playlists: the colour of each, and which of them are one's own or followed.

(() => {
	call_intelligence.show_text_as_text("Call Playlist");

	const { escape_html } = frappe.utils;

	frappe.listview_settings["Call Playlist"] = {
		add_fields: ["cover_colour", "item_count", "total_seconds", "visibility"],
		hide_name_column: true,
		has_indicator_for_draft: true,
		get_indicator({ visibility }) {
			const colours = { "Only me": "gray", "Chosen people": "blue" };
			return [
				__(visibility || ""),
				colours[visibility] || "green",
				`visibility,=,${visibility}`,
			];
		},
		formatters: {
			item_count(value, df, { total_seconds }) {
				const length = call_intelligence.format.duration(total_seconds);
				const words = [value || 0, length].filter((part) => part !== "").join(" · ");
				return `<span class="ci-list-duration">${escape_html(words)}</span>`;
			},
		},
		onload(listview) {
			const { page } = listview;
			page.add_inner_button(__("All"), () => filter(listview, []));
			page.add_inner_button(__("Mine"), () =>
				filter(listview, [["playlist_owner", "=", frappe.session.user]])
			);
			page.add_inner_button(__("Following"), () => show_followed(listview));
			say_what_it_is_for(listview);
		},
		refresh: show_colours,
	};

	async function filter(listview, filters) {
		await listview.filter_area.clear(false);
		await listview.filter_area.add(
			filters.map(([field, ...rest]) => ["Call Playlist", field, ...rest])
		);
		listview.refresh();
	}

	async function show_followed(listview) {
		const rows = await frappe.db.get_list("Call Playlist Follower", {
			filters: { user: frappe.session.user },
			fields: ["playlist"],
			limit: 500,
		});
		const names = rows.map(({ playlist }) => playlist);
		if (names.length) return filter(listview, [["name", "in", names.join(",")]]);
		frappe.show_alert(__("You follow no playlist yet: open one and press Follow."));
	}

	// Desk's subject is plain text; the colour stands before it
	function show_colours(listview) {
		const colours = new Map(listview.data.map((doc) => [doc.name, doc.cover_colour]));
		listview.$result.find(".list-row-checkbox").each((i, box) => {
			const name = unescape(box.dataset.name || "");
			const link = $(box).closest(".list-row").find(".list-subject a.ellipsis");
			if (!colours.has(name) || !link.length || link.find(".ci-list-cover").length) return;
			const colour = colours.get(name);
			const cover = $('<span class="ci-list-cover" aria-hidden="true"></span>');
			if (/^#[0-9a-f]{3,6}$/i.test(colour || "")) cover.css("background-color", colour);
			link.prepend(cover);
		});
	}

	function say_what_it_is_for(listview) {
		const usual = listview.get_no_result_message.bind(listview);
		listview.get_no_result_message = () => {
			if (listview.filter_area && listview.filter_area.get().length) return usual();
			const create = frappe.model.can_create("Call Playlist")
				? `<p><button class="btn btn-primary btn-sm btn-new-doc">${__(
						"Make the first playlist"
				  )}</button></p>`
				: "";
			return `<div class="msg-box no-border"><p>${__(
				"Playlists put the best moments of calls in an order, for a team to listen through."
			)}</p>${create}</div>`;
		};
	}
})();
