"""The calls of a CRM record."""

from call_intelligence.permissions import visible_calls_of
from call_intelligence.queries import sql

BELONGS = """`tabCall`.`name` in (
		select `parent` from `tabCall Association`
		where `parenttype` = 'Call' and `link_doctype` = %(doctype)s and `link_name` = %(docname)s
	)
	and {visible}"""


def newest(doctype: str, name: str, most: int) -> tuple[list, int]:
	"""-> (at most `most` calls of the record that the session's user sees, the newest first; how many there are)

	One query, and a second one only if there are more. Checks no other permission: a user who may not read the record sees the calls
	that they may see for another reason.
	"""
	record = {"doctype": doctype, "docname": name}
	visible = {"visible": visible_calls_of(doctype, name)}
	calls = sql.run(
		f"""
		select `tabCall`.`name`, `tabCall`.`title`, `tabCall`.`call_owner`, owner.`full_name` as call_owner_name,
			`tabCall`.`start_time`, `tabCall`.`duration`, `tabCall`.`direction`, `tabCall`.`status`,
			`tabCall`.`progress`, `tabCall`.`error`, `tabCall`.`warning`, `tabCall`.`next_attempt_at`,
			`tabCall`.`preview`, `tabCall`.`creation`,
			recording.`name` as recording, recording.`kind`
		from `tabCall`
		left join `tabCall Recording` recording on recording.`call` = `tabCall`.`name`
		left join `tabUser` owner on owner.`name` = `tabCall`.`call_owner`
		where {BELONGS}
		order by `tabCall`.`start_time` desc
		limit {int(most) + 1}
		""",
		record,
		conditions=visible,
		as_dict=True,
	)
	if len(calls) <= most:
		return calls, len(calls)
	number = sql.run(f"select count(*) from `tabCall` where {BELONGS}", record, conditions=visible)[0][0]
	return calls[:most], number
