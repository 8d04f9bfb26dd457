"""A stranger's picture of pixels, refused by its header or opened small. Only inside `generation.sandbox`."""

from .headers import MOST_MEMORY, Header, header
from .opening import Opened, opened

__all__ = ["MOST_MEMORY", "Header", "Opened", "header", "opened"]
