"""Models from a hub: downloaded, resumed after an interruption, checked; never installed incompletely."""

import os
import signal
import subprocess

import pytest

from tests.hub import Hub
from tests.speech import ROOT, engine_python

MODEL = bytes(range(256)) * 4096 * 5  # 5 MB
FILES = {
	"config.json": b"{}",
	"model.bin": MODEL,
	"tokenizer.json": b'{"version": "1.0"}',
	"vocabulary.json": b'["a", "b"]',
	"README.md": b"not wanted",
	"pytorch_model.bin": b"not wanted",
}
NAME = "test-org/some-model"


@pytest.fixture
def hub():
	with Hub({NAME: FILES}) as hub:
		yield hub


def command(hub, models, name):
	return {
		"args": [str(engine_python()), "-m", "call_intelligence.engine.hub", name, "--models", str(models)],
		"cwd": ROOT,
		"env": {**os.environ, "PYTHONPATH": str(ROOT), "HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "1"},
		"text": True,
	}


def fetch(hub, models, name=NAME, **env):
	told = command(hub, models, name)
	return subprocess.run(**{**told, "env": {**told["env"], **env}}, capture_output=True, timeout=120)


def contents(models, name=NAME):
	folder = models / "whisper" / name
	return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "revision"}


WANTED = {name: content for name, content in FILES.items() if content != b"not wanted"}


def test_a_model_is_fetched_and_checked(hub, tmp_path):
	done = fetch(hub, tmp_path)
	assert done.returncode == 0, done.stderr
	assert contents(tmp_path) == WANTED
	assert "model.bin: complete and checked (5 MB)" in done.stdout
	before = len(hub.requests)
	again = fetch(hub, tmp_path)
	assert (again.returncode, len(hub.requests)) == (0, before)
	assert "is here already" in again.stdout


def test_the_hub_of_these_tests_is_one_for_the_hubs_own_library(hub, tmp_path):
	code = f"import huggingface_hub; print(huggingface_hub.snapshot_download({NAME!r}, local_dir={str(tmp_path / 'own')!r}))"
	env = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_XET": "1"}
	done = subprocess.run([str(engine_python()), "-c", code], capture_output=True, text=True, env=env)
	assert done.returncode == 0, done.stderr
	for name, content in FILES.items():
		assert (tmp_path / "own" / name).read_bytes() == content


def test_a_connection_that_breaks_is_taken_up(hub, tmp_path):
	hub.breaks["model.bin"] = [1 << 21, 1 << 20]
	done = fetch(hub, tmp_path)
	assert done.returncode == 0, done.stderr
	assert contents(tmp_path) == WANTED
	assert hub.ranges("model.bin") == [None, f"bytes={1 << 21}-", f"bytes={3 << 20}-"]


def test_a_killed_command_is_taken_up(hub, tmp_path):
	hub.stops["model.bin"] = 3 << 20
	with subprocess.Popen(**command(hub, tmp_path, NAME), start_new_session=True) as child:
		try:
			assert hub.stopped.wait(60)
			part = tmp_path / "whisper" / "test-org" / ".some-model.part" / "model.bin"
			while not part.exists() or part.stat().st_size < 1 << 20:
				assert child.poll() is None
		finally:
			os.killpg(child.pid, signal.SIGKILL)
	assert not (tmp_path / "whisper" / NAME).exists()
	have = part.stat().st_size
	assert 0 < have <= 3 << 20
	hub.go_on.set()
	done = fetch(hub, tmp_path)
	assert done.returncode == 0, done.stderr
	assert hub.ranges("model.bin") == [None, f"bytes={have}-"]
	assert contents(tmp_path) == WANTED


def test_a_server_without_ranges_sends_all_of_it_again(hub, tmp_path):
	hub.knows_ranges = False
	hub.breaks["model.bin"] = [1 << 21]
	done = fetch(hub, tmp_path)
	assert done.returncode == 0, done.stderr
	assert contents(tmp_path) == WANTED


