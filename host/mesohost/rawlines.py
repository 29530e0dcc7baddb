"""Requests as an engineer types them, and what the gun answers as an engineer reads it.

A line is `name key=value …`, `name {JSON}`, or a whole message `{"r": name, "a": {…}}`. What is
typed is sent as it is: the gun is the judge of names, kinds and bounds.
"""

import difflib
import json
import shlex
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from mesofw.core import errors, fields, meanings
from mesofw.core.seen import SWITCHES
from mesohost.doctor import faults
from mesohost.exchange import Reply
from mesohost.troubles import GunRefused, Trouble

_fields: Any = fields
_meanings: Any = meanings
TABLE: dict[str, tuple[tuple[Any, ...], Any]] = _meanings.REQUESTS
_DOCS: dict[str, str] = meanings.MEANINGS["request"]
_HEX_SHOWN = 96
HELP = (
    'a request: NAME key=value …, NAME {"key": value}, or {"r": NAME, "a": {…}}',
    "help: all requests; help NAME: one of them; help CODE: an error",
    "quit: the end",
)


def read(line: str) -> tuple[str, dict[str, Any]]:
    """(name, arguments) of a typed line. Raises Trouble where it is no request."""
    line = line.strip()
    if line.startswith("{"):
        whole = _json(line, _Message)
        return whole.r, whole.a
    name, _, rest = line.partition(" ")
    rest = rest.strip()
    if rest.startswith("{"):
        return name, _json(rest, dict[str, Any])
    try:
        words = shlex.split(rest)
    except ValueError as error:
        raise Trouble(f"{rest}: {error}", ['close the quotes: key="a text"']) from error
    return name, dict(_pair(name, word) for word in words)


class _Message(msgspec.Struct):
    r: str
    a: dict[str, Any] = {}


_Kind = TypeVar("_Kind")


def _json(text: str, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise Trouble(
            f"this is no request: {error}",
            ['write it as NAME {"key": value}, or as {"r": NAME, "a": {"key": value}}'],
        ) from error


def _pair(name: str, word: str) -> tuple[str, Any]:
    key, equals, text = word.partition("=")
    if not equals or not key:
        raise Trouble(f"{word} is no argument", ["write it as key=value"])
    kinds = {field.name: field.kind for field in TABLE.get(name, ((), None))[0]}
    if kinds.get(key, fields.INT) != fields.INT:
        return key, text
    try:
        return key, json.loads(text)
    except ValueError:
        return key, text


def names() -> list[str]:
    """Every request that this release knows."""
    return sorted(TABLE)


def arguments_of(name: str) -> list[str]:
    """The names of a request's arguments."""
    return [field.name for field in TABLE[name][0]] if name in TABLE else []


def help_of(word: str) -> list[str]:
    """What there is, or what one request takes, or what an error's code or name means."""
    if not word:
        rows = [(name, " ".join(f"{key}=" for key in arguments_of(name))) for name in names()]
        return [*HELP, "", *(f"  {name:<12} {keys}".rstrip() for name, keys in rows)]
    if word in TABLE:
        table = TABLE[word][0]
        rows = [f"  {one.name:<12} {_fields.allowed(one)}{_left_out(one)}; {_DOCS[one.name]}"
                for one in table]  # fmt: skip
        return [f"{word}: no arguments"] if not rows else [f"{word}:", *rows]
    code = next((code for code, name in errors.names().items() if word in (name, str(code))), None)
    if code is not None:
        return [f"{code} {errors.name(code)}: {errors.cause(code)}", *_to_do(errors.remedy(code))]
    near = difflib.get_close_matches(word, names(), n=1)
    hint = f"did you mean {near[0]}?" if near else "help alone lists what there is"
    return [f"there is no request and no error {word!r}; {hint}"]


def _left_out(field: Any) -> str:
    return "" if field.default is None else ", or left out"


def _to_do(remedy: str) -> list[str]:
    return [f"    to do: {remedy}"] if remedy else []


def told(reply: Reply) -> list[str]:
    """A reply, a line for each field: as it is on the wire, and as people read it."""
    if not reply:
        return ["ok"]
    width = max(map(len, reply))
    return [f"{key:<{width}}  {_value(key, value)}" for key, value in reply.items()]


def _value(key: str, value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    if type(value) is not int:
        return text
    meant = _MEANT[key](value) if key in _MEANT and value else _fields.show(key, value)
    return text if meant == text else f"{text}  ({meant})"


def _code(value: int) -> str:
    return f"{errors.name(value)}: {errors.cause(value)}"


def _switches(value: int) -> str:
    return ", ".join(name for bit, name in enumerate(SWITCHES) if value >> bit & 1)


def _parts(value: int) -> str:
    return ", ".join(name for bit, (name, _) in faults.PARTS.items() if value & bit)


# What a number of these names stands for.
_MEANT: dict[str, Callable[[int], str]] = {
    "trouble": _code,
    "switches": _switches,
    "faulty": _parts,
}


def refused(refusal: GunRefused) -> list[str]:
    """A refusal with its code, so that it can be looked up."""
    return [f"refused, {refusal.code}: {refusal}"]


def data(number: int, raw: bytes) -> str:
    """A line of data that came before a reply."""
    more = "…" if len(raw) > _HEX_SHOWN else ""
    return f"data {number}: {len(raw)} bytes, {raw[:_HEX_SHOWN].hex()}{more}"


def completions(line: str, word: str) -> list[str]:
    """How the word that ends a line may go on."""
    first, *rest = line.split() or [""]
    if not rest and not line.endswith(" "):
        return [f"{name} " for name in [*names(), "help", "quit"] if name.startswith(word)]
    if first == "help":
        return [name for name in names() if name.startswith(word)]
    keys = [f"{key}=" for key in arguments_of(first)]
    return [key for key in keys if key.startswith(word) and key not in line]
