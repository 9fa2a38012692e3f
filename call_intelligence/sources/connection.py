""" "Test connection" of a Recording Source: what the provider allows, and what is missing."""

from call_intelligence.integrations.sources.types import Finding, NotReadyError, RefusedError, SourceError
from call_intelligence.sources import accounts
from call_intelligence.sources.words import words


def test(source: str) -> list[dict]:
	"""-> [{"ok", "text"}]; the result is also the state of the source"""
	account = accounts.load(source)
	try:
		found = account.provider.check(account.secrets, account.options, account.client())
	except (NotReadyError, RefusedError, SourceError) as error:
		found = [Finding(False, words(error))]
	findings: list[dict] = [{"ok": finding.ok, "text": words(finding.text)} for finding in found]
	wrong = [finding["text"] for finding in findings if not finding["ok"]]
	if wrong:
		accounts.failed(source, "\n".join(wrong))
	else:
		accounts.succeeded(source)
	return findings
