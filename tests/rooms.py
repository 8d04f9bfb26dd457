"""How many rooms an app has, and which of them know which: `python -m tests.rooms webapp`."""

import sys

import grimp


def arrows(app: str) -> set[tuple[str, str]]:
    """(a, b): something in the room a imports something of the room b."""
    graph = grimp.build_graph(app)
    found = {
        (_room(importer), _room(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    return {(a, b) for a, b in found if a and b and a != b and "migrations" not in (a, b)}


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


if __name__ == "__main__":
    found = arrows(sys.argv[1])
    for a, b in sorted(found):
        print(f"{a} -> {b}")
    print(f"{len({room for arrow in found for room in arrow})} rooms, {len(found)} arrows")
