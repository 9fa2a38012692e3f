"""Jobs are named by path, not imported: each path must lead to a function, in a module with the name that jobs have."""

import ast
import re
from pathlib import Path

import pytest

APP = Path(__file__).parents[3] / "call_intelligence"
PATHS = sorted(
	set(re.findall(r'"call_intelligence\.([a-z_.]+)"', (APP / "queue" / "enqueue.py").read_text()))
)


def test_some_are_found():
	assert {"jobs.process.process", "terms.jobs.scan", "clips.jobs.cut"} <= set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_to_a_job(path):
	*folders, module, function = path.split(".")
	assert "jobs" in (folders[0] if folders else "", module)
	tree = ast.parse(APP.joinpath(*folders, f"{module}.py").read_text())
	job = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
	assert ast.get_docstring(job)
