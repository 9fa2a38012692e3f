"""Missing packages are listed; root gets them installed, other users get the command."""

import os

import pytest

from devbench import debian
from devbench.errors import BenchError

THERE = debian.Need("bash", lambda: True, "a shell")
MISSING = debian.Need("mariadb-server-core", lambda: False, "the database")


def test_nothing_is_done_when_nothing_is_missing(tmp_path):
	debian.ensure(tmp_path / "log", (THERE,))
	assert not (tmp_path / "log").exists()


def test_who_is_not_root_gets_the_command_and_status_2(tmp_path, monkeypatch):
	monkeypatch.setattr(os, "geteuid", lambda: 1000)
	with pytest.raises(BenchError) as error:
		debian.ensure(tmp_path / "log", (THERE, MISSING))
	assert error.value.code == 2
	assert "mariadb-server-core: the database" in str(error.value)
	assert (
		"sudo apt-get update && sudo apt-get install -y --no-install-recommends mariadb-server-core"
		in error.value.hint
	)
	assert "bash" not in error.value.hint


@pytest.fixture
def fake_apt(tmp_path, monkeypatch):
	"""An apt-get that only records its calls, first on the search path."""
	calls = tmp_path / "calls"
	program = tmp_path / "bin" / "apt-get"
	program.parent.mkdir()
	program.write_text(f'#!/bin/sh\necho "$@" >> {calls}\ntouch {tmp_path}/installed\n')
	program.chmod(0o755)
	monkeypatch.setattr(debian, "SEARCH", f"{program.parent}:{debian.SEARCH}")
	monkeypatch.setattr(os, "geteuid", lambda: 0)
	monkeypatch.setattr(debian._services_stay_down, "policy", tmp_path / "policy-rc.d")
	return calls


def test_root_installs_what_is_missing_after_an_update(tmp_path, fake_apt):
	need = debian.Need("flite", (tmp_path / "installed").exists, "voices")
	debian.ensure(tmp_path / "log", (THERE, need))
	update, install = fake_apt.read_text().splitlines()
	assert update == "update -q"
	assert install == "install -q -y --no-install-recommends flite"
	assert not (tmp_path / "policy-rc.d").exists()


def test_installed_but_still_missing_is_said(tmp_path, fake_apt):
	with pytest.raises(BenchError, match="still not usable: mariadb-server-core"):
		debian.ensure(tmp_path / "log", (MISSING,))


def test_somebody_elses_policy_is_left_alone(tmp_path, fake_apt):
	(tmp_path / "policy-rc.d").write_text("theirs")
	debian.ensure(tmp_path / "log", (debian.Need("flite", (tmp_path / "installed").exists, "voices"),))
	assert (tmp_path / "policy-rc.d").read_text() == "theirs"


def test_every_need_can_be_looked_for():
	for need in debian.NEEDS:
		assert need.found() in (True, False), need.package


def test_programs_are_found_outside_a_users_path(tmp_path, monkeypatch):
	monkeypatch.setattr(debian, "SEARCH", str(tmp_path))
	assert debian.program("mariadbd") is None
	(tmp_path / "mariadbd").write_text("#!/bin/sh\n")
	(tmp_path / "mariadbd").chmod(0o755)
	assert debian.program("mysqld", "mariadbd") == str(tmp_path / "mariadbd")
