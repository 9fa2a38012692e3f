import threading

import pytest

from devbench import shell


@pytest.fixture(autouse=True)
def not_aborted(monkeypatch):
	"""An interrupt that a test plays ends with the test; in life the process ends with it."""
	monkeypatch.setattr(shell, "_aborted", threading.Event())
