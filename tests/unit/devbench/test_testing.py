"""In how many processes `./run test` runs the tests"""

import pytest

from devbench.testing import at_once


@pytest.mark.parametrize("arguments", [[], ["--durations=15"], ["-x", "-q"]])
def test_all_tests_run_in_two_processes(arguments):
	assert "--numprocesses=2" in at_once(arguments)


@pytest.mark.parametrize(
	"arguments", [["tests/unit"], ["-q", "tests/unit/test_colours.py"], ["--pdb"], ["-n", "4"]]
)
def test_chosen_tests_and_those_that_are_looked_into_run_in_one(arguments):
	assert at_once(arguments) == []
