"""Entries of lists word by word, so that all of them are looked for in one walk over a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

MOST_BETWEEN = 3  # words that `~` stands for
MOST_ENDING, MOST_SKIPPED, LONGEST = 4, 18, 24  # letters of a run: after a beginning, for `~`, of a word
MOST_KNOWN = 20_000  # words whose way is remembered
LONGEST_KNOWN = 40  # letters of a word that count
Edges = Sequence[Sequence[tuple[str, int]]]  # by place: the words that begin there, and where each ends
Match = tuple[frozenset[str], tuple[str, ...], int]  # classes, words, the place after the last of them
NO_NAMES: frozenset[str] = frozenset()


class Node:
    """names: the classes whose entries end here. The others lead on: by a word that is whole, a beginning, an
    end, or anywhere in a word; `gap` by up to three words of any kind. Most of a list is never come to, so
    what leads on is made when somebody does.
    """

    __slots__ = ("_rest", "begins", "ends", "gap", "inside", "names", "whole")

    def __init__(self) -> None:
        self._rest: list[tuple[str, str]] = []  # of entries: the words from here on, and the class
        self.names = NO_NAMES
        self.whole: dict[str, Node] = {}
        self.begins: dict[str, Node] = {}
        self.ends: dict[str, Node] = {}
        self.inside: dict[str, Node] = {}
        self.gap: Node | None = None

    def add(self, entries: Iterable[tuple[str, str]]) -> None:
        self._rest.extend(entries)

    def opened(self) -> Node:
        """Itself, with what leads on from it."""
        if self._rest:
            rest, self._rest = self._rest, []
            for entry, name in rest:
                if entry:
                    word, _, after = entry.partition(" ")
                    self._child(word)._rest.append((after, name))
                else:
                    self.names |= {name}
        return self

    def _child(self, word: str) -> Node:
        if word == "~":
            self.gap = self.gap or Node()
            return self.gap
        if word[-1] == "*":
            kind = self.inside if word[0] == "*" else self.begins
        else:
            kind = self.ends if word[0] == "*" else self.whole
        word = word.strip("*")
        if word not in kind:
            kind[word] = Node()
        return kind[word]

    @property
    def leads_on(self) -> bool:
        return any((self.whole, self.begins, self.ends, self.inside, self.gap))

    def after(self, word: str) -> list[Node]:
        """Where a word leads."""
        found = [self.whole[word]] if word in self.whole else []
        length = len(word)
        if self.begins:
            found += (self.begins[word[:at]] for at in range(1, length + 1) if word[:at] in self.begins)
        if self.ends:
            found += (self.ends[word[at:]] for at in range(length) if word[at:] in self.ends)
        if self.inside:
            found += (node for part, node in self.inside.items() if part in word)
        return [node.opened() for node in found]


class Root(Node):
    """The node where entries begin; remembers where words lead."""

    __slots__ = ("_known",)

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._known: dict[str, list[Node]] = {}
        self.add(entries)
        self.opened()

    def after(self, word: str) -> list[Node]:
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[word] = super().after(word[:LONGEST_KNOWN])
        return found


def matches(root: Node, edges: Edges, first: int, stops: frozenset[int] = frozenset()) -> Iterator[Match]:
    """The entries that begin at a place and pass no stop."""

    def walk(node: Node, at: int, path: tuple[str, ...]) -> Iterator[Match]:
        if node.names:
            yield node.names, path, at
        if at < len(edges) and (at == first or at not in stops):
            for word, end in edges[at]:
                for child in node.after(word):
                    yield from walk(child, end, (*path, word))
        if node.gap:
            for skipped in range(min(MOST_BETWEEN, len(edges) - at) + 1):
                yield from walk(node.gap.opened(), at + skipped, path)

    return walk(root, first, ()) if any(root.after(word) for word, _ in edges[first]) else iter(())


def in_run(root: Node, run: str, first: int, shortest: int) -> Iterator[Match]:
    """The entries of `shortest` letters that begin at a place of a run of letters."""

    def walk(node: Node, at: int, path: tuple[str, ...]) -> Iterator[Match]:
        if node.names and sum(map(len, path)) >= shortest:
            yield node.names, path, at
        for end in range(at + 1, min(at + LONGEST, len(run)) + 1):
            part = run[at:end]
            if part in node.whole:
                yield from walk(node.whole[part].opened(), end, (*path, part))
            if part in node.begins:
                child = node.begins[part].opened()
                for ending in range(MOST_ENDING + 1) if child.leads_on else (0,):
                    yield from walk(child, min(end + ending, len(run)), (*path, part))
        if node.gap:
            for skipped in range(min(MOST_SKIPPED, len(run) - at) + 1):
                yield from walk(node.gap.opened(), at + skipped, path)

    return walk(root, first, ())
