"""Warnings of the engine's stages, stored with a recording."""

import json

import frappe

from call_intelligence.core import writing
from call_intelligence.speech import messages


def store(recording: str, stage: str, warnings: list[dict]) -> None:
	"""Replace the stage's warnings of its last run."""
	kept = [row for row in read(recording) if row.get("stage") != stage]
	kept += [{**row, "stage": stage} for row in warnings]
	writing.set_value("Call Recording", recording, "warnings", json.dumps(kept), update_modified=False)


def read(recording: str) -> list[dict]:
	return json.loads(frappe.db.get_value("Call Recording", recording, "warnings") or "[]")


def text_of(recording: str) -> str | None:
	return messages.warnings_text(read(recording)) or None
