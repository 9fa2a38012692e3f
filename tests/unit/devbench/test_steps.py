"""Steps run once per change of their inputs, in order of their needs, and resume after an interrupt."""

import io
import threading

import pytest

from devbench.console import Console
from devbench.errors import BenchError
from devbench.steps import Stamps, Step, run_all


@pytest.fixture
def stamps(tmp_path):
	return Stamps(tmp_path / "stamps")


@pytest.fixture
def console():
	return Console(io.StringIO())


class Recorder:
	"""Steps that record when they ran and with which argument."""

	def __init__(self):
		self.calls = []

	def step(self, name, fingerprint="1", **options):
		return Step(name, lambda whole: self.calls.append((name, whole)), lambda: fingerprint, **options)

	@property
	def names(self):
		return [name for name, _ in self.calls]


@pytest.fixture
def recorder():
	return Recorder()


def test_a_step_runs_once(recorder, stamps, console):
	assert run_all([recorder.step("a")], stamps, console) == ["a"]
	assert run_all([recorder.step("a")], stamps, console) == []
	assert recorder.names == ["a"]


def test_it_runs_again_when_its_inputs_change_and_knows_that_the_old_outcome_is_whole(
	recorder, stamps, console
):
	run_all([recorder.step("a", "1")], stamps, console)
	run_all([recorder.step("a", "2")], stamps, console)
	assert recorder.calls == [("a", False), ("a", True)]


def test_it_runs_again_when_its_output_is_gone(recorder, stamps, console, tmp_path):
	output = tmp_path / "output"
	output.touch()
	run_all([recorder.step("a", outputs=(output,))], stamps, console)
	output.unlink()
	run_all([recorder.step("a", outputs=(output,))], stamps, console)
	assert recorder.calls == [("a", False), ("a", False)]


def test_without_fingerprint_it_always_looks(stamps, console):
	seen = []
	step = Step("look", seen.append)
	run_all([step], stamps, console)
	run_all([step], stamps, console)
	assert len(seen) == 2


def test_an_interrupted_step_starts_from_unknown_state(recorder, stamps, console):
	def interrupted(whole):
		raise KeyboardInterrupt

	run_all([recorder.step("a", "1")], stamps, console)
	with pytest.raises(KeyboardInterrupt):
		run_all([Step("a", interrupted, lambda: "2")], stamps, console)
	run_all([recorder.step("a", "1")], stamps, console)
	assert recorder.calls == [("a", False), ("a", False)]


def test_inputs_edited_while_it_ran_count_as_a_change(stamps, console):
	inputs = ["old"]
	ran = []

	def action(whole):
		ran.append(inputs[0])
		inputs[0] = "edited meanwhile"

	run_all([Step("a", action, lambda: inputs[0])], stamps, console)
	run_all([Step("a", action, lambda: inputs[0])], stamps, console)
	assert ran == ["old", "edited meanwhile"]


def test_needs_come_first(recorder, stamps, console):
	steps = [recorder.step("c", needs=("b",)), recorder.step("b", needs=("a",)), recorder.step("a")]
	run_all(steps, stamps, console)
	assert recorder.names == ["a", "b", "c"]


def test_a_need_outside_the_list_counts_as_met(recorder, stamps, console):
	run_all([recorder.step("a", needs=("elsewhere",))], stamps, console)
	assert recorder.names == ["a"]


def test_independent_steps_run_side_by_side(stamps, console):
	barrier = threading.Barrier(2, timeout=10)
	steps = [Step(name, lambda whole: barrier.wait(), lambda: "1") for name in ("a", "b")]
	assert sorted(run_all(steps, stamps, console)) == ["a", "b"]


def test_what_runs_beside_a_failing_step_is_finished_and_kept(recorder, stamps, console):
	failed = threading.Event()

	def fail(whole):
		failed.set()
		raise BenchError("no disk")

	def slow(whole):
		assert failed.wait(10)
		recorder.calls.append(("slow", whole))

	steps = [
		Step("fails", fail, lambda: "1"),
		Step("slow", slow, lambda: "1"),
		recorder.step("z", needs=("fails",)),
	]
	with pytest.raises(BenchError, match="no disk"):
		run_all(steps, stamps, console)
	assert recorder.names == ["slow"]
	assert stamps.read("slow") == "1"
	assert stamps.read("fails") is None


def test_an_optional_step_may_fail(recorder, stamps, console):
	def fail(whole):
		raise BenchError("half written")

	steps = [Step("optional", fail, lambda: "1", optional=True), recorder.step("b", needs=("optional",))]
	assert run_all(steps, stamps, console) == ["b"]
	assert stamps.read("optional") is None
	assert "half written" in console.stream.getvalue()


def test_a_circle_is_an_error(recorder, stamps, console):
	steps = [recorder.step("a", needs=("b",)), recorder.step("b", needs=("a",))]
	with pytest.raises(ValueError, match="wait for each other"):
		run_all(steps, stamps, console)
