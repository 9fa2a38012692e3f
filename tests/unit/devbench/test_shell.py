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
