// The CRM records of the uploaded calls: pills, and fields to add another.
import { escape } from "../shared/format";

export class BelongsTo {
	/** @param {{doctype: string, name: string, title?: string}[]} records */
	constructor(parent, records = []) {
		this.records = [];
		this.$pills = $('<div class="ci-pills ci-flex flex-wrap ci-gap-6"></div>').appendTo(
			parent
		);
		this.$line = $('<div class="ci-line ci-wrap ci-gap-8"></div>').appendTo(parent);
		this.make_controls();
		records.forEach((record) => this.add(record));
	}

	make_controls() {
		const kinds = (frappe.boot.call_intelligence || {}).association_doctypes || {};
		const doctypes = Object.keys(kinds)
			.filter((doctype) => frappe.model.can_read(doctype))
			// people first: most calls are associated with them
			.sort((one, other) => (other === "Contact") - (one === "Contact"));
		this.type = frappe.ui.form.make_control({
			parent: this.$line,
			render_input: true,
			only_input: true,
			df: {
				fieldtype: "Select",
				fieldname: "ci_type",
				options: doctypes.map((value) => ({ value, label: __(value) })),
				change: () => this.record.set_value(""),
			},
		});
		this.record = frappe.ui.form.make_control({
			parent: this.$line,
			render_input: true,
			only_input: true,
			df: {
				fieldtype: "Dynamic Link",
				fieldname: "ci_record",
				placeholder: __("Search a record to add"),
				get_options: () => this.type.get_value(),
				change: () => this.take(),
			},
		});
		this.type.$input.attr("aria-label", __("Type of record"));
		this.record.$input.attr("aria-label", __("Record"));
		this.type.set_value(doctypes[0]);
	}

	async take() {
		const doctype = this.type.get_value();
		const name = this.record.get_value();
		if (!doctype || !name) return;
		this.record.set_value("");
		const title = frappe.utils.get_link_title && frappe.utils.get_link_title(doctype, name);
		this.add({ doctype, name, title: title || name });
	}

	add(record) {
		const same = ({ doctype, name }) => doctype === record.doctype && name === record.name;
		if (this.records.some(same)) return;
		this.records.push(record);
		$('<span class="ci-pill ci-inline ci-gap-6 mw-100 ci-soft text-color ci-breaks"></span>')
			.html(
				`<span><small>${escape(__(record.doctype))}</small> ${escape(
					record.title || record.name
				)}</span>`
			)
			.append(
				$('<button type="button" class="ci-icon-button">×</button>')
					.attr("aria-label", __("Remove {0}", [record.title || record.name]))
					.on("click", (event) => {
						this.records = this.records.filter((other) => other !== record);
						$(event.currentTarget.parentNode).remove();
						this.record.$input.trigger("focus");
					})
			)
			.appendTo(this.$pills);
	}

	/** @returns {{doctype: string, name: string}[]} */
	get values() {
		return this.records.map(({ doctype, name }) => ({ doctype, name }));
	}
}
