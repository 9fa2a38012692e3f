"""The environment that programs of the bench inherit from the caller."""

import pytest

from devbench import shell


@pytest.mark.parametrize("name", ["PYTHONPATH", "VIRTUAL_ENV", "FRAPPE_SITE", "CI"])
def test_what_would_change_the_code_that_runs_stays_outside(monkeypatch, name):
	monkeypatch.setenv(name, "1")
	assert name not in shell.environment()


def test_all_else_goes_along_and_extras_come_first(monkeypatch):
	monkeypatch.setenv("LANG", "C.UTF-8")
	monkeypatch.setenv("CI", "true")
	own = shell.environment(CI="of my own")
	assert (own["LANG"], own["CI"]) == ("C.UTF-8", "of my own")


def test_the_first_error_is_shown_though_the_program_went_on(tmp_path):
	log = tmp_path / "log"
	lines = ["ERROR: Cannot reach the git host", *[f"line {number}" for number in range(60)]]
	log.write_text("\n".join(lines))
	shown = shell.tail(log).splitlines()
	assert shown[-1].strip() == "The first error: ERROR: Cannot reach the git host"
	assert shown[-3].strip() == "line 59"


def test_an_error_at_the_end_is_shown_once(tmp_path):
	log = tmp_path / "log"
	log.write_text("line 1\nFileNotFoundError: no such file\n")
	assert shell.tail(log).count("no such file") == 1
