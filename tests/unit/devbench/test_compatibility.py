"""Results of tests on several versions, as docs/compatibility.md shows them"""

from devbench import compatibility

REPORT = (
	"""<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10"/></testsuites>"""
)


def result(**figures) -> dict:
	return {"on": "2026-01-31", "passed": 1, "failed": 0, "skipped": 0, **figures}


def entry(frappe: str = "15.55.1", apps: dict | None = None, **runs) -> dict:
	return {"frappe": frappe, "apps": apps or {}, "runs": runs}


def test_counts_of_a_report():
	assert compatibility.counts(REPORT) == {"passed": 4, "failed": 3, "skipped": 3}


def test_a_run_replaces_the_earlier_one_of_the_same_versions():
	entries = compatibility.merged([], entry("16.0.0", a=result(failed=1)))
	entries = compatibility.merged(entries, entry("16.0.0", a=result(), b=result()))
	entries = compatibility.merged(entries, entry("15.55.1", {"crm": "1.53.1"}, a=result()))
	assert [(row["frappe"], list(row["runs"])) for row in entries] == [
		("15.55.1", ["a"]),
		("16.0.0", ["a", "b"]),
	]
	assert entries[1]["runs"]["a"]["failed"] == 0


def test_tables(tmp_path):
	entries = [entry(apps={"crm": "1.53.1"}, a=result(), b=result(passed=2, failed=1, on="2026-02-01"))]
	assert "| 15.55.1 | crm 1.53.1 | a | 1 | 0 | 0 | 2026-01-31 |" in compatibility.table(entries)
	assert "| 15.55.1 | crm 1.53.1 | a, b | 3 | 1 | 0 | 2026-02-01 |" in compatibility.table(
		entries, short=True
	)
	file = tmp_path / "page.md"
	file.write_text(f"before\n{compatibility.START}\nold\n{compatibility.END}\nafter\n")
	compatibility.write(file, "new")
	assert file.read_text() == f"before\n{compatibility.START}\nnew\n{compatibility.END}\nafter\n"
