"""Entries of lists word by word, so that all of them are looked for in one walk over a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

MOST_BETWEEN = 3  # words that `~` stands for
Edges = Sequence[Sequence[tuple[str, int]]]  # by place: the words that begin there, and where each ends
Index = dict[str, "Node"]


class Node:
    """names: the classes whose entries end here. The others lead on: by a word that is whole, a beginning, an
    end, or anywhere in a word; `gap` by up to three words of any kind.
    """

    __slots__ = ("begins", "ends", "gap", "inside", "names", "whole")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.whole: Index = {}
        self.begins: Index = {}
        self.ends: Index = {}
        self.inside: Index = {}
        self.gap: Node | None = None

    def add(self, entry: str, name: str) -> None:
        node = self
        for word in entry.split():
            node = node._child(word)
        node.names.add(name)

    def _child(self, word: str) -> Node:
        if word == "~":
            self.gap = self.gap or Node()
            return self.gap
        kinds = (self.whole, self.begins, self.ends, self.inside)
        kind = kinds[word.endswith("*") + 2 * word.startswith("*")]
        return kind.setdefault(word.strip("*"), Node())

    def after(self, word: str) -> list[Node]:
        """Where a word leads."""
        found = [self.whole[word]] if word in self.whole else []
        length = len(word)
        if self.begins:
            found += (self.begins[word[:at]] for at in range(1, length + 1) if word[:at] in self.begins)
        if self.ends:
            found += (self.ends[word[at:]] for at in range(length) if word[at:] in self.ends)
        if self.inside:
            parts = (word[at:end] for at in range(length) for end in range(at + 1, length + 1))
            found += (self.inside[part] for part in parts if part in self.inside)
        return found


class Root(Node):
    """The node where entries begin; remembers where words lead."""

    __slots__ = ("_known",)
    MOST_KNOWN = 20_000

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, list[Node]] = {}

    def after(self, word: str) -> list[Node]:
        if word not in self._known:
            if len(self._known) >= self.MOST_KNOWN:
                self._known.clear()
            self._known[word] = super().after(word)
        return self._known[word]


Match = tuple[set[str], tuple[str, ...], int]  # classes, words, the place after the last of them


def matches(node: Node, edges: Edges, at: int, stops: frozenset[int] = frozenset()) -> Iterator[Match]:
    """The entries that begin at a place and pass no stop."""
    first = at

    def walk(node: Node, at: int, path: tuple[str, ...]) -> Iterator[Match]:
        if node.names:
            yield node.names, path, at
        if at < len(edges) and (at == first or at not in stops):
            for word, end in edges[at]:
                for child in node.after(word):
                    yield from walk(child, end, (*path, word))
        if node.gap:
            for skipped in range(MOST_BETWEEN + 1):
                yield from walk(node.gap, min(at + skipped, len(edges)), path)

    return walk(node, at, ())


def in_run(root: Node, run: str, at: int, shortest: int) -> Iterator[Match]:
    """The entries of `shortest` letters that begin at a place of a run of letters."""

    def walk(node: Node, at: int, path: tuple[str, ...]) -> Iterator[Match]:
        if node.names and sum(map(len, path)) >= shortest:
            yield node.names, path, at
        for end in range(at + 1, min(at + 24, len(run)) + 1):
            part = run[at:end]
            if part in node.whole:
                yield from walk(node.whole[part], end, (*path, part))
            if part in node.begins:
                more = range(MOST_ENDING + 1) if _leads_on(node.begins[part]) else (0,)
                for ending in more:
                    yield from walk(node.begins[part], end + ending, (*path, part))
        if node.gap and node is not root:
            for skipped in range(min(MOST_SKIPPED, len(run) - at) + 1):
                yield from walk(node.gap, at + skipped, path)

    return walk(root, at, ())


MOST_ENDING, MOST_SKIPPED = 4, 18  # letters of a run


def _leads_on(node: Node) -> bool:
    every: tuple[Mapping[str, Node], ...] = (node.whole, node.begins, node.ends, node.inside)
    return node.gap is not None or any(every)
