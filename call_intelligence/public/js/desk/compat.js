// What the app uses of Desk, and the differences between Frappe 15.0.0-dev, 15 and 16, in one place.
//
// tests/ui/test_desk_api.py asks a browser whether all of it exists, so that a new version of Frappe says what is missing.
// tests/unit/front_end/desk/compat.test.js checks that the lists of `frappe`, forms, lists and dialogs are complete.

/** Properties of `frappe`, of a form, a list view and a dialog (`a|b`: one is enough), globals, and selectors in the page. */
export const DESK = {
	frappe: [
		"boot.lang",
		"call",
		"confirm",
		"csrf_token",
		"datetime.add_days",
		"datetime.comment_when",
		"datetime.convert_to_system_tz",
		"datetime.convert_to_user_tz",
		"datetime.get_today",
		"datetime.get_user_date_fmt",
		"datetime.now_datetime",
		"datetime.prettyDate",
		"datetime.str_to_user",
		"datetime.system_datetime",
		"db.get_list",
		"db.get_value",
		"form.get_formatter",
		"get_abbr",
		"get_route_str",
		"listview_settings",
		"meta.docfield_map",
		"model.can_create",
		"model.can_read",
		"model.user_settings",
		"msgprint",
		"new_doc",
		"perm.has_perm",
		"prompt",
		"provide",
		"query_reports",
		"realtime.off",
		"realtime.on",
		"realtime.socket",
		"require",
		"router.route",
		"session.user",
		"set_route",
		"show_alert",
		"templates",
		"ui.Dialog",
		"ui.form.ControlComment",
		"ui.form.make_control",
		"ui.form.on",
		"user.full_name",
		"utils.copy_to_clipboard",
		"utils.debounce",
		"utils.escape_html",
		"utils.get_form_link",
		"utils.get_link_title",
		"utils.get_random",
		"utils.throttle",
		"warn",
		"xcall",
	],
	form: [
		"$wrapper",
		"add_custom_button",
		"dashboard.links_area.body",
		"dashboard.show",
		"disable_save",
		"doc",
		"docname",
		"doctype",
		"enable_save",
		"fetch_permissions",
		"fields_dict",
		"get_docinfo",
		"get_field",
		"is_dirty",
		"is_new",
		"layout.refresh_tabs",
		"layout.tabs",
		"meta",
		"perm",
		"refresh_field",
		"refresh_fields",
		"reload_doc",
		"save",
		"set_df_property",
		"set_intro",
		"set_query",
		"set_value",
		"timeline.add_action_button",
		"timeline.refresh",
		"toggle_display",
		"toggle_reqd",
		"toolbar.set_indicator",
	],
	list: [
		"$frappe_list",
		"$result",
		"clear_checked_items",
		"columns",
		"data",
		"filter_area.add",
		"filter_area.clear",
		"filter_area.get",
		"get_checked_items",
		"get_no_result_message",
		"get_subject_html|get_subject_text",
		"meta",
		"page.add_actions_menu_item",
		"page.fields_dict",
		"page.set_primary_action",
		"refresh",
		"render_list",
		"set_primary_action",
		"start",
		"view_name",
	],
	dialog: [
		"$wrapper",
		"disable_primary_action",
		"enable_primary_action",
		"fields_list",
		"get_close_btn",
		"get_field",
		"get_minimize_btn",
		"get_primary_btn",
		"get_values",
		"hide",
		"set_primary_action",
		"set_secondary_action",
		"set_value",
		"show",
		"title",
	],
	globals: ["Sortable", "format_number"],
	markup: {
		list: [
			".list-row-head .list-header-subject > .list-subject",
			".list-row-container .level-left > .list-subject",
			".list-row-container [data-name]",
			".list-row-checkbox[data-name]",
			".list-subject a.ellipsis",
			".list-row-container .indicator-pill",
		],
		form: [".new-timeline", ".layout-main-section"],
	},
};

/**
 * Replaces the titles in the rows of a list.
 * @param {object} listview
 * @param {(doc: object) => string} title_of returns plain text
 */
export function set_titles(listview, title_of) {
	if (listview.get_subject_html) {
		// 15.0.0-dev renders it as markup
		const usual = listview.get_subject_html.bind(listview);
		const field = listview.meta.title_field;
		listview.get_subject_html = (doc) =>
			usual({ ...doc, [field]: without_brackets(title_of(doc)) });
		return;
	}
	// 15.55 and later set it as text
	const usual = listview.get_subject_text.bind(listview);
	listview.get_subject_text = (doc) => usual(doc, title_of(doc));
}

function without_brackets(text) {
	return String(text || "")
		.replace(/</g, "‹")
		.replace(/>/g, "›");
}

/**
 * Keeps the seconds of unchanged Datetime fields. Where times are shown without seconds, Desk's date picker drops them on opening, and
 * the form looks unsaved.
 * @param {object} frm
 */
export function keep_seconds(frm) {
	Object.values(frm.fields_dict)
		.filter(({ df, parse }) => df.fieldtype === "Datetime" && parse)
		.forEach((control) => {
			if (control.ci_parse) return;
			control.ci_parse = control.parse.bind(control);
			control.parse = (text) => {
				const kept = frm.doc[control.df.fieldname];
				return text && kept && text === control.format_for_input(kept)
					? kept
					: control.ci_parse(text);
			};
		});
}
