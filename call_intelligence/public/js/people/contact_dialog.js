// Creates a contact for a voice that is not in the CRM yet.
import { name_dialog } from "../shared/dialog_names";
import { escape } from "../shared/format";
import { kind_name } from "./participant_texts";

const EMAIL = /\S+@\S+/;
const PHONE = /^[+\d][\d\s()/.-]{4,}$/;

/**
 * @param {object} participants the store
 * @param {object} person a row of participants
 * @param {string} typed the search text
 */
export function ask_for_contact(participants, person, typed) {
	const companies = company_doctypes();
	const dialog = new frappe.ui.Dialog({
		title: __("Add contact"),
		fields: [
			{
				fieldtype: "Data",
				fieldname: "full_name",
				label: __("Name"),
				reqd: 1,
				default: name_of(typed) || (person.named ? person.name : ""),
			},
			{
				fieldtype: "Data",
				fieldname: "email",
				label: __("E-mail"),
				default: EMAIL.test(typed) ? typed : person.email || "",
			},
			{
				fieldtype: "Data",
				fieldname: "phone",
				label: __("Phone"),
				default: PHONE.test(typed) ? typed : person.phone || "",
			},
			...(companies.length
				? [
						{
							fieldtype: "Select",
							fieldname: "company_doctype",
							label: __("Kind of company"),
							options: companies.map((value) => ({ value, label: __(value) })),
							default: companies[0],
							hidden: companies.length > 1 ? 0 : 1,
							change: () => dialog.set_value("company", ""),
						},
						{
							fieldtype: "Dynamic Link",
							fieldname: "company",
							label: __("Company"),
							options: "company_doctype",
						},
				  ]
				: [{ fieldtype: "Data", fieldname: "company", label: __("Company") }]),
			{ fieldtype: "HTML", fieldname: "existing" },
		],
		primary_action_label: __("Add and connect"),
		async primary_action(values) {
			const contact = { ...values };
			if (!contact.company) delete contact.company_doctype;
			dialog.get_primary_btn().prop("disabled", true);
			try {
				const { existing } = await participants.add_contact(person.row, contact);
				if (existing) offer(existing);
				else dialog.hide();
			} catch (error) {
				say(escape(error.message));
			}
			dialog.get_primary_btn().prop("disabled", false);
		},
	});

	/** An existing contact with this e-mail address may be the right one. */
	function offer(people) {
		say(escape(__("A contact with this e-mail address already exists.")));
		people.forEach((other) =>
			$('<button type="button" class="btn btn-sm btn-default mt-2"></button>')
				.text(__("Connect with {0} ({1})", [other.title, kind_name(other.kind)]))
				.on("click", async () => {
					if (await participants.connect(person.row, other)) dialog.hide();
				})
				.appendTo(dialog.get_field("existing").$wrapper)
		);
	}

	function say(markup) {
		dialog
			.get_field("existing")
			.$wrapper.empty()
			.append($('<p class="ci-dialog-note" role="alert"></p>').html(markup));
	}

	name_dialog(dialog);
	dialog.show();
}

function name_of(typed) {
	return EMAIL.test(typed) || PHONE.test(typed) ? "" : typed;
}

function company_doctypes() {
	const kinds = (frappe.boot.call_intelligence || {}).association_doctypes || {};
	return Object.keys(kinds).filter(
		(doctype) => kinds[doctype] === "Company" && frappe.model.can_read(doctype)
	);
}
