"""Benchmarks: every figure is a ratio inside one run, or is compared with a target of its own.

May import everything; nothing imports it.
"""
