"""The providers of the app. Add a module with a class that implements `types.Provider`, and one object of it here."""

from .types import Provider
from .zoom import Zoom

PROVIDERS: tuple[Provider, ...] = (Zoom(),)
