"""A RemoteCall as JSON, as it waits in the table of deliveries."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from .types import Party, RemoteCall, RemoteMedia


def call_to_json(call: RemoteCall) -> str:
	return json.dumps(asdict(call), default=datetime.isoformat)


def call_from_json(text: str) -> RemoteCall:
	"""Fields that this version does not know are left out."""
	values: dict[str, Any] = known(RemoteCall, json.loads(text))
	if values.get("started_at"):
		values["started_at"] = datetime.fromisoformat(values["started_at"])
	values["parties"] = tuple(Party(**known(Party, party)) for party in values.get("parties") or ())
	values["media"] = tuple(RemoteMedia(**known(RemoteMedia, media)) for media in values.get("media") or ())
	values["links"] = tuple((str(doctype), str(name)) for doctype, name in values.get("links") or ())
	return RemoteCall(**values)


def known(kind: type, values: dict[str, Any]) -> dict[str, Any]:
	names = {field.name for field in fields(kind)}
	return {name: value for name, value in values.items() if name in names}
