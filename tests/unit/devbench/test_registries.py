"""Packages that a Frappe tree names by a git host."""

import json

import pytest

from devbench import registries

PYPROJECT = """[project]
dependencies = [
    "Babel~=2.13.1",
    "gunicorn @ git+https://github.com/frappe/gunicorn@2f5b4923399d18c28e4221f6514792b5cc7d2c21",
]

[project.urls]
Repository = "https://github.com/frappe/frappe.git"
"""
LOCK = """air-datepicker@{}:
  version "2.2.3"
  resolved "https://codeload.github.com/frappe/air-datepicker/tar.gz/ed37b94"
  dependencies:
    jquery ">=2.0.0 <4.0.0"

ajv@^6.12.3:
  version "6.12.6"
"""
NAMES = ["github:frappe/air-datepicker", "git+https://github.com/frappe/air-datepicker"]


@pytest.fixture(params=NAMES)
def tree(tmp_path, request):
	(tmp_path / "pyproject.toml").write_text(PYPROJECT)
	dependencies = {"air-datepicker": request.param, "ajv": "^6.12.3"}
	(tmp_path / "package.json").write_text(json.dumps({"dependencies": dependencies}))
	(tmp_path / "yarn.lock").write_text(LOCK.format(request.param))
	return tmp_path


def test_what_no_git_host_gives_is_taken_from_the_registries(tree):
	asked = []
	found = registries.use_registries(tree, lambda host: bool(asked.append(host)))
	assert found == ["gunicorn==21.2.0", "air-datepicker@2.2.3"]
	assert set(asked) == {"github.com"}
	assert (tree / "pyproject.toml").read_text() == PYPROJECT.replace(
		PYPROJECT.split("\n")[3].strip(' ",'), "gunicorn==21.2.0"
	)
	package = json.loads((tree / "package.json").read_text())
	assert package["dependencies"] == {"air-datepicker": "2.2.3", "ajv": "^6.12.3"}
	assert (tree / "yarn.lock").read_text() == 'ajv@^6.12.3:\n  version "6.12.6"\n'


def test_a_tree_stays_as_it_is_where_the_host_answers(tree):
	before = {file.name: file.read_text() for file in tree.iterdir()}
	assert registries.use_registries(tree, lambda host: True) == []
	assert {file.name: file.read_text() for file in tree.iterdir()} == before


def test_a_tree_without_these_files(tmp_path):
	assert registries.use_registries(tmp_path, lambda host: False) == []


FRONT_END_LOCK = """"@iconify-json/lucide@^1.1.99":
  version "1.1.99"

ajv@^6.12.3:
  version "6.12.6"
"""
NO_FILE = 'error Error: https://registry.example.com/@iconify-json/lucide/-/lucide-1.1.99.tgz: Request failed "404 Not Found"'
NO_VERSION = 'error Couldn\'t find any versions for "lucide-static" that matches "^0.276.0"'


@pytest.fixture
def front_end(tmp_path):
	wanted = {"@iconify-json/lucide": "^1.1.99", "lucide-static": "^0.276.0"}
	(tmp_path / "package.json").write_text(json.dumps({"dependencies": wanted}))
	(tmp_path / "yarn.lock").write_text(FRONT_END_LOCK)
	return tmp_path


def test_a_locked_version_that_the_registry_lacks_is_resolved_again(front_end):
	assert registries.loosen(front_end, NO_FILE)
	assert (front_end / "yarn.lock").read_text() == 'ajv@^6.12.3:\n  version "6.12.6"\n'
	assert "^1.1.99" in (front_end / "package.json").read_text()


def test_where_no_version_fits_a_newer_one_of_the_same_major_version_does(front_end):
	assert registries.loosen(front_end, NO_VERSION)
	package = json.loads((front_end / "package.json").read_text())
	assert package["dependencies"] == {"@iconify-json/lucide": "^1.1.99", "lucide-static": ">=0.276.0 <1"}


def test_other_failures_are_not_about_versions(front_end):
	assert not registries.loosen(front_end, "error during build: something else")
	assert (front_end / "yarn.lock").read_text() == FRONT_END_LOCK
