"""Folding of text for searches: the same cases for the transcript's search in the browser and for tracked terms."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from call_intelligence.engine.terms import Matcher, Phrase

CASES = json.loads(Path(__file__).with_name("folding.json").read_text())
FOLD = Path(__file__).resolve().parents[3] / "call_intelligence/public/js/shared/fold.js"
RUN = """
import { fold_all, pattern } from "./fold.mjs";
import { readFileSync } from "fs";
const cases = JSON.parse(readFileSync(0));
console.log(JSON.stringify(cases.map(([text, query]) => {
	const wanted = pattern(query);
	return Boolean(wanted) && [[text], text.split(" ")].every((words) => fold_all(words).text.match(wanted));
})));
"""


@pytest.fixture(scope="module")
def in_browser(tmp_path_factory):
	"""Whether each query is found, in the text and in its words"""
	folder = tmp_path_factory.mktemp("fold")
	shutil.copy(FOLD, folder / "fold.mjs")
	(folder / "run.mjs").write_text(RUN)
	done = subprocess.run(
		["node", folder / "run.mjs"], input=json.dumps(CASES), capture_output=True, text=True, check=True
	)
	return json.loads(done.stdout)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{text} / {query}" for text, query, _ in CASES])
def test_the_browser_searches_by_these_rules(in_browser, number):
	assert in_browser[number] is CASES[number][2]


@pytest.mark.parametrize(
	("text", "query", "found"), CASES, ids=[f"{text} / {query}" for text, query, _ in CASES]
)
def test_tracked_terms_are_found_by_these_rules(text, query, found):
	matcher = Matcher([Phrase("1", "term", query)])
	mentions = matcher.mentions([["a", 0, 9, "S1", text, []]])
	assert bool(mentions) is found
