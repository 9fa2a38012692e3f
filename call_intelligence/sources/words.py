"""What a provider says, in the user's language."""

from frappe import _

from call_intelligence.integrations.sources.types import Said


def words(said: object) -> str:
	"""said: a text, or an exception with one"""
	if isinstance(said, Exception):
		said = said.args[0] if said.args else ""
	if isinstance(said, Said):
		return _(said.template).format(*map(words, said.values))
	return _(said) if isinstance(said, str) else str(said)
