// "Upload calls": the files and the details of their calls. Closing it never loses a file silently.
import { name_dialog } from "../shared/dialog_names";
import { what_to_expect } from "../shared/speech_models";
import { BelongsTo } from "./belongs_to";
import { make_drop_zone } from "./drop_zone";
import { FileList } from "./file_list";
import { People } from "./people";
import { UploadQueue } from "./queue";

export class UploadDialog {
	/** @param {{associations?, participants?, on_done?}} options see call_intelligence.upload */
	constructor(options = {}) {
		this.options = options;
		this.limits = frappe.boot.call_intelligence || {};
		this.make();
	}

	show() {
		this.dialog.show();
	}

	make() {
		this.dialog = new frappe.ui.Dialog({
			title: __("Upload calls"),
			size: "large",
			// clicking outside or Escape must not discard files; leaving the page only minimizes it
			static: true,
			minimizable: true,
			fields: this.fields(),
			primary_action_label: __("Upload"),
			primary_action: () => this.upload(),
		});
		this.dialog.$wrapper.addClass("ci-upload");
		name_dialog(this.dialog);
		this.queue = new UploadQueue(
			this.limits,
			(entry) => {
				this.list.show(entry);
				this.refresh();
			},
			{
				date_is_set: () => Boolean(this.dialog.get_value("start_time")),
				is_known: (person) => this.is_known(person),
			}
		);
		const files = this.area("files");
		make_drop_zone(files, this.limits, (chosen) => this.queue.add(chosen));
		this.list = new FileList(files, {
			remove: (id) => {
				this.queue.remove(id);
				this.refresh();
			},
			retry: (id) => {
				this.queue.retry(id);
				this.upload();
			},
			choose_start: (id, index) => this.queue.choose_start(id, index),
			choose_person: (id, index) => this.queue.choose_person(id, index),
			choose_raw: (id, raw) => this.queue.choose_raw(id, raw),
		});
		this.belongs_to = new BelongsTo(
			this.area("belongs_to", __("Belongs to")),
			this.options.associations
		);
		this.people = new People(
			this.area("people", __("Participants")),
			this.options.participants
		);
		this.guard();
		this.refresh();
	}

