"""The reader: what a shop owner's prompt asks for, in eight languages. No torch."""

from .reader import read
from .wish import Wanted, Wish

__all__ = ["Wanted", "Wish", "read"]
