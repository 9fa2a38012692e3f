"""The ranges of versions in pyproject.toml allow the versions that are pinned for the tests and the engine's environment."""

import pytest
import tomllib
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from call_intelligence.engine.environment import REQUIREMENTS
from devbench.bench import CHECKOUT

FILES = [*sorted((CHECKOUT / "devbench").glob("constraints*.txt")), *sorted(REQUIREMENTS.glob("*.txt"))]


def pins(file):
	lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
	return [Requirement(line) for line in lines]


def asked_for():
	project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
	return [*project["dependencies"], *project["optional-dependencies"]["engine"]]


@pytest.mark.parametrize("wanted", asked_for())
def test_a_range_allows_the_pinned_versions(wanted):
	range_ = Requirement(wanted)
	name = canonicalize_name(range_.name)
	pinned = {file.name: pin for file in FILES for pin in pins(file) if canonicalize_name(pin.name) == name}
	assert pinned, f"{name} is pinned nowhere"
	for file, pin in pinned.items():
		(version,) = (each.version for each in pin.specifier)
		assert range_.specifier.contains(version), f"{file}: {pin}"
		assert str(pin.marker) == str(range_.marker), f"{file}: {pin}"
