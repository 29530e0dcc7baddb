"""Constants are put in where they are used, before the firmware is compiled for MicroPython."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mesofw
from mesosim.folding import Unfoldable, folded

ROOT = Path(mesofw.__file__).parent


def fold(**sources: str) -> dict[str, str]:
    return folded(sources)


def test_a_constant_is_written_where_it_is_used_and_its_definition_goes() -> None:
    text = "LIMIT = 5\n_HALF = LIMIT // 2\ndef f(x=LIMIT):\n    return x + _HALF\n"
    assert fold(one=text)["one"] == "pass\npass\ndef f(x=5):\n    return x + 2\n"


def test_it_is_put_in_whatever_module_reads_it() -> None:
    texts = fold(
        one="A, B, C = range(3)\nD, E = -1, 1 << 4\n",
        two="from one import B, D\nx = (B, D)\n",
    )
    assert texts == {"one": "pass\npass\n", "two": "pass\nx = (1, (-1))\n"}


def test_through_a_module_that_is_imported_by_name() -> None:
    sources = {
        "a.door": "LEFT = 1\nNAMES = ('x',)\n",
        "a.one": "from a import door\ny = door.LEFT, door.NAMES\n",
        "a.two": "from a import door\ny = door.LEFT\n",
        "a.three": "from a import door as held\ny = held.LEFT\n",
    }
    texts = folded(sources)
    assert texts["a.door"] == "pass\nNAMES = ('x',)\n"
    assert texts["a.one"] == "from a import door\ny = 1, door.NAMES\n"
    # A module that is read in for its constants only is not read in any more, but where it has
    # another name here: then it is held on purpose.
    assert texts["a.two"] == "pass\ny = 1\n"
    assert texts["a.three"] == "from a import door as held\ny = 1\n"


def test_what_passes_a_name_on_goes_on_doing_so() -> None:
    texts = fold(
        one="TICK = 8\nclass Axis: pass\n",
        two="from one import TICK, Axis\n",
        three="from two import TICK, Axis\nx = TICK\ny = Axis\n",
    )
    assert texts["two"] == "from one import Axis\n"
    assert texts["three"] == "from two import Axis\nx = 8\ny = Axis\n"


@pytest.mark.parametrize(
    "text",
    [
        "lower = 5\nx = lower\n",
        "TWICE = 5\nTWICE = 6\nx = TWICE\n",
        "AGAIN = 5\ndef f():\n    global AGAIN\n    AGAIN = 6\n",
        "SHADOWED = 5\ndef f(SHADOWED):\n    return SHADOWED\n",
        "LARGE = 1 << 30\nx = LARGE\n",
        "LONG = 'more than ten'\nx = LONG\n",
        "YES = True\nx = YES\n",
        "MADE = (1, 2)\nx = MADE\n",
        "HALF = 1 / 2\nx = HALF\n",
        "if x:\n    SOMETIMES = 1\ny = SOMETIMES\n",
    ],
)
def test_what_is_no_constant_or_takes_as_much_stays(text: str) -> None:
    assert fold(one=text)["one"] == text


def test_small_numbers_come_of_large_ones() -> None:
    assert fold(one="LARGE = 1 << 30\nMASK = LARGE - 1\nx = MASK\n")["one"] == (
        "LARGE = 1 << 30\npass\nx = 1073741823\n"
    )


def test_every_line_stays_where_it_was() -> None:
    text = "(\n    ONE,\n    TWO,\n) = range(2)\nSUM = (\n    1\n    + 2\n)\nx = 'µ', SUM, TWO\n"
    out = fold(one=text)["one"]
    assert out.splitlines()[8] == "x = 'µ', 3, 1"
    assert out.count("\n") == text.count("\n")


def test_a_package_that_is_imported_whole_is_looked_into() -> None:
    texts = folded({"a": "VERSION = '1.0'\n", "a.one": "import a\nx = a.VERSION, a.__file__\n"})
    assert texts["a.one"] == "import a\nx = '1.0', a.__file__\n"


def test_imports_that_hide_what_is_used_are_refused() -> None:
    with pytest.raises(Unfoldable):
        folded({"a.one": "X = 1\n", "b": "import a.one\n"})
    with pytest.raises(Unfoldable):
        folded({"a.one": "X = 1\n", "c.one": "", "b": "from a import one\nfrom c import one\n"})


@pytest.fixture(scope="module")
def firmware() -> tuple[dict[str, str], dict[str, str]]:
    """The firmware's texts, before and after."""
    sources: dict[str, str] = {}
    for path in ROOT.rglob("*.py"):
        name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        sources[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return sources, folded(sources)


def test_the_firmware_keeps_its_lines(firmware: tuple[dict[str, str], dict[str, str]]) -> None:
    sources, texts = firmware
    for name, text in sources.items():
        assert texts[name].count("\n") == text.count("\n"), name
        assert _defined(texts[name]) == _defined(text), name


def _defined(text: str) -> list[tuple[str, int]]:
    """Each class and function with the line it begins on."""
    found = (ast.FunctionDef, ast.ClassDef)
    return [
        (node.name, node.lineno) for node in ast.walk(ast.parse(text)) if isinstance(node, found)
    ]


def test_no_constant_of_the_firmware_is_missed(
    firmware: tuple[dict[str, str], dict[str, str]],
) -> None:
    """Whatever is still read in capitals is still defined."""
    _, texts = firmware
    trees = {name: ast.parse(text) for name, text in texts.items()}
    defined = {name: set(_set(tree)) for name, tree in trees.items()}
    for name, tree in trees.items():
        modules = dict(_ours(tree, texts))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id.isupper():
                assert node.id in defined[name], (name, node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                of = modules.get(node.value.id)
                if of and node.attr.isupper():
                    assert node.attr in defined[of], (name, of, node.attr)


def _set(tree: ast.Module) -> Iterator[str]:
    """Each name that a module binds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name


def _ours(tree: ast.Module, texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(local name, full name) of each module of ours that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in texts:
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def test_most_constants_are_gone(firmware: tuple[dict[str, str], dict[str, str]]) -> None:
    sources, texts = firmware
    before = sum(len(text) for text in sources.values())
    assert "OUT_OF_RANGE" not in texts["mesofw.core.program"]
    assert "OUT_OF_RANGE = 204" in sources["mesofw.core.errors"]
    assert "mesofw.board.pins" not in texts["mesofw.board.parts"]
    assert sum(len(text) for text in texts.values()) < before
