"""Lint checks types with the settings of this checkout."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from devbench import lint
from devbench.bench import APP, CHECKOUT, Bench


@pytest.fixture
def checkout(tmp_path):
	"""A copy of the app's Python, with the tools of the bench that runs the tests"""
	shutil.copytree(CHECKOUT / APP, tmp_path / APP, ignore=_all_but_python)
	shutil.copytree(CHECKOUT / "devbench" / "stubs", tmp_path / "devbench" / "stubs")
	shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
	(tmp_path / ".bench" / "cache").mkdir(parents=True)
	(tmp_path / ".bench" / "tools").symlink_to(Path(sys.prefix).parent / "tools")
	return tmp_path


def _all_but_python(folder: str, names: list[str]) -> list[str]:
	return [n for n in names if not n.endswith(".py") and not os.path.isdir(os.path.join(folder, n))]


def test_a_wrong_type_is_found_in_every_room(checkout):
	with (checkout / APP / "engine" / "peaks.py").open("a") as file:
		file.write('\n\nWRONG: int = "text"\n')
	with (checkout / APP / "editing" / "talk.py").open("a") as file:
		file.write("\n\ndef untyped(value):\n\treturn value\n")
	with (checkout / APP / "permissions.py").open("a") as file:
		file.write("\n\ndef with_frappe(user):\n\treturn visible_calls(1)\n")
	rules, engine, room = sorted(lint._types(Bench(checkout)))
	assert rules.startswith(f"{APP}/editing/talk.py:") and "missing a type annotation" in rules
	assert engine.startswith(f"{APP}/engine/peaks.py:") and "expression has type" in engine
	assert room.startswith(f"{APP}/permissions.py:") and "incompatible type" in room
