"""Plates: things that were path-traced once, lamp by lamp and in layers, and are put together in numpy."""
