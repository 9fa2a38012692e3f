// The list of playlists: the colour of each, who sees it, and which of them are the user's own or followed.

(() => {
	const { escape_html } = frappe.utils;
	const MINE = () => ["Call Playlist", "playlist_owner", "=", frappe.session.user];

	call_intelligence.show_text_as_text("Call Playlist");

	frappe.listview_settings["Call Playlist"] = {
		add_fields: ["cover_colour", "item_count", "total_seconds", "visibility"],
		hide_name_column: true,
		formatters: {
			playlist_owner: (value) => escape_html(value ? frappe.user.full_name(value) : ""),
			visibility: (value) => escape_html(__(value || "")),
			item_count(value, df, { total_seconds }) {
				const length = call_intelligence.format.duration(total_seconds);
				const words = [String(value || 0), length].filter(Boolean).join(" · ");
				return `<span class="ci-list-duration">${escape_html(words)}</span>`;
			},
		},
		onload(listview) {
			call_intelligence.show_title_as_text(listview);
			offer_ways(listview);
			say_what_it_is_for(listview);
		},
		refresh(listview) {
			show_colours(listview);
			show_way(listview);
		},
	};

	// ---- whose

	const ways = () => [
		{ name: "all", label: __("All") },
		{ name: "mine", label: __("Mine") },
		{ name: "followed", label: __("Following") },
	];

	function offer_ways(listview) {
		const $ways = $('<div class="ci-list-ways" role="group"></div>').attr(
			"aria-label",
			__("Whose playlists are shown")
		);
		ways().forEach(({ name, label }) =>
			$('<button type="button" class="btn btn-sm btn-default"></button>')
				.text(label)
				.attr("data-way", name)
				.on("click", () => go(listview, name))
				.appendTo($ways)
		);
		listview.$frappe_list.before($ways);
		listview.ci_ways = $ways;
	}

	async function go(listview, name) {
		const wanted = await filter_of(name);
		if (wanted && !wanted[3]) {
			frappe.show_alert(__("You follow no playlist yet: open one and press Follow."));
			return;
		}
		const { filter_area } = listview;
		const others = filter_area.get().filter((filter) => !way_of(filter));
		await filter_area.clear(false);
		await filter_area.add(wanted ? [...others, wanted] : others, false);
		listview.start = 0;
		listview.refresh();
	}

	async function filter_of(name) {
		if (name === "all") return null;
		if (name === "mine") return MINE();
		// a playlist has no field for its followers
		const rows = await frappe.db.get_list("Call Playlist Follower", {
			filters: { user: frappe.session.user },
			fields: ["playlist"],
			limit: 500,
		});
		return ["Call Playlist", "name", "in", rows.map(({ playlist }) => playlist).join(",")];
	}

	function way_of([doctype, field, condition, value]) {
		if (doctype !== "Call Playlist") return "";
		if (field === "name" && condition === "in") return "followed";
		const mine = field === "playlist_owner" && condition === "=";
		return mine && value === frappe.session.user ? "mine" : "";
	}

	function show_way(listview) {
		if (!listview.ci_ways) return;
		const shown = listview.filter_area.get().map(way_of).find(Boolean) || "all";
		listview.ci_ways.find("button").each((i, button) => {
			button.setAttribute("aria-pressed", String(button.dataset.way === shown));
		});
	}

	// ---- appearance

	// Desk's subject is plain text; the colour is added before it
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
