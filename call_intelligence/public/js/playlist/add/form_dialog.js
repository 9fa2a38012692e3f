// The dialogs about items of a playlist: their texts are fields of Desk; Vue shows what Desk has no field for.
import { createApp, nextTick, watch } from "vue";
import { name_dialog } from "../../shared/dialog_names";

const ROWS = 3;
// LONGEST_DESCRIPTION of playlists/rules.py
const LONGEST = 2000;

/**
 * Shows a dialog of Desk for a form.
 * @param {object} form a store with `failure`, which is shown below the fields, the texts that have a field of Desk, and `set(name, value)`
 * @param {object} component shown in the field "form"; gets the form, and emits "submit"
 * @param {object} options of frappe.ui.Dialog; `fields` without that of the failure
 * @param {{submit: function(): Promise<boolean>, closed?: function(): void}} actions submit: false keeps the dialog open
 */
export function open_form_dialog(form, component, options, { submit, closed }) {
	const dialog = new frappe.ui.Dialog({
		...options,
		fields: [...options.fields, { fieldtype: "HTML", fieldname: "failure" }],
		primary_action: () => press(),
	});
	if (options.secondary_action_label) dialog.set_secondary_action(() => dialog.hide());
	dialog.$wrapper.addClass("ci-add");
	name_dialog(dialog);
	const texts = dialog.fields_list.filter(({ $input }) => $input);
	texts.forEach(({ df, $input }) => {
		dialog.set_value(df.fieldname, form[df.fieldname]);
		$input.attr("dir", "auto").on("input", () => form.set(df.fieldname, $input.val()));
		if ($input.is("textarea"))
			$input.attr({ rows: ROWS, maxlength: LONGEST }).css("height", "auto");
	});
	const stop = watch(() => form.failure, show_failure);
	const app = createApp(component, { form, onSubmit: () => press() });
	app.config.globalProperties.__ = window.__;
	// as far from the next field as Desk's own fields are
	app.mount(dialog.get_field("form").$wrapper.addClass("mb-3").get(0));

	const before = document.activeElement;
	let busy = false;
	dialog.$wrapper.on("hidden.bs.modal", () => {
		if (closed) closed();
		stop();
		app.unmount();
		dialog.$wrapper.remove();
		if (before && before.isConnected) before.focus({ preventScroll: true });
	});
	dialog.show();

	async function press() {
		if (busy) return;
		busy = true;
		dialog.disable_primary_action();
		let done = false;
		try {
			done = await submit();
		} finally {
			dialog.enable_primary_action();
			busy = false;
		}
		if (done) return dialog.hide();
		await nextTick();
		const [failure] = dialog.$wrapper.find(".ci-add-failure").last();
		// a dialog may be taller than the screen
		if (failure) failure.scrollIntoView({ block: "center" });
	}

	function show_failure(text) {
		const { $wrapper } = dialog.get_field("failure");
		$wrapper.empty();
		if (text)
			$('<p class="ci-add-failure ci-notice-bad ci-round-sm ci-pad-8-12" role="alert"></p>')
				.text(text)
				.appendTo($wrapper);
	}
}

/** The field for the description of an item */
export function description_field() {
	return {
		fieldtype: "Small Text",
		fieldname: "description",
		label: __("Description"),
		placeholder: __("What should people listen for?"),
	};
}
