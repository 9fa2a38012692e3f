// Texts of the panel of participants.

export function side_name(side) {
	const names = {
		Owner: __("Our side"),
		Customer: __("Customer"),
		Unknown: __("Unknown"),
	};
	return names[side] || names.Unknown;
}

/** @param {"Contact"|"Lead"|"User"} kind */
export function kind_name(kind) {
	const names = { Contact: __("Contact"), Lead: __("Lead"), User: __("Colleague") };
	return names[kind] || "";
}

/** Shown next to the name: the record if its name differs, else the contact details. */
export function about_person({ name, party, email, phone }, call) {
	if (!party) return [email, phone].filter((text) => text && text !== name).join(" · ");
	if (!party.title) return __("Connected with a record that you may not see");
	const kind =
		party.doctype === "User" && party.name === call.call_owner
			? __("Owner of the call")
			: kind_name(party.kind);
	return party.title === name ? kind : `${party.title} · ${kind}`;
}

/** How the person was identified. */
export function how_found({ party, matched_by, voice_by }) {
	const ways = {
		"By hand": __("Connected by hand"),
		Channel: __("Recognised by the channel of the recording"),
		"E-mail": __("Found by e-mail address"),
		Phone: __("Found by phone number"),
		Provider: __("Recognised by the name that came with the recording"),
		Name: __("Recognised by the name of the voice"),
		"Remaining voice": __("The other voice is known, so this one is"),
	};
	const record = party ? ways[matched_by] : "";
	const voice = voice_by && voice_by !== "By hand" ? ways[voice_by] : "";
	return [...new Set([record, voice])].filter(Boolean).join(". ");
}
