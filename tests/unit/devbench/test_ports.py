"""Ports are chosen once, kept, and chosen again only when another program uses them."""

import json
import socket

import pytest

from devbench import ports
from devbench.errors import BenchError


@pytest.fixture
def file(tmp_path):
	return tmp_path / "config" / "ports.json"


@pytest.fixture
def listener():
	"""Another program, listening on a port."""
	with socket.socket() as server:
		server.bind(("127.0.0.1", 0))
		server.listen()
		yield server.getsockname()[1]


def test_every_service_gets_a_port_of_its_own(file):
	chosen, changed = ports.settle(file, "/some/checkout/.bench")
	assert changed
	assert set(chosen) == set(ports.NAMES)
	assert len(set(chosen.values())) == len(ports.NAMES)
	assert json.loads(file.read_text()) == chosen


def test_they_are_kept(file):
	first, _ = ports.settle(file, "/a", free=lambda port: True)
	again, changed = ports.settle(file, "/a", free=lambda port: True)
	assert again == first
	assert not changed


def test_only_the_port_that_was_taken_changes(file):
	first, _ = ports.settle(file, "/a", free=lambda port: True)
	again, changed = ports.settle(file, "/a", free=lambda port: port != first["mariadb"])
	assert changed
	assert again["mariadb"] not in first.values()
	assert {**again, "mariadb": None} == {**first, "mariadb": None}


def test_a_port_that_really_listens_is_not_free(listener):
	assert not ports.is_free(listener)
	assert ports.answers(listener)


def test_a_kept_port_that_now_listens_is_replaced(file, listener):
	first, _ = ports.settle(file, "/a")
	file.write_text(json.dumps({**first, "web": listener}))
	again, changed = ports.settle(file, "/a")
	assert changed
	assert again["web"] != listener


def test_checkouts_start_at_different_places(tmp_path):
	chosen = [
		ports.settle(tmp_path / str(n), f"/home/me/{n}/.bench", lambda _: True)[0]["web"] for n in range(20)
	]
	assert len(set(chosen)) > 15


@pytest.mark.parametrize("content", ["", "not json", "{}", '{"web": "8000"}', '{"web": 1, "gunicorn": 1}'])
def test_a_damaged_file_is_no_obstacle(file, content):
	file.parent.mkdir()
	file.write_text(content)
	chosen, _ = ports.settle(file, "/a", free=lambda port: port > 1000)
	assert len(set(chosen.values())) == len(ports.NAMES)
	assert all(isinstance(port, int) and port > 1000 for port in chosen.values())


def test_no_free_port_is_said_in_words(file):
	with pytest.raises(BenchError, match="No free port"):
		ports.settle(file, "/a", free=lambda port: False)
