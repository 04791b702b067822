"""The guide's client book. Everything here is generated from the Rust core; see `Guidebook`."""

from .guidebook_core import *  # noqa: F403
from .guidebook_core import __all__  # noqa: F401
