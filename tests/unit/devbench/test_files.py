"""Writes are atomic; fingerprints detect every change."""

import os

import pytest

from devbench import files


def test_a_failed_write_leaves_the_old_text_and_no_rubbish(tmp_path):
	path = tmp_path / "file"
	files.write_text(path, "old")
	with pytest.raises(TypeError):
		files.write_text(path, None)
	assert path.read_text() == "old"
	assert os.listdir(tmp_path) == ["file"]


def test_secrets_are_for_the_owner_only(tmp_path):
	files.write_json(tmp_path / "secret.json", {"password": "x"}, mode=0o600)
	assert (tmp_path / "secret.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, "", "{"])
def test_json_that_cannot_be_read_is_the_default(tmp_path, content):
	path = tmp_path / "x.json"
	if content is not None:
		path.write_text(content)
	assert files.read_json(path, {"a": 1}) == {"a": 1}


def test_a_link_is_moved_and_a_folder_is_not(tmp_path):
	files.link(tmp_path / "one", tmp_path / "link")
	files.link(tmp_path / "two", tmp_path / "link")
	assert os.readlink(tmp_path / "link") == str(tmp_path / "two")
	(tmp_path / "folder").mkdir()
	with pytest.raises(FileExistsError):
		files.link(tmp_path / "one", tmp_path / "folder")


def test_a_folder_is_replaced_whole(tmp_path):
	for name in ("new", "place"):
		(tmp_path / name).mkdir()
		(tmp_path / name / name).touch()
	files.replace_folder(tmp_path / "new", tmp_path / "place")
	assert os.listdir(tmp_path) == ["place"]
	assert os.listdir(tmp_path / "place") == ["new"]


def test_fingerprints_see_borders_names_contents_and_absence(tmp_path):
	assert files.fingerprint("ab", "c") != files.fingerprint("a", "bc")
	one, other = tmp_path / "one", tmp_path / "other"
	seen = {files.files_fingerprint([one], tmp_path)}
	one.write_text("1")
	seen.add(files.files_fingerprint([one], tmp_path))
	one.write_text("2")
	seen.add(files.files_fingerprint([one], tmp_path))
	one.rename(other)
	seen.add(files.files_fingerprint([other], tmp_path))
	assert len(seen) == 4


def test_walk_leaves_folders_out(tmp_path):
	for name in ("a.py", "b.txt", "node_modules/c.py", "__pycache__/d.py", "deep/er/e.py"):
		(tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
		(tmp_path / name).touch()
	found = files.walk(tmp_path, (".py",), skip=("node_modules",))
	assert [str(path.relative_to(tmp_path)) for path in found] == ["a.py", "deep/er/e.py"]
