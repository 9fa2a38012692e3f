"""Every text for users has a Polish line, and every Polish line belongs to such a text."""

import ast
import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from call_intelligence.integrations.sources.builtin import PROVIDERS
from call_intelligence.integrations.sources.call_logs import CallLogs

APP = Path(__file__).resolve().parents[2] / "call_intelligence"
MODULE = APP / "call_intelligence"
POLISH = APP / "translations" / "pl.csv"

# __("text"), also over several lines and with the single quotes of Vue's attributes
JS_CALL = re.compile(
	r"""(?<![\w$.])__\(\s*(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)"""
)
# {0} in both languages; JavaScript and Python fill them in alike
PLACEHOLDER = re.compile(r"\{\d*\}")
FOREIGN_ROLES = {"Administrator", "All", "Guest", "System Manager"}


def python_files() -> list[Path]:
	"""The app's own files; the engine returns codes, which the app translates."""
	return [path for path in sorted(APP.rglob("*.py")) if "engine" not in path.relative_to(APP).parts]


def calls_of_translate(path: Path) -> list[ast.Call]:
	return [
		node
		for node in ast.walk(ast.parse(path.read_text()))
		if isinstance(node, ast.Call)
		and (getattr(node.func, "id", None) or getattr(node.func, "attr", None)) in ("_", "_lt")
		and node.args
	]


def of_python() -> set[str]:
	first = [call.args[0] for path in python_files() for call in calls_of_translate(path)]
	return {node.value for node in first if isinstance(node, ast.Constant)}


def of_javascript() -> set[str]:
	files = [*(APP / "public" / "js").rglob("*"), *MODULE.rglob("*.js")]
	return {
		# for these texts, JavaScript's and Python's string literals are the same
		ast.literal_eval(match["quote"] + match["text"] + match["quote"])
		for path in files
		if path.suffix in (".js", ".vue")
		for match in JS_CALL.finditer(path.read_text())
	}


def documents(doctype: str) -> list[dict]:
	found = [json.loads(path.read_text()) for path in sorted(MODULE.rglob("*.json"))]
	return [document for document in found if document["doctype"] == doctype]


def of_doctypes() -> set[str]:
	texts = set()
	for doctype in documents("DocType"):
		texts |= {doctype["name"], doctype.get("description")}
		texts |= {row["role"] for row in doctype.get("permissions", ())} - FOREIGN_ROLES
		for field in doctype["fields"]:
			texts |= {field.get("label"), field.get("description"), field.get("placeholder")}
			if field["fieldtype"] == "Select":
				texts |= set(field.get("options", "").split("\n"))
	return texts


def of_providers() -> set[str]:
	"""What providers of recordings say; the room translates it"""
	shown = [
		row
		for provider in (*PROVIDERS, CallLogs())
		for row in (provider, *provider.settings, *provider.switches)
	]
	texts = {text for row in shown for text in (row.label, getattr(row, "help", ""))}
	for path in (APP / "integrations" / "sources").glob("*.py"):
		calls = [
			node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args
		]
		texts |= {
			ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "id", None) == "said"
		}
	return texts


def of_workspaces() -> set[str]:
	texts = {card["label"] for card in documents("Number Card")}
	for workspace in documents("Workspace"):
		texts |= {workspace["title"], workspace["label"]}
		texts |= {
			row["label"] for table in ("links", "shortcuts", "number_cards") for row in workspace[table]
		}
		texts |= {block["data"].get("text") for block in json.loads(workspace["content"])}
	return texts


def in_use() -> set[str]:
	return (of_python() | of_javascript() | of_doctypes() | of_workspaces() | of_providers()) - {"", None}


def lines() -> list[list[str]]:
	with POLISH.open(newline="") as stream:
		return list(csv.reader(stream))


def test_every_text_has_a_polish_line():
	assert sorted(in_use() - {line[0] for line in lines()}) == []


def test_no_line_is_left_over():
	assert sorted({line[0] for line in lines()} - in_use()) == []


def test_lines_are_sorted_whole_and_there_once():
	assert [line[:1] + line[2:] for line in lines() if len(line) != 3 or not line[1].strip() or line[2]] == []
	sources = [line[0] for line in lines()]
	assert [source for source, times in Counter(sources).items() if times > 1] == []
	assert sources == sorted(sources)


def test_placeholders_are_those_of_the_source():
	assert [
		line
		for line in lines()
		if Counter(PLACEHOLDER.findall(line[0])) != Counter(PLACEHOLDER.findall(line[1]))
	] == []


def test_markup_is_that_of_the_source():
	assert [
		line for line in lines() if re.findall(r"<[^>]*>", line[0]) != re.findall(r"<[^>]*>", line[1])
	] == []


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(APP)))
def test_what_is_translated_is_a_plain_text(path):
	"""An f-string or a concatenation differs for each value, so that no line can match it."""
	wrong = [
		f"line {call.lineno}: {ast.unparse(call)}"
		for call in calls_of_translate(path)
		if isinstance(call.args[0], (ast.JoinedStr, ast.BinOp))
		or (isinstance(call.args[0], ast.Call) and getattr(call.args[0].func, "attr", None) == "format")
	]
	assert wrong == []


def test_the_collectors_find_texts():
	assert "Speaker {0}" in of_python() & of_javascript()
	assert "Back 15 seconds" in of_javascript()
	assert {"Call", "Identifying speakers", "Call Intelligence User"} <= of_doctypes()
	assert "Calls this month" in of_workspaces()
	assert {"Zoom", "Secret Token", "{0} answers {1}."} <= of_providers()
