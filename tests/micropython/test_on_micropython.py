"""The core's tests, file by file, on a real MicroPython interpreter with a small heap."""

import ast
from pathlib import Path

import pytest

from tests.micropython import process

CORE = process.ROOT / "tests" / "core"
FILES = sorted(CORE.glob("test_*.py"))


def count_tests(path: Path) -> int:
    """How many tests the file holds, as CPython reads it."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return sum(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in body)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_file_on_micropython(path: Path) -> None:
    outcome = process.run("tests.core." + path.stem)
    assert outcome.failed == 0, outcome.text
    assert outcome.code == 0, outcome.text
    assert outcome.passed == count_tests(path) > 0, outcome.text
