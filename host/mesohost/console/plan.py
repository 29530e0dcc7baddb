"""A session while it is prepared: everything that was chosen so far, whole or not.

It is written down after each change, so that a console or browser that is gone loses nothing, and
read as a program file is: core's own check says what is missing or wrong, with the field's path.
"""

import datetime
from pathlib import Path
from typing import Any

import msgspec

from mesohost import files
from mesohost.clinic import bodies
from mesohost.console.rehearsing import Rehearsed
from mesohost.program import FileFault, Loaded, Program
from mesohost.program.faults import placed
from mesohost.program.judge import judge
from mesohost.program.model import Zone, from_records
from mesohost.program.sections import read_sections
from mesohost.program.tables import LIMITS
from mesohost.troubles import FileTrouble

FILE = "plan.json"
# The steps of preparing, in their order.
PATIENT, SCREENING, PRODUCTS, TEST, ZONES, REHEARSE = STEPS = (
    "patient", "screening", "products", "test", "zones", "rehearse",
)  # fmt: skip
_LIMIT_DEFAULTS = {column.name: column.default for column in LIMITS}


class PlannedIngredient(msgspec.Struct):
    """What a product has in it, as a program file writes it."""

    name: str
    strength: str
    limit: str


class PlannedProduct(msgspec.Struct):
    """A product: its share of the mixture, and lot and expiry (YYYY-MM-DD) of what is really used,
    empty until they were typed or scanned. `gtin` is what a scan said."""

    name: str
    share: str
    lot: str = ""
    expiry: str = ""
    gtin: str = ""
    ingredients: list[PlannedIngredient] = []


class PlannedZone(msgspec.Struct):
    """A zone: where on the body (`area` of the clinic's, empty where that was not said), how large,
    how densely, and how. Lengths in µm, volumes in nl, its size in mm²; the last four fields go
    over as they are from the protocol."""

    name: str
    mode: str
    layer: str
    depth_um: int
    volume_nl: int
    shots: int
    rate_per_min: int
    area: str = ""
    area_mm2: int = 0
    spacing_um: int = 0
    angle_deg: int = 90
    per_pull: int = 0
    flow_nl_s: int = 0
    dwell_ms: int = 0


class Plan(msgspec.Struct):
    """The session that is being prepared. `protocol` and `version` name what it began with,
    `patient_id` and `course` are the archive's, 0 before they are chosen; `how` is one of the
    clinic's ways of giving a session. `reasons` say why limits are passed, by the limits' names."""

    how: str = bodies.GUN
    protocol: str = ""
    version: int = 0
    protocol_sha256: str = ""
    title: str = ""
    patient: str = ""
    patient_id: int = 0
    course: int = 0
    number: int = 1
    of: int = 1
    answers: dict[str, bool] = {}
    overrides: dict[str, str] = {}
    syringe: str = ""
    needle: str = ""
    length_um: int = 0
    pins: int = 1
    viscosity_upa_s: int = 1_000
    purpose: str = "treatment"
    hard: dict[str, int] = {}
    soft: dict[str, int] = {}
    products: list[PlannedProduct] = []
    zones: list[PlannedZone] = []
    step: str = PATIENT
    rehearsed: str = ""
    outcome: Rehearsed | None = None
    reasons: dict[str, str] = {}


def from_program(program: Program) -> Plan:
    """A plan that begins with a program's settings; lots and expiries are to be filled in."""
    limits = [
        {name: value for name, value in msgspec.structs.asdict(one).items()
         if value != _LIMIT_DEFAULTS[name]}
        for one in (program.hard, program.soft)
    ]  # fmt: skip
    products = [
        PlannedProduct(
            product.name,
            f"{product.share_ppm / 10_000:g} %",
            ingredients=[
                PlannedIngredient(one.name, f"{one.strength_ug_ml / 1000:g} mg/mL",
                                  f"{one.limit_ug / 1000:g} mg")
                for one in product.ingredients
            ],
        )
        for product in program.products
    ]  # fmt: skip
    return Plan(
        title=program.title, syringe=program.syringe, needle=program.needle,
        length_um=program.length_um, pins=program.pins, viscosity_upa_s=program.viscosity_upa_s,
        purpose=program.purpose, hard=limits[0], soft=limits[1], products=products,
        zones=[_zone(zone) for zone in program.zones],
    )  # fmt: skip


