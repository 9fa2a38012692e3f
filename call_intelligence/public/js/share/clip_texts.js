// What a clip's state is called, and the question before it ends.
import { date_time } from "../shared/format";

/** @param {{live, end_reason, expires_on}} clip  @returns {{label: string, colour: string}} colour: one of Desk's indicators */
export function state_of(clip) {
	if (clip.live) {
		return {
			label: clip.expires_on
				? __("Active until {0}", [date_time(clip.expires_on)])
				: __("Active"),
			colour: "green",
		};
	}
	const reasons = {
		Revoked: __("Revoked"),
		Expired: __("Expired"),
		"Access lost": __("Access lost"),
	};
	return { label: reasons[clip.end_reason] || __("Ended"), colour: "gray" };
}

/** @param {function(): void} revoke */
export function ask_to_revoke(clip, revoke) {
	frappe.confirm(
		clip.external || clip.only_this_part
			? __("Nobody will be able to open it any more. Revoke it?")
			: __(
					"The link will no longer lead to this part, and access that was given with it ends. Revoke it?"
			  ),
		revoke
	);
}
