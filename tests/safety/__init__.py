"""Prompts that the safety gate must refuse, and prompts that it must not: the same ones for a seed."""

from .corpus import FORBIDDEN, PLAIN, Prompt, forbidden, plain, sealed

__all__ = ["FORBIDDEN", "PLAIN", "Prompt", "forbidden", "plain", "sealed"]
