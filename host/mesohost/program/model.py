"""The session program in typed form, its canonical text and back.

Names are core's, so each number carries its unit. The canonical text is one JSON line a section in
the order program, hard, soft, each product followed by its ingredients, zones: every field written
out, in the order of core's tables. Equal programs have equal bytes, and so an equal SHA-256.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from mesofw.core import errors
from mesohost.program.tables import Judge, Record, core, names, numbered, section_line


class Ingredient(msgspec.Struct, frozen=True):
    """An ingredient of a product: its strength, and the most that a session may give of it."""

    name: str
    strength_ug_ml: int
    limit_ug: int


class Product(msgspec.Struct, frozen=True):
    """A product of the mixture; `expiry` is its last day, yyyymmdd."""

    name: str
    lot: str
    expiry: int
    share_ppm: int
    ingredients: tuple[Ingredient, ...] = ()


class Limits(msgspec.Struct, frozen=True):
    """The most a shot, a zone, the session and a needle may give."""

    shot_nl: int
    zone_nl: int
    session_nl: int
    needle_shots: int


class Zone(msgspec.Struct, frozen=True):
    """One zone: where, how, how deep, how much a shot, how many."""

    name: str
    mode: str
    layer: str
    depth_um: int
    angle_deg: int
    volume_nl: int
    shots: int
    rate_per_min: int
    per_pull: int
    flow_nl_s: int
    dwell_ms: int

    @property
    def total_nl(self) -> int:
        """What the whole zone gives."""
        return self.volume_nl * self.shots


class Fillings(msgspec.Struct, frozen=True):
    """How many syringes a session takes, after how many of its shots each is changed for the next,
    and the most shots of one needle, which is new with each syringe."""

    syringes: int
    changes: tuple[int, ...]
    needle_shots: int


class Program(msgspec.Struct, frozen=True):
    """A whole session program. `hard` limits are refused, `soft` ones are confirmed."""

    format: int
    title: str
    patient: str
    syringe: str
    needle: str
    length_um: int
    pins: int
    viscosity_upa_s: int
    purpose: str
    hard: Limits
    soft: Limits
    products: tuple[Product, ...]
    zones: tuple[Zone, ...]

    @property
    def shots(self) -> int:
        """Shots of all zones."""
        return sum(zone.shots for zone in self.zones)

    @property
    def total_nl(self) -> int:
        """What all zones give, dry ones nothing."""
        return sum(zone.total_nl for zone in self.zones)

    @property
    def text(self) -> bytes:
        """The canonical text: what is loaded into the gun and hashed."""
        return b"".join(section_line(kind, record) for kind, record in records(self))

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical text, in lower-case hex."""
        return hashlib.sha256(self.text).hexdigest()

    @property
    def warnings(self) -> tuple[errors.Fault, ...]:
        """Where the program passes a soft limit: what the operator has to confirm on the gun."""
        return tuple(_checked(records(self)).warnings)

    @property
    def fillings(self) -> Fillings:
        """The plan of the syringes, of a program that has no faults."""
        plan = _checked(records(self)).fillings
        return Fillings(plan.syringes, tuple(plan.changes), plan.needle_shots)

    @property
    def training(self) -> bool:
        """Whether the session is for practice: all of it but motion."""
        return self.purpose == core.TRAINING


def records(program: Program) -> Iterator[tuple[str, Record]]:
    """(kind, record) of every section, in canonical order."""
    yield "program", _record("program", program)
    yield "hard", _record("hard", program.hard)
    yield "soft", _record("soft", program.soft)
    for product in program.products:
        yield "product", _record("product", product)
        for ingredient in product.ingredients:
            yield "ingredient", _record("ingredient", ingredient)
    for zone in program.zones:
        yield "zone", _record("zone", zone)


def from_records(pairs: Iterable[tuple[str, Record]]) -> Program:
    """The program of checked (kind, record) pairs in canonical order."""
    head: dict[str, Any] = {}
    products: list[dict[str, Any]] = []
    zones: list[Record] = []
    for kind, record in pairs:
        if kind == "program":
            head.update(record)
        elif kind == "product":
            products.append({**record, "ingredients": []})
        elif kind == "ingredient":
            products[-1]["ingredients"].append(record)
        elif kind == "zone":
            zones.append(record)
        else:
            head[kind] = record
    return msgspec.convert({**head, "products": products, "zones": zones}, Program)


def from_text(text: bytes) -> Program:
    """The program of a canonical text, as a gun or an archive holds it; expiry is not judged.

    Raises core's `Refused` with `BROKEN_PROGRAM` where the text is damaged or not canonical, or
    with the first fault of a program that core would not take.
    """
    pairs: list[tuple[str, Record]] = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            pairs.append(core.parse_line(line))
        except (ValueError, RecursionError) as wrong:
            raise _broken(f"line {number}", "no section") from wrong
    checked = _checked(pairs)
    if checked.faults:
        raise errors.Refused(checked.faults[0])
    try:
        program = from_records(pairs)
    except (IndexError, msgspec.ValidationError) as wrong:
        raise _broken("program", "sections that do not belong together") from wrong
    if program.text != text:
        raise _broken("program", "text that is not canonical")
    return program


def _record(kind: str, struct: msgspec.Struct) -> Record:
    return {name: getattr(struct, name) for name in names(kind)}


def _checked(pairs: Iterable[tuple[str, Record]]) -> Any:
    checker = Judge()
    place = _Places()
    for kind, record in pairs:
        checker.add(kind, record, place.of(kind))
    checker.finish()
    return checker


class _Places:
    """The paths of sections that come one after the other, as they would be in a file."""

    def __init__(self) -> None:
        self._count = {"product": 0, "ingredient": 0, "zone": 0}

    def of(self, kind: str) -> str:
        """The path before the fields of the next section, which is of this kind."""
        if kind not in self._count:
            return f"limits.{kind}." if kind != "program" else "program."
        number = self._count[kind]
        self._count[kind] = number + 1
        if kind == "product":
            self._count["ingredient"] = 0
        if kind != "ingredient":
            return numbered(kind + "s", number)
        return numbered("products", self._count["product"] - 1) + numbered("ingredients", number)


def _broken(at: str, found: str) -> errors.Refused:
    return errors.refuse(errors.BROKEN_PROGRAM, at, found, "canonical lines of a program")
