"""Heads of a gun's log: what the gun said its newest record's chain link was, each time it was
pulled.

An unkeyed chain shows accidents; whoever writes all of it anew is shown only by a head that was
noted before. So heads stand beside the records, and are only ever added to.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from mesofw.core import records as core

if TYPE_CHECKING:
    from mesohost.archive.held import Held

_core: Any = core


class Head(msgspec.Struct, frozen=True):
    """The chain link (32 hex digits) of record `number`, as the gun told it."""

    number: int
    head: str


def contradicted(heads: Iterable[Head], held: "Iterable[Held]") -> list[Head]:
    """Those heads whose record is held with another chain link."""
    wanted = list(heads)
    numbers = {head.number for head in wanted}
    links = {one.number: _core.digest(one.raw).hex() for one in held if one.number in numbers}
    return [head for head in wanted if links.get(head.number, head.head) != head.head]