def tables(plan: Plan) -> dict[str, Any]:
    """The plan as the tables of a program file, so that faults have that file's paths."""
    return {
        "title": plan.title,
        "patient": plan.patient,
        "syringe": plan.syringe,
        "viscosity": f"{plan.viscosity_upa_s / 1000:g} mPa·s",
        "purpose": plan.purpose,
        "needle": {"gauge": plan.needle, "length": _mm(plan.length_um), "pins": plan.pins},
        "limits": {"hard": _limits(plan.hard), "soft": _limits(plan.soft)},
        "products": [_product(product) for product in plan.products],
        "zones": [_zone_table(zone) for zone in plan.zones],
    }


def checked(plan: Plan, today: datetime.date) -> Loaded:
    """The plan as a program, or all that is wrong with it; products that expired before `today`
    are faults."""
    draft = read_sections(tables(plan))
    verdict = judge(draft, today.year * 10000 + today.month * 100 + today.day)
    faults = tuple(placed(flaw, "", None, at) for at, flaw in (*draft.flaws, *verdict.flaws))
    warnings = tuple(placed(flaw, "", None, at, soft=True) for at, flaw in verdict.warnings)
    if faults:
        return Loaded("", None, faults, warnings)
    program = from_records((section.kind, section.record) for section in draft.sections)
    return Loaded("", program, (), warnings)


def within(faults: tuple[FileFault, ...], start: str) -> list[FileFault]:
    """Those faults whose path begins so."""
    return [fault for fault in faults if fault.at.startswith(start)]


def keep(plan: Plan, folder: Path) -> None:
    """Write a plan down, durably. Raises FileTrouble."""
    try:
        files.create(folder / FILE, msgspec.json.encode(plan))
    except OSError as error:
        raise FileTrouble(
            f"{folder / FILE} cannot be written: {error.strerror}",
            ["make room on the disk, or check the folder's permissions; what stands here is kept "
             "until the page is closed"],
        ) from error  # fmt: skip


def kept(folder: Path) -> Plan:
    """The plan that was written down last; a new one where there is none, or none that is whole."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Plan)
    except (OSError, msgspec.DecodeError):
        return Plan()


def forget(folder: Path, sha256: str) -> None:
    """Begin with a new plan where the one that was kept is of this program: it was carried out."""
    if sha256 and kept(folder).rehearsed == sha256:
        keep(Plan(), folder)


def _zone(zone: Zone) -> PlannedZone:
    return msgspec.convert(msgspec.to_builtins(zone), PlannedZone)


def _mm(length_um: int) -> str:
    return f"{length_um / 1000:g} mm"


def _limits(limits: dict[str, int]) -> dict[str, Any]:
    return {
        name.removesuffix("_nl"): _volume(value) if name.endswith("_nl") else value
        for name, value in limits.items()
    }


def _volume(volume_nl: int) -> str:
    return f"{volume_nl / 1000:.10g} µL"


def _product(product: PlannedProduct) -> dict[str, Any]:
    table: dict[str, Any] = {"name": product.name, "share": product.share}
    if product.lot:
        table["lot"] = product.lot
    if product.expiry:
        try:
            table["expiry"] = datetime.date.fromisoformat(product.expiry)
        except ValueError:
            table["expiry"] = product.expiry
    if product.ingredients:
        table["ingredients"] = [msgspec.to_builtins(one) for one in product.ingredients]
    return table


def _zone_table(zone: PlannedZone) -> dict[str, Any]:
    table: dict[str, Any] = {
        "name": zone.name, "mode": zone.mode, "layer": zone.layer, "depth": _mm(zone.depth_um),
        "shots": zone.shots, "rate": f"{zone.rate_per_min} /min", "angle": f"{zone.angle_deg}°",
    }  # fmt: skip
    if zone.volume_nl:
        table["volume"] = _volume(zone.volume_nl)
    if zone.per_pull:
        table["per_pull"] = zone.per_pull
    if zone.flow_nl_s:
        table["flow"] = f"{zone.flow_nl_s / 1000:.10g} µL/s"
    if zone.dwell_ms:
        table["dwell"] = f"{zone.dwell_ms / 1000:.10g} s"
    return table


def copied(zone: PlannedZone) -> PlannedZone:
    """A zone like another."""
    return msgspec.structs.replace(zone)
