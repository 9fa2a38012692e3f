// The list of shared clips: the user's own and those shared with them, the state of each, and a button to revoke one.

(() => {
	const me = () => frappe.session.user;
	const BY_ME = () => ["Call Clip", "shared_by", "=", me()];
	/** names of calls -> whether the user owns them, for the calls where it matters */
	const own = new Map();
	/** clips that were revoked on this page: Desk skips the refresh of a list that it has just loaded, and an answer may be older */
	const ends = new Map();
	const WITH_ME = () => ["Call Clip Recipient", "user", "=", me()];

	call_intelligence.show_text_as_text("Call Clip");

	frappe.listview_settings["Call Clip"] = {
		add_fields: [
			"call",
			"shared_by",
			"shared_by_name",
			"start_seconds",
			"end_seconds",
			"ended",
			"end_reason",
			"expires_on",
			"external",
			"only_this_part",
		],
		hide_name_column: true,
		has_indicator_for_draft: true,
		get_indicator: state,
		formatters: {
			shared_by: (value, df, doc) => call_intelligence.format.escape(doc.shared_by_name),
			expires_on: (value) => call_intelligence.format.date_time(value),
		},
		button: {
			show: (doc) => is_live(doc) && may_revoke(doc),
			get_label: () => __("Revoke"),
			// Frappe puts it into an attribute unescaped
			get_description: (doc) =>
				frappe.utils.escape_html(__("End the sharing of {0}", [doc.title])),
			async action(doc) {
				await frappe.require("call_share.bundle.js");
				call_intelligence.revoke_clip(doc, ({ ended, end_reason }) => {
					ends.set(doc.name, { ended: Number(ended), end_reason });
					show_ends(cur_list);
				});
			},
		},
		onload(listview) {
			offer_ways(listview);
			// a formatter would replace the link and the checkbox beside it
			call_intelligence.show_title_as_text(
				listview,
				(doc) => `${doc.title} · ${times(doc)}`
			);
			const usual_message = listview.get_no_result_message.bind(listview);
			listview.get_no_result_message = () =>
				listview.filter_area.get().length ? usual_message() : empty_message();
		},
		refresh(listview) {
			show_way(listview);
			show_ends(listview);
			learn_owners(listview);
		},
	};

	function times({ start_seconds, end_seconds }) {
		const { clock } = call_intelligence.format;
		return `${clock(start_seconds)} – ${clock(end_seconds)}`;
	}

	function is_live({ ended, expires_on }) {
		return !ended && (!expires_on || expires_on > frappe.datetime.system_datetime());
	}

	function may_revoke({ shared_by, call }) {
		const { manager, seat } = frappe.boot.call_intelligence || {};
		return shared_by === me() || Boolean(manager || (seat && own.get(call)));
	}

	function show_ends(listview) {
		const outdated = listview.data.filter((doc) => is_live(doc) && ends.has(doc.name));
		outdated.forEach((doc) => Object.assign(doc, ends.get(doc.name)));
		if (outdated.length) listview.render_list();
	}

	/** One request for all rows: the owner of a call may also revoke clips of it that others have shared. */
	async function learn_owners(listview) {
		const others = listview.data.filter((doc) => is_live(doc) && !may_revoke(doc));
		const calls = [...new Set(others.map(({ call }) => call))].filter(
			(call) => !own.has(call)
		);
		if (!calls.length) return;
		const mine = await frappe.db.get_list("Call", {
			filters: { name: ["in", calls], call_owner: me() },
			limit: 0,
		});
		calls.forEach((call) =>
			own.set(
				call,
				mine.some(({ name }) => name === call)
			)
		);
		if (mine.length) listview.render_list();
	}

	function state(doc) {
		if (is_live(doc)) return [__("Active"), "green", "ended,=,0"];
		const reasons = {
			Revoked: __("Revoked"),
			Expired: __("Expired"),
			"Access lost": __("Access lost"),
		};
		return [reasons[doc.end_reason] || __("Expired"), "gray", "ended,=,1"];
	}

	// ---- whose

	function ways() {
		return [
			{ name: "all", label: __("All"), filter: null },
			{ name: "by_me", label: __("Shared by me"), filter: BY_ME() },
			{ name: "with_me", label: __("Shared with me"), filter: WITH_ME() },
		];
	}

	function offer_ways(listview) {
		const $ways = $('<div class="ci-list-ways" role="group"></div>').attr(
			"aria-label",
			__("Whose clips are shown")
		);
		ways().forEach((way) =>
			$('<button type="button" class="btn btn-sm btn-default"></button>')
				.text(way.label)
				.attr("data-way", way.name)
				.on("click", () => go(listview, way))
				.appendTo($ways)
		);
		listview.$frappe_list.before($ways);
		listview.ci_ways = $ways;
	}

	async function go(listview, way) {
		const { filter_area } = listview;
		const others = filter_area.get().filter((filter) => !way_of(filter));
		await filter_area.clear(false);
		await filter_area.add(way.filter ? [...others, way.filter] : others, false);
		listview.start = 0;
		listview.refresh();
	}

	function way_of([doctype, field, condition, value]) {
		return ways().find(
			({ filter }) =>
				filter && [doctype, field, condition, value].every((part, i) => part === filter[i])
		);
	}

	function show_way(listview) {
		if (!listview.ci_ways) return;
		const shown = listview.filter_area.get().map(way_of).find(Boolean);
		listview.ci_ways.find("button").each((i, button) => {
			const pressed = button.dataset.way === (shown ? shown.name : "all");
			button.setAttribute("aria-pressed", pressed ? "true" : "false");
		});
	}

	function empty_message() {
		return `<div class="msg-box no-border"><p>${__(
			"Nothing has been shared yet. Open a call and choose Share to pass on a moment of it."
		)}</p></div>`;
	}
})();
