"""Checks the arguments of whitelisted functions before anything is read from the database or parsed, and rejects them with a message.

`checked` belongs below `frappe.whitelist`. Each argument has a limit, by its type hint unless `checked` names another one:

- text: `TEXT` characters; NUL, and halves of surrogate pairs, which no database stores, are refused
- numbers and switches, also as text: finite, and no larger than the largest exact integer of JavaScript
- lists and objects, also as JSON: `Json`; JSON text is passed on parsed
"""

import functools
import inspect
import json
import re
from dataclasses import dataclass
from typing import get_args

import frappe
import pymysql
from frappe import _
from pymysql.constants import ER

TEXT = 500  # characters; names of documents have 140 at most
NUMBER = 40  # characters of a number sent as text
LARGEST_NUMBER = 2**53
DEEPEST = 12
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
# MariaDB's errors for values that a column can't store
UNSTORABLE = {
	ER.DATA_TOO_LONG,
	ER.WARN_DATA_OUT_OF_RANGE,
	ER.TRUNCATED_WRONG_VALUE,
	ER.TRUNCATED_WRONG_VALUE_FOR_FIELD,
	ER.ILLEGAL_VALUE_FOR_TYPE,
}
# raised by Frappe's functions for arguments that they do not expect
STUMBLED = (TypeError, ValueError, AttributeError, LookupError, ImportError, pymysql.err.MySQLError)
# a row that the transaction has read was changed since; MariaDB raises this from 11.6 on, instead of waiting
RECORD_CHANGED = 1020


@dataclass(frozen=True)
class Json:
	"""Limit of a list or an object: characters of all its texts together, or of its JSON; number of values, including nested ones."""

	characters: int
	values: int
	as_it_came: bool = False
	"""JSON is checked and handed on as text"""


# names of documents or users
NAMES = Json(characters=30_000, values=200)
# for replacements of Frappe's functions, which reports of other apps call with long lists
AS_FRAPPE = Json(characters=1_000_000, values=50_000, as_it_came=True)


class BusyError(frappe.ValidationError):
	"""Concurrent requests have changed the same records: nothing was written."""

	http_status_code = 409


def checked(repeatable: bool = True, stands_in: bool = False, **limits: int | Json):
	"""Decorator. limits: {argument: its limit} where that differs from the usual one.

	Raises frappe.ValidationError for arguments that are missing, too large or not data at all. After a deadlock a `repeatable` function
	runs once more, before BusyError is raised. stands_in: the function replaces one of Frappe's, whose exceptions for arguments that it
	does not expect become ValidationErrors as well. `function.limits` has each argument's limit.
	"""

	def decorate(function):
		signature = inspect.signature(function)
		known = {
			name: limits.get(name) or usual(p.annotation)
			for name, p in signature.parameters.items()
			if p.kind != p.VAR_KEYWORD
		}

		@functools.wraps(function)
		def wrapper(*args, **kwargs):
			arguments = bound(signature, args, kwargs)
			for name, value in arguments.items():
				arguments[name] = check(name, value, known.get(name, AS_FRAPPE.characters))
			try:
				return answered(lambda: function(**arguments), repeatable)
			except STUMBLED as error:
				if not stands_in:
					raise
				refuse_stumbling(error)

		wrapper.limits = known  # type: ignore[attr-defined]
		return wrapper

	return decorate


def usual(annotation) -> int | Json:
	kinds = set(get_args(annotation) or (annotation,)) - {type(None)}
	if kinds & {list, dict}:
		return NAMES
	return TEXT if kinds == {str} else NUMBER


def bound(signature: inspect.Signature, args: tuple, kwargs: dict) -> dict:
	"""{argument: value} of the given arguments, including those that are only passed on to Frappe"""
	try:
		found = dict(signature.bind(*args, **kwargs).arguments)
		others = [
			name for name, p in signature.parameters.items() if p.kind == p.VAR_KEYWORD and name in found
		]
		return found | (found.pop(others[0]) if others else {})
	except TypeError:
		needed = [p.name for p in signature.parameters.values() if p.default is inspect.Parameter.empty]
		missing = [name for name in needed[len(args) :] if name not in kwargs]
		if not missing:
			raise
	frappe.throw(_("Missing in the request: {0}").format(", ".join(missing)))