@pytest.mark.parametrize("file", ["model.bin", "config.json"])
def test_another_content_than_the_hub_describes_is_refused(hub, tmp_path, file):
	hub.spoilt.add(file)
	done = fetch(hub, tmp_path)
	assert done.returncode == 1
	assert f"{file} is damaged" in done.stderr and "Traceback" not in done.stderr
	assert not (tmp_path / "whisper" / NAME).exists()
	hub.spoilt.clear()
	assert fetch(hub, tmp_path).returncode == 0
	assert contents(tmp_path) == WANTED


@pytest.mark.parametrize("claimed", [len(MODEL) - 1, len(MODEL) + 1])
def test_another_size_than_the_hub_describes_is_refused(hub, tmp_path, claimed):
	hub.claimed_sizes["model.bin"] = claimed
	done = fetch(hub, tmp_path)
	assert done.returncode == 1
	assert "model.bin is" in done.stderr and "Traceback" not in done.stderr
	assert not (tmp_path / "whisper" / NAME).exists()
	hub.claimed_sizes.clear()
	assert fetch(hub, tmp_path).returncode == 0
	assert contents(tmp_path) == WANTED


def test_two_commands_do_not_fetch_at_once(hub, tmp_path):
	hub.stops["model.bin"] = 1 << 20
	with subprocess.Popen(**command(hub, tmp_path, NAME)) as child:
		try:
			assert hub.stopped.wait(60)
			done = fetch(hub, tmp_path)
		finally:
			hub.go_on.set()
	assert (done.returncode, child.returncode) == (1, 0)
	assert "Another command is fetching a model" in done.stderr
	assert contents(tmp_path) == WANTED


def test_a_newer_revision_keeps_nothing_of_the_older_one(hub, tmp_path):
	hub.spoilt.add("model.bin")
	assert fetch(hub, tmp_path).returncode == 1
	hub.spoilt.clear()
	newer = {**FILES, "config.json": b"[]"}
	hub.repositories[NAME], hub.revision = newer, "0" * 40
	assert fetch(hub, tmp_path).returncode == 0
	assert contents(tmp_path)["config.json"] == b"[]"


def test_too_little_disk_and_memory_are_said_before_anything_is_fetched(hub, tmp_path):
	hub.claimed_sizes["model.bin"] = 1 << 50
	done = fetch(hub, tmp_path)
	assert done.returncode == 1
	assert "1048577.0 GB of disk are needed and" in done.stderr
	assert "of memory are needed and" in done.stderr and "GB are available" in done.stderr
	assert hub.ranges("model.bin") == []


@pytest.mark.parametrize(
	("name", "says"),
	[
		("test-org/none", "There is no model test-org/none on the hub (404)"),
		("nonsense", "There is no speech model called nonsense"),
		("../../x", "There is no speech model called"),
	],
)
def test_an_unknown_name_is_refused(hub, tmp_path, name, says):
	done = fetch(hub, tmp_path, name)
	assert done.returncode == 1
	assert says in done.stderr and "Traceback" not in done.stderr


def test_a_repository_without_a_model_for_the_engine_is_refused(hub, tmp_path):
	hub.repositories["org/pytorch"] = {"config.json": b"{}", "pytorch_model.bin": b"x"}
	done = fetch(hub, tmp_path, "org/pytorch")
	assert done.returncode == 1
	assert "has no model.bin: it is no model for faster-whisper" in done.stderr


def test_no_hub_is_said(hub, tmp_path):
	done = fetch(hub, tmp_path, HF_ENDPOINT="http://127.0.0.1:9")
	assert done.returncode == 1
	assert "can't be reached" in done.stderr and "HF_ENDPOINT" in done.stderr


def test_a_token_opens_what_is_not_open_to_everybody(hub, tmp_path):
	hub.token = "hf_secret"
	assert "(401)" in fetch(hub, tmp_path).stderr
	assert fetch(hub, tmp_path, CALL_INTELLIGENCE_HF_TOKEN="hf_secret").returncode == 0