	fields() {
		const languages = (this.limits.languages || []).map(([value, label]) => ({
			value,
			label,
		}));
		return [
			{ fieldtype: "HTML", fieldname: "files" },
			{ fieldtype: "Section Break", label: __("About these calls") },
			{
				fieldtype: "Link",
				fieldname: "call_owner",
				label: __("Owner"),
				options: "User",
				default: frappe.session.user,
				reqd: 1,
				description: __("The colleague whose call it was"),
				get_query: () => ({ filters: { enabled: 1, user_type: "System User" } }),
			},
			{
				fieldtype: "Select",
				fieldname: "direction",
				label: __("Direction"),
				default: "Outbound",
				options: [
					{ value: "Outbound", label: __("Outbound") },
					{ value: "Inbound", label: __("Inbound") },
					{ value: "Meeting", label: __("Meeting") },
				],
			},
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Datetime",
				fieldname: "start_time",
				// Desk translates it again: "Date" would become "Data", then the Polish word for data
				label: __("Date of these calls"),
				description: __("Leave it empty to take the date of each file."),
				change: () => {
					if (!this.queue || !this.dialog.get_value("start_time")) return;
					this.queue.forget_starts().forEach((entry) => this.list.press(entry));
				},
			},
			{
				fieldtype: "Select",
				fieldname: "language",
				label: __("Language"),
				options: [{ value: "", label: __("Find out automatically") }, ...languages],
				change: () => this.show_expectation(),
			},
			{
				fieldtype: "Select",
				fieldname: "speakers",
				label: __("Number of speakers"),
				options: [
					{ value: "", label: __("Find out automatically") },
					...Array.from({ length: 10 }, (_, i) => String(i + 1)),
				],
			},
			{
				fieldtype: "Select",
				fieldname: "owner_channel",
				label: __("Owner's channel"),
				options: [
					{ value: "", label: __("As in the settings") },
					{ value: "First", label: __("First (left)") },
					{ value: "Second", label: __("Second (right)") },
					{ value: "Unknown", label: __("Unknown") },
				],
				description: __("In recordings with one voice on each channel"),
			},
			{ fieldtype: "Section Break" },
			{ fieldtype: "HTML", fieldname: "belongs_to" },
			{ fieldtype: "Section Break" },
			{ fieldtype: "HTML", fieldname: "people" },
		];
	}

	/** Expected accuracy of the speech model for the chosen language */
	show_expectation() {
		const field = this.dialog.get_field("language");
		const code = field.get_value() || "";
		const text = what_to_expect(this.limits.speech_models, code);
		field.set_description(text);
		field.$wrapper.find(".help-box").attr("aria-live", "polite").toggle(Boolean(text));
	}

	area(fieldname, label) {
		const $area = this.dialog.get_field(fieldname).$wrapper.empty();
		if (label) $('<div class="ci-label ci-muted ci-block"></div>').text(label).appendTo($area);
		return $area;
	}

	/** Whether a person proposed for a file was already entered for all files. */
	is_known({ doctype, name, email, phone }) {
		const is_record = (record) => record.doctype === doctype && record.name === name;
		const is_person = (other) =>
			(email && other.email === email) || (phone && other.phone === phone);
		return this.belongs_to.values.some(is_record) || this.people.values.some(is_person);
	}

	details() {
		const values = this.dialog.get_values();
		if (!values) return null;
		return {
			call_owner: values.call_owner,
			direction: values.direction,
			start_time: values.start_time || undefined,
			language: values.language || undefined,
			speakers: values.speakers || undefined,
			owner_channel: values.owner_channel || undefined,
			associations: this.belongs_to.values,
			participants: this.people.values,
		};
	}

	async upload() {
		const details = this.details();
		if (!details) return;
		// the button is below many fields, and the files are above them
		this.list.bring_into_view();
		await this.queue.run(details);
		this.refresh();
		this.list.bring_into_view();
	}

	refresh() {
		const waiting = this.queue.of_state("looking", "waiting").length;
		const button = this.dialog.get_primary_btn();
		const finished =
			!waiting && !this.queue.busy && this.queue.calls.length && !this.queue.unfinished;
		const label = this.queue.busy
			? __("Uploading…")
			: finished
			? __("Done")
			: waiting > 1
			? __("Upload {0} calls", [waiting])
			: __("Upload");
		this.dialog.set_primary_action(label, () => (finished ? this.close() : this.upload()));
		button.prop("disabled", !finished && (this.queue.busy || !waiting));
	}

	guard() {
		const { dialog } = this;
		const leave = (event) => {
			if (!this.queue.unfinished) return;
			event.preventDefault();
			event.returnValue = "";
		};
		window.addEventListener("beforeunload", leave);
		// only the app closes a static dialog; its cross is restored, with a question
		dialog
			.get_close_btn()
			.removeAttr("data-dismiss")
			.show()
			.on("click", () => this.close());
		dialog.$wrapper.on("keydown", (event) => {
			if (event.key === "Escape" && !event.isDefaultPrevented()) this.close();
		});
		dialog.$wrapper.on("hidden.bs.modal", () => {
			window.removeEventListener("beforeunload", leave);
			this.queue.stop();
			const { calls } = this.queue;
			if (calls.length && this.options.on_done) this.options.on_done(calls);
			dialog.$wrapper.remove();
		});
	}

	close() {
		if (!this.queue.unfinished) return this.dialog.hide();
		frappe.confirm(
			__("{0} of the files have not been uploaded yet. Close anyway?", [
				this.queue.unfinished,
			]),
			() => this.dialog.hide()
		);
	}
}
