"""Every small change that is worth trying in a file's source: each is one mutant.

Words that people read and lines of the log are left alone: no test need know them by heart.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NARROWING = ("filter", "exclude", "get")  # of a QuerySet: without a condition it finds what is not meant
ATOMIC = "transaction.atomic"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` at the byte `start` of `file` becomes `new`. line: of the statement, which a test must run.
    why: what the fault would do to people, for one that was written by hand.
    """

    file: str
    line: int
    start: int
    old: str
    new: str
    why: str = ""

    def __str__(self) -> str:
        shown = (" ".join(text.split()) or "nothing" for text in (self.old, self.new))
        return f"{self.file}:{self.line}: {' -> '.join(shown)}"

    def applied_to(self, source: bytes) -> bytes:
        old = self.old.encode()
        assert source[self.start : self.start + len(old)] == old, f"{self} is of another file"
        return source[: self.start] + self.new.encode() + source[self.start + len(old) :]


def mutants(source: bytes, file: str) -> list[Mutant]:
    """All of a file, in its order."""
    return list(_Walk(source, file).of(ast.parse(source), 1))


def line_of(source: bytes, at: int) -> int:
    """Where a test must come by to meet the byte `at`: the line of its innermost statement."""
    return _Walk(source, "").line_of(ast.parse(source), at, 1)


class _Walk:
    def __init__(self, source: bytes, file: str) -> None:
        self._source, self._file = source, file
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def of(self, node: ast.AST, line: int) -> Iterator[Mutant]:
        line = _line_within(node, line)
        if _is_left_alone(node):
            return
        if isinstance(node, ast.stmt):
            for start, end, new in self._statement(node):
                yield self._mutant(start, end, new, line)
        if isinstance(node, ast.expr):
            for changed in _expressions(node):
                yield self._mutant(*self._span(node), f"({ast.unparse(changed)})", line)
        for child in _children(node):
            yield from self.of(child, line)

    def line_of(self, node: ast.AST, at: int, line: int) -> int:
        line = _line_within(node, line)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.stmt | ast.expr):
                line = self.line_of(child, at, line)
            elif self._begin(child) <= at < self._span(child)[1]:
                return self.line_of(child, at, line)
        return line

    def _mutant(self, start: int, end: int, new: str, line: int) -> Mutant:
        return Mutant(self._file, line, start, self._source[start:end].decode(), new)

    def _at(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None, "what was parsed ends somewhere"
        end = self._at(node.end_lineno, node.end_col_offset or 0)
        return self._at(node.lineno, node.col_offset), end

    def _begin(self, node: ast.stmt | ast.expr) -> int:
        """With its decorators, which the tree puts before it without their sign."""
        decorators = getattr(node, "decorator_list", [])
        return min([self._span(node)[0], *(self._span(one)[0] - 1 for one in decorators)])

    def _statement(self, node: ast.stmt) -> Iterator[tuple[int, int, str]]:
        start, end = self._span(node)
        match node:
            case ast.Return(value=ast.expr() as value) if not _is_constant(value, None):
                yield start, end, "return None"
            case ast.Raise() | ast.AugAssign() | ast.Expr(value=ast.Call()):
                yield start, end, "pass"
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
                yield start, end, "pass"
            case ast.Continue():
                yield start, end, "break"
            case ast.Break():
                yield start, end, "continue"
            case ast.With(items=items) if not any(item.optional_vars for item in items):
                yield start, self._source.index(b":", self._span(items[-1].context_expr)[1]), "if True"
            case ast.If(test=test) if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield *self._span(test), f"not ({ast.unparse(test)})"
            case ast.FunctionDef(decorator_list=decorators):
                for decorator in decorators:
                    if ast.unparse(decorator) == ATOMIC:
                        begin, end = self._span(decorator)
                        yield begin - 1, end, ""


def _line_within(node: ast.AST, line: int) -> int:
    """A function's head runs when it is imported: its first line is where a test meets what stands there."""
    if isinstance(node, ast.FunctionDef):
        return next((one.lineno for one in node.body if not _is_docstring(one)), node.lineno)
    return node.lineno if isinstance(node, ast.stmt) else line


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Without types, decorators and patterns, of which nothing is tried."""
    left_out = {"annotation", "returns", "decorator_list", "pattern", "func"}
    if isinstance(node, ast.Call):
        yield node.func
    for name, value in ast.iter_fields(node):
        if name not in left_out:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield child


def _is_left_alone(node: ast.AST) -> bool:
    said = node.value if isinstance(node, ast.Expr) else node
    return _is_docstring(node) or (isinstance(said, ast.Call) and ast.unparse(said.func).startswith("log."))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(ops=ops):
            for index, operator in enumerate(ops):
                for other in COMPARISONS[type(operator)]:
                    yield _with(node, ops=[*ops[:index], other(), *ops[index + 1 :]])
        case ast.BoolOp(op=operator):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.IfExp(body=body, orelse=otherwise):
            yield _with(node, body=otherwise, orelse=body)
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC and not _has_words(node):
            yield _with(node, op=ARITHMETIC[type(operator)]())
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Call(func=ast.Attribute(attr=name), keywords=keywords) if name in NARROWING:
            for keyword in keywords:
                yield _with(node, keywords=[other for other in keywords if other is not keyword])


def _with(node: ast.expr, **changes: object) -> ast.expr:
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _has_words(node: ast.BinOp) -> bool:
    """Whether text is put together here, not numbers."""
    return any(
        isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in ast.walk(node)
    )


def _is_constant(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
