"""Modules with their arguments called by other names, as they are compiled for MicroPython.

On the gun the name of an argument takes memory and a search as it is read in, though nobody sees it
at run time unless it is passed by name. So what nobody passes by name is called there by a name
that every compiled module knows without its letters. Lines stay as they are, and no function or
attribute is renamed, so tracebacks tell the source's.
"""

import ast
from collections.abc import Iterator, Mapping

# Of MicroPython's static names, those that least code has another use for (py/makeqstrdata.py of
# version 1.28, `static_qstr_list`, which the format of compiled modules holds fixed).
NAMES = (
    "args", "count", "end", "find", "get", "index", "items", "key", "keys", "sep", "start", "step",
    "stop", "value", "values", "copy", "send", "read", "write", "update",
)  # fmt: skip
_KEPT = {"self", *NAMES}
_FUNCTION = ast.FunctionDef | ast.Lambda


def renamed(sources: Mapping[str, str]) -> dict[str, str]:
    """The text of each module with other arguments. Whoever calls their functions by arguments'
    names has to be among them."""
    trees = {name: ast.parse(text) for name, text in sources.items()}
    by_name = {
        node.arg
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
    }
    return {name: _text(sources[name], tree, by_name) for name, tree in trees.items()}


def _text(text: str, tree: ast.Module, by_name: set[str | None]) -> str:
    lines = [line.encode() for line in text.split("\n")]
    places: dict[tuple[int, int], tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for line, column, name, new in _renamed(node, by_name):
                places[line, column] = name, new
    # From behind, so that what stands before is still where it was.
    for (line, column), (name, new) in sorted(places.items(), reverse=True):
        was = lines[line - 1]
        end = column + len(name.encode())
        assert was[column:end] == name.encode(), (line, name)
        lines[line - 1] = was[:column] + new.encode() + was[end:]
    return b"\n".join(lines).decode()


def _renamed(
    function: ast.FunctionDef, by_name: set[str | None]
) -> Iterator[tuple[int, int, str, str]]:
    """(line, column, name, new name) of each place where an argument of a function stands.

    A function with another one in it stays as it is, and so does what its comprehensions bind.
    """
    arguments = function.args
    inner = [node for part in function.body for node in ast.walk(part)]
    if any(isinstance(node, _FUNCTION | ast.Global | ast.Nonlocal) for node in inner):
        return
    names = [node for node in inner if isinstance(node, ast.Name)]
    bound = {
        name.id
        for node in inner
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    taken = {name.id for name in names} | {one.arg for one in arguments.args}
    free = (name for name in NAMES if name not in taken)
    for one in arguments.args:
        if one.arg in _KEPT or one.arg in by_name or one.arg in bound:
            continue
        new = next(free, one.arg)
        yield one.lineno, one.col_offset, one.arg, new
        for name in names:
            if name.id == one.arg:
                yield name.lineno, name.col_offset, name.id, new
