// Participants known in advance: a few lines of name, e-mail, phone and side.
import { escape } from "../shared/format";

const FIELDS = [
	["display_name", () => __("Name"), "text", "name"],
	["email", () => __("E-mail"), "email", "email"],
	["phone", () => __("Phone"), "tel", "tel"],
];

export class People {
	constructor(parent, people = []) {
		this.$lines = $('<div class="ci-lines ci-stack ci-gap-8"></div>').appendTo(parent);
		this.$add = $('<button type="button" class="btn btn-xs btn-default mt-2"></button>')
			.text(__("Add participant"))
			.appendTo(parent)
			.on("click", () => this.add().find("input").first().trigger("focus"));
		people.forEach((person) => this.add(person));
	}

	add(person = {}) {
		const $line = $('<div class="ci-line ci-wrap ci-gap-8" role="group"></div>')
			.attr("aria-label", __("Participant"))
			.appendTo(this.$lines);
		FIELDS.forEach(([field, label, type]) => {
			$(`<input class="form-control input-sm" type="${type}" autocomplete="off">`)
				.attr({ "data-field": field, placeholder: label(), "aria-label": label() })
				.val(person[field] || "")
				.appendTo($line);
		});
		$(`<select class="form-control input-sm" data-field="side">
			<option value="Customer">${escape(__("Customer"))}</option>
			<option value="Owner">${escape(__("Our side"))}</option>
			<option value="Unknown">${escape(__("Unknown"))}</option>
		</select>`)
			.attr("aria-label", __("Side"))
			.val(person.side || "Customer")
			.appendTo($line);
		$('<button type="button" class="ci-icon-button">×</button>')
			.attr("aria-label", __("Remove participant"))
			.appendTo($line)
			.on("click", () => {
				$line.remove();
				this.$add.trigger("focus");
			});
		return $line;
	}

	/** @returns {{display_name, email, phone, side}[]} non-empty lines */
	get values() {
		return this.$lines
			.children()
			.toArray()
			.map((line) => {
				const person = {};
				$(line)
					.find("[data-field]")
					.each((i, input) => (person[input.dataset.field] = input.value.trim()));
				return person;
			})
			.filter(({ display_name, email, phone }) => display_name || email || phone);
	}
}
