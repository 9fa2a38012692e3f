import threading

import pytest

from devbench import shell


@pytest.fixture(autouse=True)
def not_aborted(monkeypatch):
	"""Resets a simulated interrupt after the test; in reality the process ends."""
	monkeypatch.setattr(shell, "_aborted", threading.Event())
