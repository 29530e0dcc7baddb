"""Modules with few private names, as they are compiled for MicroPython.

Each name that a compiled module uses takes memory on the gun, once for all modules, and a look for
it as it is read in. What only one module can see, or one class with those that inherit it, needs no
name of its own: private attributes of objects, and private values at a module's top, have the same
few names in each.
Functions, classes and lines stay as they are, so tracebacks tell the source's.
"""

import ast
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

_LETTERS = string.ascii_lowercase
# First those that MicroPython knows without letters (see `arguments`) and the firmware has no use
# for, then ours.
NAMES = (
    "popitem", "rindex", "lstrip", "rsplit", "setdefault", "throw", "issubclass", "classmethod",
    "staticmethod", "callable", "divmod", "eval", "exec", "globals", "locals", "pow", "reverse",
    "isalpha", "islower", "isupper", "isspace", "isdigit", "rfind", "dir", "copy",
    *(f"_{one}" for one in _LETTERS),
    *(f"_{one}{two}" for one in _LETTERS for two in _LETTERS),
)  # fmt: skip
# What the tests on the chip look at.
_LOOKED_AT = frozenset({"_address", "_halves", "_parts", "_report"})
# A class by its module and name.
_Class = tuple[str, str]


def fewer(sources: Mapping[str, str]) -> dict[str, str]:
    """The text of each module with few private names. Whoever uses them from outside has to be
    among them."""
    trees = {name: ast.parse(text) for name, text in sources.items()}
    families = _families(trees)
    kept = _LOOKED_AT.union(*(_seen_elsewhere(tree) for tree in trees.values()))
    kept |= {one for name, node in _classes(trees) if (name, node.name) not in families
             for one in _attributes(node)}  # fmt: skip
    taken = {name for tree in trees.values() for name in _names(tree)}
    free = [name for name in NAMES if name not in taken]
    attributes = _shared(_by_family(trees, families, kept), free)
    return {
        name: _edited(sources[name], _edits(tree, attributes, _values(tree, kept, free)))
        for name, tree in trees.items()
    }


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _seen_elsewhere(tree: ast.Module) -> Iterator[str]:
    """Names that tracebacks show, or that more than one class or module may mean."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and not _own(node):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield from (node.name, node.asname or "")
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.ClassDef):
            yield from _of_the_class_itself(node)


def _of_the_class_itself(node: ast.ClassDef) -> Iterator[str]:
    for part in node.body:
        if isinstance(part, ast.Assign | ast.AnnAssign):
            yield from (name.id for name in ast.walk(part) if isinstance(name, ast.Name))


def _own(node: ast.AST) -> bool:
    """Whether it is an attribute of `self`."""
    value = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(value, ast.Name) and value.id == "self"


def _private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def _classes(trees: Mapping[str, ast.Module]) -> Iterator[tuple[str, ast.ClassDef]]:
    """(module, class)."""
    for name, tree in trees.items():
        yield from ((name, node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _attributes(node: ast.ClassDef) -> set[str]:
    return {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute) and _own(one)}


def _families(trees: Mapping[str, ast.Module]) -> dict[_Class, _Class]:
    """The class that each one inherits in the end; without those that inherit what is not ours,
    which may use their attributes."""
    bases: dict[_Class, list[ast.expr]] = {}
    by_name: dict[str, list[_Class]] = defaultdict(list)
    for name, node in _classes(trees):
        bases[name, node.name] = node.bases
        by_name[node.name].append((name, node.name))
    families: dict[_Class, _Class] = {}
    for one in bases:
        root = one
        while bases[root]:
            base = bases[root][0]
            found = by_name[base.id] if isinstance(base, ast.Name) else []
            if len(bases[root]) > 1 or len(found) != 1:
                break
            root = found[0]
        else:
            families[one] = root
    return families


def _by_family(
    trees: Mapping[str, ast.Module], families: Mapping[_Class, _Class], kept: frozenset[str]
) -> dict[_Class, set[str]]:
    """The private attributes of each class and all that inherit it."""
    found: dict[_Class, set[str]] = defaultdict(set)
    for name, node in _classes(trees):
        family = families.get((name, node.name))
        if family:
            own = {one for one in _attributes(node) if _private(one) and one not in kept}
            found[family] |= own
    return found


def _shared(families: Mapping[_Class, set[str]], free: Sequence[str]) -> dict[str, str]:
    """A new name for each attribute, such that no family of classes has one twice."""
    beside: dict[str, set[str]] = defaultdict(set)
    for attributes in families.values():
        for one in attributes:
            beside[one] |= attributes
    new: dict[str, str] = {}
    for one in sorted(beside, key=lambda one: (-len(beside[one]), one)):
        taken = {new[other] for other in beside[one] if other in new}
        new[one] = next(name for name in free if name not in taken)
    return new


def _values(tree: ast.Module, kept: frozenset[str], free: Sequence[str]) -> dict[str, str]:
    """A new name for each private value at a module's top."""
    names = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for part in node.targets
        for target in ast.walk(part)
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)
    }
    mine = sorted(name for name in names if _private(name) and name not in kept)
    return dict(zip(mine, free, strict=False))


def _edits(
    tree: ast.Module, attributes: Mapping[str, str], values: Mapping[str, str]
) -> Iterator[tuple[int, int, str, str]]:
    """(line, end, name, new name) of each place that changes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _own(node) and node.attr in attributes:
            yield (*_end(node), node.attr, attributes[node.attr])
        elif isinstance(node, ast.Name) and node.id in values:
            yield (*_end(node), node.id, values[node.id])


def _end(node: ast.expr) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


def _edited(text: str, edits: Iterable[tuple[int, int, str, str]]) -> str:
    lines = [line.encode() for line in text.split("\n")]
    # From behind, so that what stands before is still where it was.
    for line, end, name, new in sorted(edits, reverse=True):
        was = lines[line - 1]
        begin = end - len(name.encode())
        assert was[begin:end] == name.encode(), (line, name)
        lines[line - 1] = was[:begin] + new.encode() + was[end:]
    return b"\n".join(lines).decode()
