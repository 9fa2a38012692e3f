"""The restored Frappe, users' Frappe trees, and the Python versions they can run on."""

import zipfile

import pytest

from devbench import interpreters, restore, source, versions
from devbench.bench import Bench
from devbench.errors import BenchError


@pytest.fixture
def wheel(tmp_path):
	path = tmp_path / restore.WHEEL
	with zipfile.ZipFile(path, "w") as archive:
		archive.writestr("criscostack/__init__.py", 'brik = "criscostack"  # Criscoerp, CRISCO\n')
		archive.writestr("criscostack/utils/brik_helper.py", "import criscostack\n")
		archive.writestr("criscostack/translations/hr.csv", "brik,Crisco\n")
		archive.writestr("criscostack/public/logo.png", b"\x89PNG\0crisco")
		archive.writestr("criscostack/public/latin.txt", b"crisco \xe9")
		archive.writestr(
			"criscostack-1.0.0.dist-info/METADATA",
			"Name: x\nRequires-Dist: Click~=8.1.3\nRequires-Dist: rq\n",
		)
	return path


def test_original_names_are_put_back_in_names_and_contents(wheel, tmp_path):
	assert restore.restore(wheel, tmp_path / "frappe") == 5
	tree = tmp_path / "frappe" / "frappe"
	assert (tree / "__init__.py").read_text() == 'bench = "frappe"  # ERPNext, FRAPPE\n'
	assert (tree / "utils" / "bench_helper.py").read_text() == "import frappe\n"


def test_words_of_languages_and_binary_files_stay(wheel, tmp_path):
	restore.restore(wheel, tmp_path / "frappe")
	tree = tmp_path / "frappe" / "frappe"
	assert (tree / "translations" / "hr.csv").read_text() == "brik,Frappe\n"
	assert (tree / "public" / "logo.png").read_bytes() == b"\x89PNG\0crisco"
	assert (tree / "public" / "latin.txt").read_bytes() == b"crisco \xe9"


def test_requirements_are_read_from_the_wheel(wheel):
	assert restore.requirements(wheel) == ["Click~=8.1.3", "rq"]


def test_what_our_app_depends_on_is_read_from_its_project_file(tmp_path):
	bench = Bench(checkout=tmp_path)
	project = tmp_path / "pyproject.toml"
	project.write_text(
		'[project]\nname = "a"\n# why\ndependencies = [\n\t"one>=3.1,<4",\n\t"two[x]",\n]\n\n[tool]\na = []\n'
	)
	assert source.own_requirements(bench) == ["one>=3.1,<4", "two[x]"]
	project.write_text('[project]\nname = "a"\n')
	assert source.own_requirements(bench) == []
	assert source.own_requirements(Bench())


def test_another_wheel_is_refused_and_removed(wheel):
	with pytest.raises(BenchError, match="sha256"):
		restore.verify(wheel)
	assert not wheel.exists()


def tree(folder, version="15.55.0", requires=">=3.10", option="--mariadb-user-host-login-scope"):
	for name, text in {
		"frappe/__init__.py": f'import os\n\n__version__ = "{version}"\n',
		"frappe/commands/site.py": f'@click.option("{option}")',
		"pyproject.toml": f'[project]\nname = "frappe"\nrequires-python = "{requires}"\n',
		"package.json": "{}",
	}.items():
		(folder / name).parent.mkdir(parents=True, exist_ok=True)
		(folder / name).write_text(text)
	return folder


def test_a_tree_tells_what_it_needs(tmp_path):
	found = versions.inspect(tree(tmp_path))
	assert (found.major, found.own_node, found.oldest_python, found.newest_python) == (
		15,
		True,
		(3, 10),
		None,
	)
	assert found.site_options == ("--mariadb-user-host-login-scope=%",)


def test_the_older_option_is_used_where_the_new_one_is_unknown(tmp_path):
	assert versions.inspect(tree(tmp_path, option="--no-mariadb-socket")).site_options == (
		"--no-mariadb-socket",
	)


@pytest.mark.parametrize(
	("specifier", "expected"),
	[
		(">=3.10", ((3, 10), None)),
		(">=3.10,<3.13", ((3, 10), (3, 12))),
		(">=3.14,<3.15", ((3, 14), (3, 14))),
		("~=3.11", ((3, 11), None)),
		("", ((3, 10), None)),
	],
)
def test_python_ranges(specifier, expected):
	assert versions.python_range(specifier) == expected


@pytest.mark.parametrize("version", ["14.2.0", "13.0.0"])
def test_older_frappe_is_refused(tmp_path, version):
	with pytest.raises(BenchError, match="needs 15 or 16"):
		versions.inspect(tree(tmp_path, version))


def test_a_folder_that_is_no_frappe_is_refused(tmp_path):
	with pytest.raises(BenchError, match="not a Frappe source tree"):
		versions.inspect(tmp_path)


def test_a_python_that_nobody_has_is_said_in_words(tmp_path):
	wanted = versions.inspect(tree(tmp_path, "16.0.0", ">=3.99"))
	with pytest.raises(BenchError, match=r"needs Python 3\.99 or later") as error:
		interpreters.choose(wanted)
	assert error.value.code == 2


def test_the_users_tree_is_copied_and_left_alone(tmp_path):
	theirs = tree(tmp_path / "theirs")
	(theirs / "node_modules").mkdir()
	(theirs / "node_modules" / "big").touch()
	place = tmp_path / "bench" / "apps" / "frappe"
	place.parent.mkdir(parents=True)
	source.copy_tree(theirs, place)
	assert (place / "frappe" / "__init__.py").exists()
	assert not (place / "node_modules").exists()
	before = source.tree_fingerprint(theirs)
	(theirs / "frappe" / "new.py").touch()
	assert source.tree_fingerprint(theirs) != before


def test_each_variant_has_a_folder_of_its_own(tmp_path):
	usual = Bench(checkout=tmp_path)
	other = Bench(checkout=tmp_path, frappe=tmp_path / "frappe")
	more = Bench(checkout=tmp_path, frappe=tmp_path / "frappe", apps=(tmp_path / "crm",))
	assert usual.root == tmp_path / ".bench"
	assert len({usual.root, other.root, more.root}) == 3
	assert all(bench.root.name.startswith(".bench") for bench in (usual, other, more))


def test_what_was_built_in_a_copy_stays_until_the_tree_changes(tmp_path):
	theirs, place = tmp_path / "theirs", tmp_path / "place"
	theirs.mkdir()
	(theirs / "hooks.py").write_text("")
	source.copy_changed_tree(theirs, place)
	(place / "built").touch()
	source.copy_changed_tree(theirs, place)
	assert (place / "built").exists()
	(theirs / "more.py").write_text("")
	source.copy_changed_tree(theirs, place)
	assert (place / "more.py").exists() and not (place / "built").exists()
