"""Private names become few before the firmware is compiled for MicroPython."""

import ast
from pathlib import Path

import pytest

import mesofw
from mesosim.privates import NAMES, fewer

ROOT = Path(mesofw.__file__).parent


def other(text: str) -> str:
    return fewer({"one": text})["one"]


def test_private_attributes_have_the_same_few_names_in_each_class() -> None:
    text = (
        "class A:\n    def f(self):\n        self._size = self._count + self.size\n"
        "class B:\n    def f(self):\n        self._other = 1\n"
    )
    assert other(text) == (
        "class A:\n    def f(self):\n        self.rindex = self.popitem + self.size\n"
        "class B:\n    def f(self):\n        self.popitem = 1\n"
    )


def test_an_attribute_is_called_the_same_in_all_classes_that_have_it() -> None:
    """Whichever of them an object is of."""
    text = "class %s:\n    def f(self):\n        self._gun = self._%s\n"
    texts = fewer({"one": text % ("A", "first"), "two": text % ("B", "second")})
    names = [{node.attr for node in ast.walk(ast.parse(one)) if isinstance(node, ast.Attribute)}
             for one in texts.values()]  # fmt: skip
    assert len(names[0] & names[1]) >= 1
    assert all(len(one) == 2 for one in names)


def test_classes_that_inherit_one_share_no_name() -> None:
    text = (
        "class A:\n    def f(self):\n        self._size = 1\n"
        "class B(A):\n    def g(self):\n        self._other = self._size\n"
        "class C(A):\n    def g(self):\n        self._third = 1\n"
    )
    now = {
        node.attr for node in ast.walk(ast.parse(other(text))) if isinstance(node, ast.Attribute)
    }
    assert now == {"popitem", "rindex", "lstrip"}


def test_private_values_at_the_top_too() -> None:
    text = "_TABLE = (1, 2)\n_WORDS = {}\nTABLE = 3\ndef f():\n    return _TABLE, _WORDS\n"
    now = "popitem = (1, 2)\nrindex = {}\nTABLE = 3\ndef f():\n    return popitem, rindex\n"
    assert other(text) == now


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    def _f(self):\n        self._f()\n",
        "class A:\n    _kind = 1\n    def f(self):\n        return self._kind\n",
        "class A(B):\n    def f(self):\n        return self._size\n",
        "class B(C):\n    pass\nclass A(B):\n    def f(self):\n        return self._size\n",
        "class A:\n    def f(self, one):\n        return self._size - one._size\n",
        "class A:\n    def f(self):\n        return self._size, hasattr(self, '_size')\n",
        "_last = 1\ndef f():\n    global _last\n    _last = 2\n",
        "_size = 1\ndef f(_size):\n    return _size\n",
        "def _f():\n    pass\n",
    ],
)
def test_what_others_may_mean_or_a_traceback_shows_stays(text: str) -> None:
    assert other(text) == text


def test_what_another_module_reads_stays() -> None:
    texts = {"one": "_TABLE = (1, 2)\n", "two": "from one import _TABLE\n"}
    assert fewer(texts) == texts
    texts = {"one": "_TABLE = (1, 2)\n", "two": "import one\nx = one._TABLE\n"}
    assert fewer(texts) == texts


def test_a_name_that_is_there_already_is_not_given() -> None:
    text = "class A:\n    def f(self, one):\n        self._size = one.popitem\n        rindex = 1\n"
    assert "self.lstrip = one.popitem" in other(text)


def test_lines_and_other_alphabets_stay_where_they_are() -> None:
    text = "_MICRO = ['µ']\nclass A:\n    def f(self):\n        return 'µ', self._size, _MICRO\n"
    now = "popitem = ['µ']\nclass A:\n    def f(self):\n        return 'µ', self.popitem, popitem\n"
    assert other(text) == now


def test_the_firmware_does_the_same_with_them() -> None:
    """Under other names no class and no module has two that were two become one."""
    sources = {path.as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}
    texts = fewer(sources)
    before, after = set[str](), set[str]()
    for name, text in sources.items():
        pairs = _pairs(text, texts[name])
        for was, now in pairs["attribute"].items():
            assert now == was or now in NAMES
            before.add(was)
            after.add(now)
        for kind, renamed in pairs.items():
            assert len(set(renamed.values())) == len(renamed) or kind == "attribute", name
    assert len(before) - len(after) > 100


def _pairs(was: str, now: str) -> dict[str, dict[str, str]]:
    """What each attribute and each name of a module is called now; nothing else differs."""
    pairs: dict[str, dict[str, str]] = {"attribute": {}, "name": {}}
    one, two = ast.parse(was), ast.parse(now)
    for old, new in zip(ast.walk(one), ast.walk(two), strict=True):
        assert type(old) is type(new)
        assert getattr(old, "lineno", 0) == getattr(new, "lineno", 0)
        for kind, node in (("attribute", ast.Attribute), ("name", ast.Name)):
            if isinstance(old, node):
                field = "attr" if kind == "attribute" else "id"
                told = pairs[kind].setdefault(getattr(old, field), getattr(new, field))
                assert told == getattr(new, field)
    for node in ast.walk(one):
        if isinstance(node, ast.ClassDef):
            own = {
                part.attr
                for part in ast.walk(node)
                if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "self"
            }
            assert len({pairs["attribute"][one] for one in own}) == len(own), node.name
    return pairs
