"""The program's facts in a report, and what the session gave of each product's ingredients."""

import datetime
from typing import Any

from mesofw.core import fields
from mesofw.core import program as core
from mesohost.program.model import Product, Program
from mesohost.report.model import Figures, IngredientUse, Moment, ProductUse, ProgramFacts
from mesohost.troubles import Trouble

_core: Any = core


class ProgramMismatch(Trouble):
    """The program given is not the one that the session was run with."""


def check_program_is(program: Program, sha256: str, ids: set[int]) -> None:
    """Raise ProgramMismatch where `program`, whose text had the hash `sha256` when it was loaded,
    is not the one that the records name.

    `ids` are the first four bytes of its SHA-256, as numbers, that the session's records carry.
    """
    if ids == {int(sha256[:8], 16)}:
        return
    named = " and ".join(f"{number:08x}" for number in sorted(ids))
    raise ProgramMismatch(
        f"the session was run with program {named}, the file holds program {sha256[:8]} "
        f'("{program.title}")',
        ["give the file that was loaded then, unchanged", "leave --program out"],
    )


def program_facts(program: Program, sha256: str, total: Figures, when: Moment) -> ProgramFacts:
    """The program's facts; `total` and `when` are the session's."""
    return ProgramFacts(
        sha256=sha256,
        title=program.title,
        patient=program.patient,
        syringe=program.syringe,
        needle=f"{program.needle}, {fields.show('length_um', program.length_um)}"
        + (f", {program.pins} pins" if program.pins > 1 else ""),
        products=tuple(_product(product, total, when) for product in program.products),
    )


def _product(product: Product, total: Figures, when: Moment) -> ProductUse:
    share_ppm = product.share_ppm
    return ProductUse(
        name=product.name,
        lot=product.lot,
        expiry=_core.date_text(product.expiry),
        share_ppm=share_ppm,
        expired=None if when.unix_s is None else _ymd(when.unix_s) > product.expiry,
        ingredients=tuple(
            IngredientUse(
                entry.name,
                _core.ingredient_ug(total.delivered_most_nl, share_ppm, entry.strength_ug_ml),
                entry.limit_ug,
            )
            for entry in product.ingredients
        ),
    )


def _ymd(unix_s: float) -> int:
    day = datetime.datetime.fromtimestamp(int(unix_s), datetime.UTC)
    return day.year * 10_000 + day.month * 100 + day.day
