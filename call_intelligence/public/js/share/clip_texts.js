// Labels for the states of a clip.
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
