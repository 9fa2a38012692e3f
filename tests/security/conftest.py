"""Fixtures of the security tests: the cast of the visibility rule and its call"""

from tests.integration.conftest import _people, people
from tests.integration.permissions.conftest import ask, call

__all__ = ["_people", "ask", "call", "people"]
