"""What the console says, by language: one TOML file under `texts` for each.

English is the measure: a language is complete where it has every key of English, with the same
placeholders. Causes and remedies of core's codes are core's own in English, and in each other
language under `cause` and `remedy` by the code's name.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any, cast

from mesofw.core import errors, fields

MEASURE = "en"
_FOLDER = "texts"
_POINT = "decimal_point"


class Texts:
    """The texts of one language. `code` is its tag, as in `lang="fr"`."""

    def __init__(self, code: str, table: Mapping[str, str]):
        self.code = code
        self._table = table

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its placeholders filled in. Raises KeyError for an unknown key:
        a test finds those."""
        return self._table[key].format(**values)

    def of(self, group: str, name: str) -> str:
        """The text of a name that data brings, such as a zone's; the name itself where the
        catalogue has none."""
        return self._table.get(f"{group}.{name}", name)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self._table

    def cause(self, code: int) -> str:
        """What a code of core's means."""
        return self._table.get(f"cause.{errors.name(code)}") or errors.cause(code)

    def remedy(self, code: int) -> str:
        """What to do about it; empty where nothing is to be done."""
        return self._table.get(f"remedy.{errors.name(code)}") or errors.remedy(code)

    def show(self, name: str, value: int) -> str:
        """A quantity of the field `name` with its unit, as this language writes numbers."""
        return fields.show(name, value).replace(".", self._table[_POINT])

    def keys(self) -> set[str]:
        """All keys."""
        return set(self._table)

    def placeholders(self, key: str) -> set[str]:
        """The names that a text wants filled in."""
        return {name for _, name, _, _ in Formatter().parse(self._table[key]) if name is not None}


def codes() -> list[int]:
    """The codes that have a cause to tell, each with its remedy where there is one."""
    from mesofw.core import texts

    return list(texts.TEXT)


@cache
def languages() -> dict[str, Texts]:
    """Every language that has a file, English first."""
    files = resources.files("mesohost.console") / _FOLDER
    found = {
        file.name.removesuffix(".toml"): Texts(
            file.name.removesuffix(".toml"), _flat(tomllib.loads(file.read_text("utf-8")))
        )
        for file in files.iterdir()
        if file.name.endswith(".toml")
    }
    return dict(sorted(found.items(), key=lambda one: (one[0] != MEASURE, one[0])))


def speak(code: str) -> Texts:
    """The texts of a language; English where there is no such one."""
    return languages().get(code) or languages()[MEASURE]


def preferred(accept: str) -> str:
    """The first language of an Accept-Language header that there is a catalogue for."""
    for part in accept.split(",")[:20]:
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in languages():
            return tag
    return MEASURE


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested tables as dotted keys. Raises ValueError for what is no text."""
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(cast(dict[str, Any], value), f"{prefix}{key}.")
        elif isinstance(value, str):
            flat[prefix + key] = value
        else:
            raise ValueError(f"{prefix}{key}: a text is wanted")
    return flat
