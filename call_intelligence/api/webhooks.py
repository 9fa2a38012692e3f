"""The address to which providers send their webhooks. It has an unguessable key, and each request is verified by its signature."""

import json

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from werkzeug.wrappers import Response

from call_intelligence.api.arguments import checked
from call_intelligence.sources import receiving

REQUESTS_A_MINUTE = 1200


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=REQUESTS_A_MINUTE, seconds=60)
@checked()
def receive() -> Response:
	"""Store a request of a provider and queue its work; `source` in the query is the key of a Recording Source.

	Answers what the provider expects, else 204; 401 for a request that is not the provider's, 404 for an unknown key, 413 above 1 MB.
	"""
	request = frappe.request
	body = request.get_data()
	if len(body) > receiving.MOST_BYTES:
		return refusal(413, _("The request is larger than 1 MB."))
	# Frappe's form_dict has the fields of a JSON body instead of the query
	key = request.args.get("source", "")
	verdict = receiving.receive(key, request.method, request.url, dict(request.headers), body)
	if not verdict:
		return refusal(
			404, _("No source has this address. Please copy it again from the form of the source.")
		)
	if not verdict.accepted:
		return refusal(401, _("The signature is wrong. Please check the secret in the form of the source."))
	answer = verdict.answer
	if answer:
		return Response(answer.body, status=answer.status, content_type=answer.content_type)
	return Response(status=204)


def refusal(status: int, words: str) -> Response:
	return Response(json.dumps({"message": words}), status=status, content_type="application/json")
