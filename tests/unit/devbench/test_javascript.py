"""The JavaScript libraries of an admin's bench and of devbench"""

import json
import re

from devbench.bench import CHECKOUT


def test_both_install_the_same_libraries():
	own = json.loads((CHECKOUT / "package.json").read_text())
	checked = json.loads((CHECKOUT / "devbench" / "javascript" / "package.json").read_text())
	assert own["dependencies"] == checked["dependencies"]
	assert "devDependencies" not in own, "an admin's bench would install what only checks the app"


def test_the_lock_file_of_an_admins_bench():
	"""yarn fetches relative addresses from the registry of its configuration"""
	dependencies = json.loads((CHECKOUT / "package.json").read_text())["dependencies"]
	lock = (CHECKOUT / "yarn.lock").read_text()
	locked = re.findall(r'^([^\s#"]+)@([^\s:]+):$', lock, re.MULTILINE)
	assert dict(locked) == dependencies
	assert lock.count("integrity sha512-") == len(locked)
	packages = json.loads((CHECKOUT / "devbench" / "javascript" / "package-lock.json").read_text())[
		"packages"
	]
	for name, _version in locked:
		assert packages[f"node_modules/{name}"]["integrity"] in lock
