"""Modules with their constants put in where they are used, as they are compiled for MicroPython.

On the gun a constant's name takes memory: its letters, a place in its module's table, the code that
sets it and every look at it. So a whole number or a short text that is named in capitals at the top
of a module is written wherever that name is used, in whatever module, and the name is left out.
Lines stay as they are, so tracebacks tell the source's.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

# MicroPython keeps numbers from here on, and texts longer than this, as objects of their own.
_NUMBER_END = 1 << 30
_TEXT_MOST = 10

_OPERATIONS: dict[type[ast.unaryop | ast.operator], Callable[..., int]] = {
    ast.USub: int.__neg__,
    ast.Invert: int.__invert__,
    ast.Add: int.__add__,
    ast.Sub: int.__sub__,
    ast.Mult: int.__mul__,
    ast.FloorDiv: int.__floordiv__,
    ast.Mod: int.__mod__,
    ast.LShift: int.__lshift__,
    ast.RShift: int.__rshift__,
    ast.BitAnd: int.__and__,
    ast.BitOr: int.__or__,
    ast.BitXor: int.__xor__,
}

Value = int | str
# A module's full name, and a name in it.
Place = tuple[str, str]


class Unfoldable(ValueError):
    """Where a source uses a constant in a way that cannot be followed."""


class _Module:
    """One source: what its imports bind, and the constants that it defines."""

    def __init__(self, name: str, text: str):
        self.name = name
        self.text = text.encode()
        self.tree = ast.parse(text)
        self.modules: dict[str, str] = {}  # local name: a module of ours
        self.names: dict[str, Place] = {}  # local name: where it comes from
        self.left_out: set[int] = set()  # the ids of assignments that nobody needs any more
        self._bound = Counter(_bound(self.tree))

    def bind(self, known: Mapping[str, "_Module"]) -> None:
        """Take the imports in. Raises Unfoldable for what binds a name twice."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name in known:
                        self._bind(alias, alias.name)
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    if full in known:
                        self._bind(alias, full)
                    elif node.module in known:
                        self.names[alias.asname or alias.name] = (node.module, alias.name)

    def _bind(self, alias: ast.alias, full: str) -> None:
        local = alias.asname or alias.name
        before = self.modules.setdefault(local, full)
        if before != full or "." in local:
            raise Unfoldable(f"{self.name}: {local} may be {before} or {full}")

    def constants(self) -> Iterator[tuple[ast.Assign, list[tuple[str, ast.expr | int]]]]:
        """Each assignment at the top whose names are written as constants and bound only there,
        with what each stands for."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                pairs = _pairs(node.targets[0], node.value)
                if pairs and all(name.isupper() and self.binds_once(name) for name, _ in pairs):
                    yield node, pairs

    def binds_once(self, name: str) -> bool:
        """Whether a name means the same wherever it is read in this module."""
        return self._bound[name] == 1

    def spans(self) -> "_Spans":
        """Where its nodes stand in its bytes."""
        return _Spans(self.text)


class _Spans:
    """Places of nodes in a text's bytes."""

    def __init__(self, text: bytes):
        self._starts = [0]
        for line in text.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def of(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """First byte and the one after the last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )


class _Folder:
    """All modules, and the constants found in them."""

    def __init__(self, sources: Mapping[str, str]):
        self.modules = {name: _Module(name, text) for name, text in sources.items()}
        for module in self.modules.values():
            module.bind(self.modules)
        self._values: dict[Place, Value] = {}
        found = -1
        # A constant may be made of others, of any module.
        while found != len(self._values):
            found = len(self._values)
            for module in self.modules.values():
                self._define(module)
        self._taken = Counter(
            place for module in self.modules.values() for place in set(module.names.values())
        )

    def _define(self, module: _Module) -> None:
        for local, place in module.names.items():
            if place in self._values and module.binds_once(local):
                self._values[module.name, local] = self._values[place]
        for node, pairs in module.constants():
            values = [self._worked_out(module, meant) for _, meant in pairs]
            for (name, _), value in zip(pairs, values, strict=True):
                if value is not None:
                    self._values[module.name, name] = value
            if all(value is not None and _small(value) for value in values):
                module.left_out.add(id(node))

    def _worked_out(self, module: _Module, node: ast.expr | int) -> Value | None:
        """What an expression of constants comes to; None for any other."""
        if isinstance(node, int):
            return node
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                return node.value
            return node.value if type(node.value) is int else None
        if isinstance(node, ast.Name | ast.Attribute):
            place = self.place(module, node)
            return self._values.get(place) if place else None
        if isinstance(node, ast.UnaryOp | ast.BinOp):
            operands = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
            values = [self._worked_out(module, operand) for operand in operands]
            numbers = [value for value in values if isinstance(value, int)]
            return _reckoned(node, numbers) if len(numbers) == len(operands) else None
        return None

    def place(self, module: _Module, node: ast.expr) -> Place | None:
        """Where the name or attribute that `node` reads is defined, as far as imports tell."""
        if isinstance(node, ast.Name):
            return (module.name, node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            of = module.modules.get(node.value.id)
            return (of, node.attr) if of else None
        return None

    def _put_in(self, place: Place | None) -> Value | None:
        """What is written in the place of a name, None for the name itself."""
        value = self._values.get(place) if place else None
        return value if value is not None and _small(value) else None

    def text(self, module: _Module) -> str:
        """The module with the constants of all put in."""
        spans = module.spans()
        edits: list[tuple[int, int, bytes]] = []
        skipped: set[int] = set()
        used: set[str] = set()
        for node in module.tree.body:
            if id(node) in module.left_out:
                edits.append((*spans.of(node), b"pass"))
                skipped.update(id(part) for part in ast.walk(node))
        for node in ast.walk(module.tree):
            if id(node) in skipped or not isinstance(node, ast.Name | ast.Attribute):
                continue
            place = self.place(module, node)
            value = self._put_in(place)
            if value is not None and isinstance(node.ctx, ast.Load):
                edits.append((*spans.of(node), _literal(value)))
                skipped.update(id(part) for part in ast.walk(node))
            elif isinstance(node, ast.Name):
                used.add(node.id)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                kept = [alias for alias in node.names if self._needed(module, alias, used)]
                if len(kept) < len(node.names):
                    edits.append((*spans.of(node), _import(node, kept)))
        return _edited(module.text, edits)

    def _needed(self, module: _Module, alias: ast.alias, used: set[str]) -> bool:
        """Whether a name that is imported is still used now that constants are put in. What is
        imported under a name of its own is held on purpose."""
        local = alias.asname or alias.name
        if self._put_in((module.name, local)) is not None:
            return False
        ours = local in module.modules and alias.asname is None
        return local in used or not ours or bool(self._taken[module.name, local])


def folded(sources: Mapping[str, str]) -> dict[str, str]:
    """The text of each module, by full name, with the constants of all of them put in.

    Whoever uses their constants has to be among them. Raises Unfoldable where an import hides what
    is used.
    """
    folder = _Folder(sources)
    return {name: folder.text(module) for name, module in folder.modules.items()}


def _small(value: Value) -> bool:
    """Whether MicroPython holds it without an object of its own."""
    if isinstance(value, str):
        return len(value) <= _TEXT_MOST
    return -_NUMBER_END <= value < _NUMBER_END


def _bound(tree: ast.AST) -> Iterator[str]:
    """Each name as often as something binds it, in whatever function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.Global):
            yield from node.names


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr | int]]:
    """The names that an assignment sets, each with what it stands for; none for another form."""
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if not isinstance(target, ast.Tuple):
        return []
    names = [part.id for part in target.elts if isinstance(part, ast.Name)]
    if len(names) != len(target.elts):
        return []
    if isinstance(value, ast.Tuple) and len(value.elts) == len(names):
        return list(zip(names, value.elts, strict=True))
    if ast.unparse(value) == f"range({len(names)})":
        return list(zip(names, range(len(names)), strict=True))
    return []


def _reckoned(node: ast.UnaryOp | ast.BinOp, numbers: list[int]) -> int | None:
    """The value of an operation on whole numbers; None for one that is not reckoned here."""
    operation = _OPERATIONS.get(type(node.op))
    return operation(*numbers) if operation else None


def _literal(value: Value) -> bytes:
    if isinstance(value, str):
        return repr(value).encode()
    return b"%d" % value if value >= 0 else b"(%d)" % value


def _import(node: ast.ImportFrom, kept: list[ast.alias]) -> bytes:
    return ast.unparse(ast.ImportFrom(node.module, kept, 0)).encode() if kept else b"pass"


def _edited(text: bytes, edits: list[tuple[int, int, bytes]]) -> str:
    """The text with these pieces of it replaced, and as many lines as before."""
    for start, end, piece in sorted(edits, reverse=True):
        lines = text.count(b"\n", start, end)
        text = text[:start] + piece + b"\n" * lines + text[end:]
    return text.decode()
