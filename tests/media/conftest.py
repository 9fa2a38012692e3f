"""All recordings, prepared by the engine"""

import pytest

from tests.engine_runs import run_all
from tests.media.recordings import RECORDINGS


@pytest.fixture(scope="package")
def prepared(tmp_path_factory):
	"""{name: (Path of the recording, the engine's result)}"""
	root = tmp_path_factory.mktemp("clock")
	paths = {}
	for recording in RECORDINGS:
		folder = root / recording.name
		folder.mkdir()
		paths[recording.name] = folder / recording.name
		recording.make(folder, paths[recording.name])
	commands = [
		[path, "--json", "--stage", "prepare", "--work", path.parent / "work"] for path in paths.values()
	]
	runs = run_all(commands, root / "runs")
	return {name: (path, run) for (name, path), run in zip(paths.items(), runs, strict=True)}
