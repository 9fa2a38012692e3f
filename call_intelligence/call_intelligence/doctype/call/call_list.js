// The list of calls: the progress and length of each, and the upload of new recordings.

(() => {
	const POLL = 10000;
	const LOOK = 60000;
	const MOVED = "call_intelligence_list";

	// the report view, which is based on this list, uses Desk's own formatters
	["Call", "Call Participant"].forEach(call_intelligence.show_unknown_as_empty);
	["Call", "Call Participant", "Call Association"].forEach(call_intelligence.show_text_as_text);

	call_intelligence.list_records.offer_names_as_filters();

	const moving = ({ status }) => call_intelligence.states.in_progress(status);

	frappe.listview_settings["Call"] = {
		add_fields: ["status", "progress", "next_attempt_at", "error", "duration"],
		hide_name_column: true,
		has_indicator_for_draft: true,
		get_indicator(doc) {
			const { state_label, state_colour } = call_intelligence.states;
			const { status, progress, next_attempt_at } = doc;
			return [
				state_label(status, progress, next_attempt_at),
				state_colour(status),
				`status,=,${status}`,
			];
		},
		formatters: {
			start_time: (value) => call_intelligence.format.date_time(value),
			direction: (value) => frappe.utils.escape_html(__(value || "")),
			duration: (value) =>
				`<span class="ci-list-duration">${call_intelligence.format.duration(
					value
				)}</span>`,
		},
		primary_action: open_door,
		refresh(listview) {
			show_reasons(listview);
			return call_intelligence.list_records.show_records(listview);
		},
		onload(listview) {
			// the event names no call: the list's own query returns the changes that the user may see
			if (frappe.realtime) frappe.realtime.on(MOVED, () => look(listview));
			call_intelligence.show_title_as_text(listview);
			setInterval(() => poll(listview), POLL);
			find_by_part(listview);
			// also without the seat: the user may have a playlist to add to
			listview.page.add_actions_menu_item(__("Add to playlist"), () => add_chosen(listview));
			if (call_intelligence.can_upload()) {
				offer_upload(listview);
				offer_transcription(listview);
			}
		},
	};

	// only in the list: the head of the form is short, and the page below it shows why a call waits
	function show_reasons({ $result, data }) {
		const { state_label } = call_intelligence.states;
		for (const { name, status, progress, next_attempt_at, error } of data || []) {
			if (!next_attempt_at || !error) continue;
			const text = state_label(status, progress, next_attempt_at, error);
			const $row = $result
				.find(".list-row-container")
				.filter((_index, row) =>
					[name, encodeURIComponent(name)].includes(
						$(row).find("[data-name]").attr("data-name")
					)
				);
			$row.find(".indicator-pill").attr("title", text).children().text(text);
			$row.find(".indicator").attr("title", text);
		}
	}

	// for a Dynamic Link Desk searches for the whole name of a record; users who may read all names can search for a part of it
	function find_by_part({ page }) {
		for (const field of Object.values(page.fields_dict)) {
			if (field.df.fieldtype !== "Dynamic Link") continue;
			if (call_intelligence.list_records.reads_all_names()) field.df.condition = "like";
			else field.$wrapper.addClass("hide");
		}
	}

	// the button for new documents and the text of an empty list offer to upload recordings
	function offer_upload(listview) {
		listview.set_primary_action = () =>
			listview.page.set_primary_action(__("Upload calls"), open_door, "upload");
		listview.set_primary_action();
		const usual_message = listview.get_no_result_message.bind(listview);
		listview.get_no_result_message = () =>
			listview.filter_area && listview.filter_area.get().length
				? usual_message()
				: empty_message();
	}

	// calls that came in before the user had the seat
	async function offer_transcription({ page }) {
		const { message } = await frappe.call({
			method: "call_intelligence.api.calls.untranscribed",
			type: "GET",
		});
		const { count } = message;
		if (!count) return;
		const label = __("Transcribe {0} earlier calls", [count]);
		page.add_inner_button(label, async () => {
			const { started, left } = await frappe.xcall(
				"call_intelligence.api.calls.transcribe_earlier"
			);
			page.remove_inner_button(label);
			frappe.show_alert(__("{0} calls are being transcribed.", [started]));
			if (left) offer_transcription({ page });
			refresh();
		});
	}

	function add_chosen(listview) {
		const parts = listview
			.get_checked_items()
			.map(({ name, title }) => ({ call: name, call_title: title }));
		if (!parts.length) return;
		call_intelligence.add_to_playlist({
			parts,
			on_done: () => listview.clear_checked_items(),
		});
	}

	function empty_message() {
		return `<div class="msg-box no-border">
			<p>${__("Calls that come in with a recording appear here, transcribed and split by speaker.")}</p>
			<p><button class="btn btn-primary btn-sm btn-new-doc">${__("Upload your first call")}</button></p>
		</div>`;
	}

	function open_door() {
		if (call_intelligence.can_upload()) call_intelligence.upload({ on_done: refresh });
		else frappe.new_doc("Call");
	}

	function refresh() {
		if (window.cur_list && cur_list.doctype === "Call") cur_list.refresh();
	}

	// many calls may change at once: one query for all of them, and none while rows are selected
	const look = frappe.utils.throttle((listview) => {
		if (selecting(listview) || document.hidden || window.cur_list !== listview) return;
		if (listview.$result.is(":visible")) listview.refresh();
	}, 2000);

	const selecting = ({ $checks }) => Boolean($checks && $checks.length);

	function poll(listview) {
		if (document.hidden) return;
		if (window.cur_list !== listview || !listview.$result.is(":visible")) return;
		const waiting = (listview.data || []).find(moving);
		if (!waiting) return;
		look_at(waiting.name);
		if (!call_intelligence.live.connected) listview.refresh();
	}

	const look_at = frappe.utils.throttle((call) => call_intelligence.live.look(call), LOOK);
})();
