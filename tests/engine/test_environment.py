"""The engine's environment: pins, and messages about missing parts. (./run itself shows that it can be built.)"""

import json
import re
import subprocess
import sys

from call_intelligence.engine import environment
from tests.speech import ROOT, engine_home, engine_python


def test_everything_is_pinned_exactly_and_once():
	lines = [
		line
		for file in environment.REQUIREMENTS.glob("*.txt")
		for line in file.read_text().splitlines()
		if line and not line.startswith("#")
	]
	later = r"(; python_version >= \"3\.1[1-9]\")?"
	assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*" + later, line) for line in lines)
	assert len(set(lines)) == len(lines)
	lock = json.loads((environment.REQUIREMENTS / "models.json").read_text())
	assert all(re.fullmatch(r"[0-9a-f]{64}", wheel["sha256"]) for wheel in lock["wheels"].values())
	used = {
		part[0] for model in lock["models"].values() for parts in model["files"].values() for part in parts
	}
	assert used == set(lock["wheels"])


def test_a_pin_may_be_for_later_versions_of_python_only():
	assert "audioop-lts" not in environment._pins(True, "3.12.9")
	assert environment._pins(True, "3.13.0")["audioop-lts"] == "0.2.2"
	assert environment._pins(True, "3.11.7")["pydub"] == "0.25.1"


def test_the_environment_of_this_bench_is_complete():
	engine_python()
	report = environment.check(engine_home())
	assert report["problems"] == []
	assert report["ok"] and not report["light"]
	assert {
		package["found"].split("+")[0] == package["wanted"] for package in report["packages"].values()
	} == {True}


def test_an_empty_home_says_how_to_mend_it(tmp_path):
	answer = subprocess.run(
		[sys.executable, "-m", "call_intelligence.engine.environment", "check", str(tmp_path), "--json"],
		capture_output=True,
		text=True,
		cwd=ROOT,
	)
	report = json.loads(answer.stdout)
	assert answer.returncode == 1
	assert not report["ok"]
	assert report["problems"][0]["what"] == "the engine environment is not installed"
	assert f"environment create {tmp_path}" in report["problems"][0]["fix"]
	assert report["models"]["whisper/base"] == {
		"ok": False,
		"problem": "missing: model.bin, config.json, tokenizer.json, vocabulary.txt, LICENSE",
	}


def test_a_second_run_has_nothing_to_do():
	engine_python()
	said = []
	report = environment.create(engine_home(), say=said.append)
	assert report["ok"]
	assert len(said) == 1 and said[0].startswith("engine environment ready in")
