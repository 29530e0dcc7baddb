"""Which tests name which requirements, read from their sources without running them.

A test names them by `@pytest.mark.requirement("SR-017")`. A file that runs on MicroPython too,
where there is no pytest, names them in a table `VERIFIES = {"test_name": ("SR-017",)}`.
"""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.safety.data import ROOT

TESTS = ROOT / "tests"
TABLE = "VERIFIES"
MARK = "requirement"


class Test(NamedTuple):
    """A test: its file from the root on, and its name."""

    file: str
    name: str

    @property
    def node(self) -> str:
        """What pytest calls it, without parameters."""
        return f"{self.file}::{self.name}"


@cache
def named() -> dict[str, list[Test]]:
    """The tests that name each requirement: those of core first, for they are the quickest."""
    found: dict[str, list[Test]] = {}
    for path in sorted(TESTS.rglob("test_*.py"), key=_slowness):
        file = path.relative_to(ROOT).as_posix()
        for name, ids in names_in(path).items():
            for one in ids:
                found.setdefault(one, []).append(Test(file, name))
    return found


def names_in(path: Path) -> dict[str, tuple[str, ...]]:
    """The tests of a file that name requirements. Raises ValueError for a table's row without its
    test."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    tests = {
        node.name: _marked(node)
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    for name, ids in _table(body).items():
        if name not in tests:
            raise ValueError(f"{path.name}: {TABLE} names {name}, which is no test there")
        tests[name] += tuple(ids)
    return {name: ids for name, ids in tests.items() if ids}


def _table(body: list[ast.stmt]) -> dict[str, tuple[str, ...]]:
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == TABLE:
            return ast.literal_eval(node.value)
    return {}


def _marked(test: ast.FunctionDef) -> tuple[str, ...]:
    ids: tuple[str, ...] = ()
    for one in test.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == f"pytest.mark.{MARK}":
            ids += tuple(ast.literal_eval(argument) for argument in one.args)
    return ids


def _slowness(path: Path) -> tuple[bool, bool, Path]:
    folder = path.relative_to(TESTS).parts[0]
    return folder != "core", folder != "safety", path
