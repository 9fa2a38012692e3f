"""Lint reports files that do the work of another room."""

import ast
from pathlib import Path

import pytest

from devbench import rooms
from devbench.bench import APP

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
	("place", "code", "found"),
	[
		("clips/make.py", 'frappe.enqueue("x")', "only queue/ puts work on a queue"),
		("queue/enqueue.py", 'frappe.enqueue("x")', None),
		("terms/scans.py", 'frappe.qb.DocType("Transcript Segment")', "only transcript/"),
		("terms/scans.py", 'frappe.db.sql("select 1 from `tabTranscript Segment`")', "only transcript/"),
		("transcript/table.py", 'frappe.qb.DocType("Transcript Segment")', None),
		("guard/ours.py", 'NAMES = ("Transcript Segment",)', None),
		("people/by_hand.py", 'writing.set_value("Call Participant", name, {})', "only transcript/part"),
		("people/by_hand.py", 'frappe.get_doc({"doctype": "Call Participant"})', "only transcript/part"),
		("people/by_hand.py", 'frappe.get_all("Call Participant")', None),
		("transcript/participant_rows.py", 'frappe.db.delete("Call Participant", {})', None),
	],
)
def test_work_of_another_room(place, code, found):
	told = [problem for _line, problem in rooms._trespasses(Path(place), ast.parse(code))]
	assert told == [] if found is None else told and told[0].startswith(found)


def test_every_room_has_its_place():
	placed = {room for layer in rooms.layers(ROOT) for room in layer}
	folders = {folder.name for folder in (ROOT / APP).iterdir() if (folder / "__init__.py").exists()}
	assert folders <= placed


def test_a_path_that_is_not_there_is_told(tmp_path):
	(tmp_path / "README.md").write_text("See `clips/make.py` and `clips/gone.py`.\n")
	told = list(rooms._dead_paths({"call_intelligence/clips/make.py"}, tmp_path))
	assert told == ["README.md:1: there is no clips/gone.py"]
