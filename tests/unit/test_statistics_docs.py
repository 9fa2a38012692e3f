"""Each figure of the tab has a formula and a row in the docs."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from call_intelligence.engine.stats import CallStats, Figure

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "statistics.md").read_text()
PANEL = (ROOT / "call_intelligence/public/js/statistics/StatsPanel.vue").read_text()
TALK_TIME = (ROOT / "call_intelligence/public/js/statistics/TalkTime.vue").read_text()


def tables(source, name):
	"""{key: text} of the dict with translated texts that the function returns or assigns, without running Frappe"""
	tree = ast.parse((ROOT / "call_intelligence/statistics" / source).read_text())
	function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
	found = max(
		(node for node in ast.walk(function) if isinstance(node, ast.Dict)), key=lambda node: len(node.keys)
	)
	return {
		key.value: [
			text.args[0].value
			for text in ast.walk(value)
			if isinstance(text, ast.Call) and getattr(text.func, "id", "") == "_"
		]
		for key, value in zip(found.keys, found.values, strict=True)
	}


LABELS, FORMULAS = tables("texts.py", "labels"), tables("texts.py", "formula")
FIGURES = {field.name for field in fields(CallStats) if field.type in (Figure, "Figure")}


def test_each_figure_has_a_name_and_a_formula():
	assert set(LABELS) == set(FORMULAS) == FIGURES
	assert all(FORMULAS.values())


def test_the_tab_shows_each_figure():
	cards = re.search(r"const CARDS = \[(.*?)\]", PANEL, re.DOTALL)[1]
	shown = set(re.findall(r'"(\w+)"', cards)) | set(re.findall(r'figure\("(\w+)"\)', TALK_TIME))
	assert shown == FIGURES


def test_the_docs_have_each_figure_with_its_formula():
	rows = {
		cells[0]: cells
		for line in DOCS.splitlines()
		if line.startswith("| ")
		and len(cells := [cell.strip() for cell in line.strip("| \n").split(" | ")]) == 5
	}
	for key, [label] in LABELS.items():
		assert label in rows, label
		formula = rows[label][2]
		if formula == "The same for the customer.":
			continue
		# the docs contain the default numbers, and quotes around words
		first = FORMULAS[key][0].replace("{0}", "3" if key == "interactivity" else "0.2").rstrip(".")
		assert first.split(";")[0] in formula.replace('"', ""), key


def test_the_docs_name_each_field():
	for field in re.findall(
		r'^\t"(\w+)": "', (ROOT / "call_intelligence/statistics/fields.py").read_text(), re.MULTILINE
	):
		assert f"`{field}`" in DOCS, field
