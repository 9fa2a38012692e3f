"""Tests of the front end's logic in this folder: vitest runs once for all, and each is reported here under its own name."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
CHECKOUT = FOLDER.parents[2]
VITEST = CHECKOUT / "node_modules" / ".bin" / "vitest"
FILES = sorted(FOLDER.rglob("*.test.js"))
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
	"""{file: vitest's report on it}"""
	assert VITEST.exists(), "vitest is missing: ./run test installs it, and so does npm ci"
	told = tmp_path_factory.mktemp("vitest") / "report.json"
	done = subprocess.run(
		[
			*(VITEST, "run", "--config", FOLDER / "vitest.config.mjs"),
			*("--reporter=json", f"--outputFile={told}"),
		],
		cwd=CHECKOUT,
		env={**os.environ, "NO_COLOR": "1"},
		stdin=subprocess.DEVNULL,
		capture_output=True,
		text=True,
		timeout=120,
		check=False,
	)
	assert told.exists(), f"vitest ended with status {done.returncode}\n{done.stdout}\n{done.stderr}"
	report = json.loads(told.read_text())
	# an error outside of tests counts too
	failed = any(result["status"] != "passed" for result in report["testResults"])
	assert done.returncode == 0 or failed, f"{done.stdout}\n{done.stderr}"
	return {Path(result["name"]): result for result in report["testResults"]}


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(FOLDER)) for file in FILES])
def test_front_end(reports, file):
	result = reports[file]
	tests = result["assertionResults"]
	# includes skipped ones: there are none
	problems = [
		f"{test['fullName']}: {test['status']}\n" + "\n".join(test.get("failureMessages") or [])
		for test in tests
		if test["status"] != "passed"
	]
	if result["status"] != "passed" and not problems:
		problems.append(result.get("message") or result["status"])
	assert not problems, COLOURS.sub("", "\n\n".join(problems))
	assert tests, "no tests in this file"


def test_every_file_was_run(reports):
	assert FILES
	assert sorted(reports) == FILES
