"""Files from people who mean harm, or whose programs are broken: the same ones for a seed."""

from .corpus import DOORS, Hostile, corpus

__all__ = ["DOORS", "Hostile", "corpus"]
