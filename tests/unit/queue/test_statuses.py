"""The statuses of calls and recordings"""

import json
from pathlib import Path

import pytest

from call_intelligence.queue import stages

DOCTYPES = Path(stages.__file__).parents[1] / "call_intelligence" / "doctype"
STATUSES = {stages.QUEUED, *stages.STAGES, stages.READY, stages.NOT_TRANSCRIBED, stages.FAILED}


@pytest.mark.parametrize(("doctype", "field"), [("call", "status"), ("call_recording", "stage")])
def test_the_fields_have_every_status(doctype, field):
	meta = json.loads((DOCTYPES / doctype / f"{doctype}.json").read_text())
	(found,) = [df for df in meta["fields"] if df["fieldname"] == field]
	assert set(found["options"].split("\n")) - {stages.NO_RECORDING} == STATUSES