# ------------------------------------------------------------------------------------------------ values


def check(name: str, value, limit: int | Json):
	"""-> the value, parsed where it is JSON. Raises frappe.ValidationError."""
	if isinstance(limit, Json):
		found = parsed(name, value, limit)
		check_tree(name, found, limit)
		return value if limit.as_it_came else found
	if isinstance(value, str):
		check_text(name, value, limit)
	elif isinstance(value, int | float):
		check_number(name, value)
	return value


def check_text(name: str, text: str, longest: int) -> None:
	if len(text) > longest:
		frappe.throw(_("{0} is too long: at most {1} characters are possible.").format(name, longest))
	if FORBIDDEN.search(text):
		frappe.throw(_("{0} contains characters that cannot be stored. Please type it again.").format(name))


def check_number(name: str, number: float) -> None:
	# NaN compares as false
	if not abs(number) <= LARGEST_NUMBER:
		frappe.throw(_("{0} is not a number that can be used here.").format(name))


def parsed(name: str, value, limit: Json):
	if not isinstance(value, str):
		return value
	check_text(name, value, limit.characters)
	if not value.strip():
		return None
	try:
		found = json.loads(value)
	except (ValueError, RecursionError):
		frappe.throw(_("{0}: this is not valid JSON.").format(name))
	if found is not None and not isinstance(found, list | dict):
		frappe.throw(_("{0}: a list or an object is needed.").format(name))
	return found


def check_tree(name: str, tree, limit: Json) -> None:
	"""Without recursion, as the sender decides how deeply it is nested."""
	characters, values = 0, -1
	waiting = [(tree, 0)]
	while waiting:
		value, depth = waiting.pop()
		values += 1
		if isinstance(value, str):
			characters += len(value)
			check_text(name, value, limit.characters)
		elif isinstance(value, int | float):
			check_number(name, value)
		elif isinstance(value, list | dict):
			if depth == DEEPEST:
				frappe.throw(_("{0}: lists and objects are nested too deeply.").format(name))
			inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value
			if values + len(waiting) + len(inside) > limit.values:
				frappe.throw(_("{0}: at most {1} values are possible at once.").format(name, limit.values))
			waiting.extend((entry, depth + 1) for entry in inside)
	if characters > limit.characters:
		frappe.throw(
			_("{0} is too long: at most {1} characters are possible.").format(name, limit.characters)
		)


# ------------------------------------------------------------------------------------------------ the database


def answered(run, repeatable: bool):
	"""Return `run()`; database errors that a request can cause are replaced by readable ones."""
	try:
		return run()
	except Exception as error:
		if not is_busy(error):
			refuse_unstorable(error)
			raise
		again = repeatable and not is_timeout(error)
	# MariaDB has rolled back everything that the request has written
	frappe.db.rollback()
	frappe.clear_messages()
	if again:
		return answered(run, repeatable=False)
	frappe.throw(
		_("Somebody else is changing this right now. Nothing was changed; please try again."),
		BusyError,
	)


def is_busy(error: Exception) -> bool:
	if isinstance(error, frappe.QueryDeadlockError) or is_timeout(error):
		return True
	return code_of(error) in (ER.LOCK_DEADLOCK, RECORD_CHANGED)


def is_timeout(error: Exception) -> bool:
	"""Whether waiting for a lock timed out. The request is not repeated then: it has already waited for as long as allowed."""
	return isinstance(error, frappe.QueryTimeoutError) or code_of(error) == ER.LOCK_WAIT_TIMEOUT


def refuse_unstorable(error: Exception) -> None:
	if code_of(error) in UNSTORABLE:
		frappe.throw(_("The request contains a value that is too long or too large to be stored."))


def refuse_stumbling(error: Exception) -> None:
	# exceptions with a status are meant for the client
	if hasattr(error, "http_status_code"):
		raise error
	try:
		frappe.throw(_("The request is invalid. Please check its arguments."))
	except frappe.ValidationError as refusal:
		raise refusal from error


def code_of(error: Exception) -> int | None:
	return error.args[0] if isinstance(error, pymysql.err.MySQLError) and error.args else None
