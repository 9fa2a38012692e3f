"""Output and exit status of lint, bench and the command line."""

import io

import pytest

from devbench import benchmarks, cli, hygiene
from devbench.bench import CHECKOUT
from devbench.console import Console
from devbench.steps import explain


@pytest.mark.parametrize(
	"line",
	[
		"resolved: https://" + "registry." + "npmjs.org/vue",
		"cd /" + "work/main",
		'path = "/' + 'root/.cache"',
		"open('/" + "tmp/x')",
		"/" + "home/daniel/app",
	],
)
def test_machine_paths_and_hosts_are_found(tmp_path, line):
	file = tmp_path / "file.txt"
	file.write_text(f"harmless\n{line}\n")
	(found,) = hygiene.foreign_places([file], tmp_path)
	assert found.startswith("file.txt:2: ")


@pytest.mark.parametrize(
	"line",
	[
		"/api/method/ping",
		"tests/work/x",
		"${HOME}/tmp/x",
		"/usr/share/fonts",
		"/home/me/checkout",
		"https://x.example/tmp/y",
	],
)
def test_other_paths_are_not(tmp_path, line):
	file = tmp_path / "file.txt"
	file.write_text(line)
	assert list(hygiene.foreign_places([file], tmp_path)) == []


@pytest.fixture
def app(tmp_path):
	def make(table):
		package = tmp_path / hygiene.APP
		(package / "translations").mkdir(parents=True)
		(package / "api.py").write_text(
			'from frappe import _\n_("Hello {0}").format(1)\n_(\n\t"Two " "parts"\n)\n'
		)
		(package / "page.js").write_text('__("It\\"s {0}", [1]); __(\'single\');')
		(package / "translations" / "pl.csv").write_text(table)
		return list(hygiene.translation_problems(tmp_path))

	return make


COMPLETE = 'Hello {0},Cześć {0}\nTwo parts,Dwie części\n"It""s {0}",To {0}\nsingle,pojedynczy\n'


def test_a_complete_table_is_fine(app):
	assert app(COMPLETE) == []


@pytest.mark.parametrize(
	("table", "expected"),
	[
		(COMPLETE.replace("single,pojedynczy\n", ""), "no translation of 'single'"),
		(COMPLETE.replace("Cześć {0}", "Cześć"), "placeholders of 'Hello {0}' differ"),
		(COMPLETE.replace("pojedynczy", " "), "empty translation"),
		(COMPLETE + "single,jeden\n", "is there twice"),
		(COMPLETE + "alone\n", "1 columns"),
	],
)
def test_each_kind_of_mistake_is_named(app, table, expected):
	problems = app(table)
	assert len(problems) == 1
	assert expected in problems[0]


def test_figures_are_told_from_other_output():
	assert benchmarks.parse('{"name": "rtf", "value": 0.06}') == {"name": "rtf", "value": 0.06}
	for line in ("", "warming up", "{not json", '{"name": "rtf"}', "[1]"):
		assert benchmarks.parse(line) is None


def test_the_table_is_markdown_and_marks_what_is_too_much():
	text = benchmarks.table(
		[
			{"name": "time against faster-whisper", "value": 1.0412, "unit": "x", "limit": 1.1, "ok": True},
			{"name": "peak memory", "value": 2100, "unit": "MB", "limit": 1500, "ok": False},
			{"name": "RTF", "value": 0.0619},
		]
	)
	lines = text.splitlines()
	assert len({len(line) for line in lines}) == 1
	assert "1.04 x" in lines[2]
	assert "TOO MUCH" in lines[3]
	assert "0.0619" in lines[4]


def test_arguments_of_pytest_reach_pytest():
	options = cli.parse(["test", "tests/unit", "-k", "ports and not free", "-x"])
	assert options.command is cli.run_tests
	assert options.rest == ["tests/unit", "-k", "ports and not free", "-x"]


def test_shared_options_follow_the_command():
	options = cli.parse(["demo", "call.mp3", "--exit", "--app", "a", "--app", "b", "--frappe", "f"])
	assert (options.audio, options.exit, options.app, options.frappe) == (["call.mp3"], True, ["a", "b"], "f")


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["up", "--nonsense"]])
def test_what_is_not_understood_ends_with_status_2(arguments, capsys):
	with pytest.raises(SystemExit) as error:
		cli.parse(arguments)
	assert error.value.code == 2


def test_a_folder_that_is_not_there_is_said_in_words(capsys):
	assert cli.main(["up", "--frappe", str(CHECKOUT / "no" / "such")]) == 2
	assert "is not a folder" in capsys.readouterr().out


def test_an_interrupt_is_no_traceback():
	console = Console(io.StringIO())
	assert explain(KeyboardInterrupt(), console) == 130
	assert "goes on from here" in console.stream.getvalue()
