// Mentions of users who cannot see the call: share it with them, or name them without a notification.
import { get, post } from "../server";
import { escape } from "../format";
import { name_dialog } from "../dialog_names";
import { mentions_in } from "./rich_text";

/**
 * Asks about users mentioned in a text who cannot see the call.
 * @returns {Promise<boolean>} false: the user wants to continue writing
 */
export async function settle_mentions(call, html) {
	const found = await who_cannot_see(call, html);
	if (!found) return true;
	const answer = await ask(found);
	if (answer === "share") await share_with(call, found.people);
	return answer !== "back";
}

/**
 * Users mentioned in a text who cannot see the call.
 * @param {Set<string>} settled users and groups that need no question; those who see the call are added
 * @returns {Promise<{people: {user, full_name}[], may_share: boolean, names: string[]}|null>} null: all see it;
 *   names: the users and groups that the text mentions
 */
export async function who_cannot_see(call, html, settled = new Set()) {
	const { users, groups } = mentions_in(html);
	const fresh = users.filter((user) => !settled.has(user));
	const fresh_groups = groups.filter((group) => !settled.has(group));
	const names = [...fresh, ...fresh_groups];
	if (!names.length) return null;
	const { people, may_share } = await get("comments.who_cannot_see", {
		call,
		users: JSON.stringify(fresh),
		groups: JSON.stringify(fresh_groups),
	});
	if (people.length) return { people, may_share, names };
	names.forEach((name) => settled.add(name));
	return null;
}

export function share_with(call, people) {
	return post("comments.share_with", { call, users: people.map(({ user }) => user) });
}

/** The message about them: who they are, and what can be done. */
export function words_about({ people, may_share }) {
	const names = people.map(({ full_name }) => full_name).join(", ");
	return [
		__("Not able to see this call: {0}.", [names]),
		may_share
			? __("Share it with them, so that they can listen and read, or leave the mention out?")
			: __(
					"Only the owner of the call or a Call Intelligence Manager may share it. Their names stay in the text, but they are not told."
			  ),
	];
}

function ask(found) {
	const { may_share } = found;
	const [words, next] = words_about(found);
	return new Promise((resolve) => {
		let answer = "back";
		const choose = (choice) => () => {
			answer = choice;
			dialog.hide();
		};
		const share = [__("Share with them"), choose("share")];
		const drop = [__("Leave the mention out"), choose("drop")];
		const [first, second] = may_share ? [share, drop] : [drop, null];
		const dialog = new frappe.ui.Dialog({
			title: __("Who is mentioned"),
			fields: [
				{ fieldtype: "HTML", options: `<p>${escape(words)}</p><p>${escape(next)}</p>` },
			],
			primary_action_label: first[0],
			primary_action: first[1],
			...(second && { secondary_action_label: second[0], secondary_action: second[1] }),
			on_hide: () => resolve(answer),
		});
		name_dialog(dialog);
		dialog.show();
	});
}
